package commandline

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// TestShowIsTheCard: whoever decides at the command line reads what the card shows, people and groups by name.
func TestShowIsTheCard(t *testing.T) {
	s := openStanding(t, 1)
	n := s.ask(t, "jane@acme.example")
	card := view.Card(s.state(t, n)).Text
	a := s.usher(t, "show", "#1")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	for _, line := range strings.Split(card, "\n") {
		words := strings.NewReplacer("<@U0ALICE>", "Alice", "<@U0BOB>", "Bob", "<!subteam^S0LEADS>", "@leads").Replace(line)
		words, _, _ = strings.Cut(words, "<!date") // a time is said in UTC here
		require.Contains(t, a.Out, words)
	}
	require.Contains(t, a.Out, "#1 · SE Ranking seat for jane@acme.example — pending\n")
	require.Contains(t, a.Out, "“launch”\n")
	require.Contains(t, a.Out, "Bob or anyone in @leads")
	require.True(t, strings.HasSuffix(a.Out, "\n\nDecide with `usher approve 1` or `usher deny 1 --reason \"…\"`.\n"), a.Out)
	for _, id := range []string{"U0ALICE", "U0BOB", "S0LEADS"} {
		require.NotContains(t, a.Out, id)
	}

	require.Equal(t, terminal.ExitDone, s.usher(t, "deny", "1", "--reason", "no budget this year").Code)
	a = s.usher(t, "show", "1")
	require.Contains(t, a.Out, "— denied\n")
	require.Contains(t, a.Out, "“no budget this year”\n")
	require.NotContains(t, a.Out, "Decide with")
	var r approvals.Request
	require.NoError(t, json.Unmarshal([]byte(s.usher(t, "show", "1", "--json").Out), &r))
	require.Equal(t, "no budget this year", r.Refusal)
	require.Equal(t, world.Answered(terminal.ExitFailed, "", "usher: There's no request #99. usher requests --all lists what there is.\n"), s.usher(t, "show", "99"))
	require.Equal(t, terminal.ExitWrong, s.usher(t, "show", "x").Code)
}

// TestTheCommandLineShowsWhatWasAskedAndAnswered before it is decided, all of it.
func TestTheCommandLineShowsWhatWasAskedAndAnswered(t *testing.T) {
	s := openStanding(t, 1)
	n := s.ask(t, "jane@acme.example")
	for i := range approvals.MostQuestions {
		words := fmt.Sprintf("%d? %s", i+1, strings.Repeat("why ", 100))
		_, err := s.desk.Inquire(t.Context(), n, approvals.Question{By: "U0BOB", At: time.Now(), Words: words}, time.Now())
		require.NoError(t, err)
	}
	_, err := s.desk.Reply(t.Context(), n, 1, "U0ALICE", approvals.Answer{At: time.Now(), Words: "For the audit."}, time.Now())
	require.NoError(t, err)
	shown := s.usher(t, "show", "1").Out
	for _, says := range []string{"Bob asked 20", ": “1? why why", "Alice answered 20", ": “For the audit.”\n", "“20? why", "Alice hasn't answered yet.\n"} {
		require.Contains(t, shown, says)
	}
	var list []approvals.Request
	require.NoError(t, json.Unmarshal([]byte(s.usher(t, "requests", "--json").Out), &list))
	require.Len(t, list[0].Questions, approvals.MostQuestions)
	require.Equal(t, "For the audit.", list[0].Questions[0].Answer.Words)
}

// TestRefusalsAtTheCommandLineNamePeople: also a no says who may, by name, and works while Slack says nothing.
func TestRefusalsAtTheCommandLineNamePeople(t *testing.T) {
	s := openStanding(t, 1)
	s.desk.Policies[0].ExpiresAfter = time.Nanosecond
	n := s.ask(t, "jane@acme.example")
	require.Contains(t, s.usher(t, "approve", fmt.Sprint(n)).Errors, "Alice can ask again.")
	s.desk.Directory = standIn{lost: map[approvals.PersonID]bool{"U0ALICE": true}}
	require.Contains(t, s.usher(t, "approve", fmt.Sprint(n)).Errors, "person U0ALICE can ask again.")
	require.NotContains(t, s.usher(t, "approve", fmt.Sprint(n)).Errors, "@U0")
}

// TestShowSaysWhoseManagerDecides, by name; so do the list, and the audit log.
func TestShowSaysWhoseManagerDecides(t *testing.T) {
	s := openStanding(t, 1)
	s.desk.Policies[0].Approvers, s.desk.Managers = []string{approvals.Manager}, map[approvals.PersonID]approvals.PersonID{"U0ALICE": "U0BOB"}
	n := s.ask(t, "lee@globex.example")
	require.Contains(t, s.usher(t, "show", fmt.Sprint(n)).Out, "Bob (Alice's manager, by the configuration)")
	require.Contains(t, s.usher(t, "requests").Out, "Bob (manager)")
	log := s.usher(t, "audit", "export").Out
	require.Contains(t, log, `"why":["@U0BOB decides as @U0ALICE's manager, by the configuration"]`)
	require.Contains(t, log, `"manager":{"of":"U0ALICE","by":"U0BOB"}`)
}
