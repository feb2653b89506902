package apps

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// rewritten is the next life, under another file of the app.
func rewritten(t *testing.T, w *world.World, yml, app string) {
	w.End()
	require.NoError(t, os.WriteFile(filepath.Join("apps", "acme.yml"), []byte(app), 0o644))
	cfg, problems := config.Parse("usher.yml", []byte(yml))
	require.Empty(t, problems)
	w.Cfg = cfg
	w.Start()
}

// TestAFileThatChangesWhileARequestWaits: a request takes the steps as they are when it is approved, and keeps them whatever
// becomes of the file. Of an action that is gone it stays readable, and nobody's yes counts.
func TestAFileThatChangesWhileARequestWaits(t *testing.T) {
	page := parts(t)
	yml := folder(t, page, page[0])
	world.InScene(t, t, yml, func(w *world.World) {
		w.Start()
		approve := func() *slacksim.Delivery {
			return w.N.Slack.Click("U0ERIN", "C0APPROVE", w.CardFor("jane@acme.example").TS, "Approve")
		}
		w.Answered("U0ALICE", "create jane@acme.example Jane team=growth app=acme because she leads it")
		w.Pass(5 * time.Second)

		before, _, _ := strings.Cut(page[0], "  create:\n")
		_, after, _ := strings.Cut(page[0], "\n  delete:\n")
		rewritten(t, w, yml, before+"  delete:\n"+after)
		require.Contains(t, w.Hears("U0ERIN", approve), "Acme Board doesn't have `create` any more.")
		require.Contains(t, w.Answered("U0ALICE", "status 1"), "growth", "nothing is lost")

		rewritten(t, w, yml, strings.Replace(page[0], "      licence:\n        do: See that a licence is free.\n        where: Settings > Billing\n", "      order: Order a licence.\n", 1))
		approve().Wait()
		w.Pass(10 * time.Second)
		r := w.Request(1)
		require.Equal(t, approvals.Running, r.State)
		require.Equal(t, []string{"order", "invite", "accepted"}, keys(r))

		rewritten(t, w, yml, strings.Replace(page[0], "        do: \"Invite {email} as {role}, to the team {team}.\"\n", "        do: \"Invite {email} to {team}.\"\n", 1))
		r = w.Request(1)
		require.Equal(t, []string{"order", "invite", "accepted"}, keys(r), "what is under way keeps its steps")
		require.EqualValues(t, "Invite {email} to {team}.", r.TaskSteps()[1].Do, "in the words of now")
	})
}

func keys(r approvals.Request) (list []string) {
	for _, s := range r.TaskSteps() {
		list = append(list, s.Key)
	}
	return list
}
