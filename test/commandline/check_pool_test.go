package commandline

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
)

// TestCheckSaysWhereAPoolIsTooSmall for what is handed out: by the running Usher where one has the database, else by that itself.
func TestCheckSaysWhereAPoolIsTooSmall(t *testing.T) {
	w := newOutset(t, slacksim.Options{Scopes: web.Scopes()})
	sharing := func(pool string) {
		before, _, _ := strings.Cut(w.config, "  semrush:\n")
		before, _, _ = strings.Cut(before, "policies:\n")
		w.config = before + "  semrush:\n    kind: manual\n    template: semrush\n    owners: [U0BOB]\n    pool: " + pool + "\npolicies:\n  - name: seats\n    steps:\n      - approvers: [U0BOB, S0LEADS]\n"
	}
	sharing("{keywords: 1000}")
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Contains(t, table, "ok pool of semrush nothing is handed out yet: there's no database\n")

	s := openStanding(t, 1)
	cfg, problems := config.Parse("usher.yml", []byte(w.config))
	require.Empty(t, problems)
	s.desk.Apps = cfg.Catalog()
	for i, email := range []string{"jane@acme.example", "kim@acme.example"} {
		_, _, err := s.desk.Open(t.Context(), approvals.Ask{Origin: approvals.Origin{Key: email}, Requester: "U0ALICE", Action: catalog.Create, App: s.desk.Apps[1], Reason: "she plans",
			Change: approvals.Change{Email: email, Values: catalog.Values{{Key: "role", Items: []catalog.Item{{ID: "user"}}}, {Key: "keywords", Share: true, Items: []catalog.Item{{ID: "400"}}}}}}, time.Now())
		require.NoError(t, err)
		require.Equal(t, terminal.ExitDone, s.usher(t, "approve", []string{"1", "2"}[i]).Code)
	}
	s.desk.Tasking(time.Now).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: approvals.DeedKey(1)}})
	for i := range s.state(t, 1).Task.Steps {
		_, _ = s.desk.Tick(t.Context(), 1, i, approvals.Tick{By: approvals.OSUser("root"), Evidence: approvals.Evidence{Note: "done"}}, time.Now())
	}
	require.Equal(t, approvals.Done, s.state(t, 1).State)
	require.NoError(t, os.Chmod(s.dir, 0o700))
	w.data = s.dir
	look := func() {
		sharing("{keywords: 1000, site_audit_pages: 5}")
		_, table = w.check(t)
		require.Contains(t, table, "ok pool of semrush handed out or promised: 800 of 1,000 keywords, 0 of 5 site audit pages\n")
		sharing("{keywords: 700}")
		_, table = w.check(t)
		require.Contains(t, table, "warning pool of semrush more is handed out or promised than there is: 800 of 700 keywords, over by 100 → nobody loses anything, but no more of it can be given until it fits")
	}
	look()
	s.shut()
	look()
}
