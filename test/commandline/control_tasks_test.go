package commandline

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/terminal"
)

// office is an app that Bob carries out by hand.
func office() approvals.App {
	return approvals.App{ID: "office", Name: "The office", Owners: []string{"U0BOB"}, Due: 24 * time.Hour,
		Entry: &catalog.Entry{Kind: "office", Seat: catalog.Noun{One: "badge", Many: "badges"}, Actions: []catalog.Action{
			{Key: catalog.Create, Effect: catalog.Gives, New: true, Steps: []catalog.Step{
				{Key: "print", Do: "Print a badge for {email}"},
				{Key: "photo", Do: "Is there a photo?", Asks: "had_photo"},
				{Key: "picture", Do: "Take one", If: "not had_photo"},
				{Key: "give", Do: "Hand it over", Proof: catalog.Note},
			}}}}}
}

// openTask is a folder with a task in it, that is Bob's.
func openTask(t *testing.T) *standing {
	t.Helper()
	s := openStanding(t, 1)
	s.desk.Apps = append(s.desk.Apps, office())
	_, _, err := s.desk.Open(t.Context(), approvals.Ask{Origin: approvals.Origin{Key: "badge"}, Requester: "U0ALICE", Action: catalog.Create,
		App: office(), Change: approvals.Change{Email: "jane@acme.example"}, Reason: "she joins"}, time.Now())
	require.NoError(t, err)
	require.Contains(t, s.usher(t, "tick", "1", "print").Errors, "#1 isn't approved yet, so there's nothing to tick.")
	require.Equal(t, terminal.ExitDone, s.usher(t, "approve", "1").Code)
	s.desk.Tasking(time.Now).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: approvals.DeedKey(1)}})
	require.Equal(t, approvals.PersonID("U0BOB"), s.state(t, 1).Task.Owner)
	return s
}

// TestTasksAtTheCommandLine: what is open is listed with each of its steps, for people and for programs.
func TestTasksAtTheCommandLine(t *testing.T) {
	s := openStanding(t, 1)
	require.Equal(t, "No task is open.\n", s.usher(t, "tasks").Out)
	require.Equal(t, "[]\n", s.usher(t, "tasks", "--json").Out)
	s = openTask(t)
	said := s.usher(t, "tasks")
	require.Equal(t, terminal.ExitDone, said.Code, said.Errors)
	require.Regexp(t, `^#1 create for jane@acme\.example in office: Bob's, due in (1 d|23 h)`, said.Out)
	require.Regexp(t, `(?m)^  1 +print +Print a badge for jane@acme\.example +open$`, said.Out)
	require.Regexp(t, `(?m)^  3 +picture +Take one +waits for an answer$`, said.Out)
	require.Contains(t, said.Out, "Tick a step with `usher tick N STEP`, by its number or its key.")

	s.usher(t, "tick", "1", "photo", "--answer", "yes")
	s.usher(t, "tick", "1", "1", "--skip")
	var list []control.TaskText
	require.NoError(t, json.Unmarshal([]byte(s.usher(t, "tasks", "--json").Out), &list))
	require.Len(t, list, 1)
	require.Equal(t, "Bob", list[0].Owner)
	require.Equal(t, []int{2, 3}, []int{list[0].Done, list[0].Of})
	var states []string
	for _, step := range list[0].Steps {
		states = append(states, step.Key+": "+step.State)
	}
	require.Equal(t, []string{"print: not applicable", "photo: done", "picture: not needed", "give: open"}, states)
}

// TestTickingAtTheCommandLine: each step once, by its number or its key; what cannot be is said with what was expected, and changes
// nothing; and the last step ends it.
func TestTickingAtTheCommandLine(t *testing.T) {
	s := openTask(t)
	tick := func(args ...string) string {
		a := s.usher(t, append([]string{"tick"}, args...)...)
		return a.Out + a.Errors
	}
	for _, row := range []struct {
		says string
		args []string
	}{
		{"#1 has no step \"nowhere\". usher tasks lists its steps.", []string{"1", "nowhere"}},
		{"#1 has no step \"5\"", []string{"1", "5"}},
		{"There's no request #9.", []string{"9", "1"}},
		{"expected it alone, or with --note", []string{"1", "print", "--undo", "--skip"}},
		{"Step 1 of #1 isn't ticked, so there's nothing to undo.", []string{"1", "print", "--undo"}},
		{"answer it with yes or no", []string{"1", "photo"}},
		{"hangs on an earlier one", []string{"1", "picture"}},
		{"Step 4 ends #1, and step 1 is still open.", []string{"1", "give", "--note", "given"}},
		{"That link leads nowhere", []string{"1", "print", "--link", "nowhere"}},
	} {
		require.Contains(t, tick(row.args...), row.says)
	}
	require.Equal(t, "1 of 4 steps of #1 are done.\n", tick("1", "print"))
	require.Equal(t, "1 of 4 steps of #1 are done.\n", tick("1", "1"), "again it changes nothing")
	require.Equal(t, "0 of 4 steps of #1 are done.\n", tick("#1", "print", "--undo", "--note", "smudged"))
	require.Equal(t, "1 of 4 steps of #1 are done.\n", tick("1", "print"))
	require.Equal(t, "2 of 3 steps of #1 are done.\n", tick("1", "2", "--answer", "yes"))
	require.Contains(t, tick("1", "picture"), "doesn't apply here")
	require.Contains(t, tick("1", "give"), "needs a note")
	require.Equal(t, "#1 is done. I'll tell Alice.\n", tick("1", "give", "--note", "at the door"))
	require.Equal(t, approvals.Done, s.state(t, 1).State)
	require.Equal(t, me(t), s.state(t, 1).Task.Steps[3].Tick.By)
	require.Contains(t, tick("1", "print", "--skip"), "it's done")
	require.Equal(t, "No task is open.\n", s.usher(t, "tasks").Out)
	log := s.usher(t, "audit", "export").Out
	for _, what := range []string{`"what":"step ticked"`, `"what":"step undone"`, "smudged", "at the door"} {
		require.Contains(t, log, what)
	}
}
