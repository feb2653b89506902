package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// owedAt is when a promise among changes is due; false: there is none.
func owedAt(changes []outbox.Change, key string) (time.Time, bool) {
	for _, c := range changes {
		if c.Put != nil && c.Put.Key == key {
			return c.Put.Due, true
		}
	}
	return time.Time{}, false
}

// TestWhoAskedSeesHowFarItIs: at once when it begins and when it's over, a moment after a tick, so that several make one drawing;
// nothing where nothing of it changed, and nothing where they do it themselves.
func TestWhoAskedSeesHowFarItIs(t *testing.T) {
	w := approvedWork(t, catalog.Create, "U0BOB")
	r, changes, err := Step(w.known(w.book.r), Assigned{To: "U0BOB"}, noon)
	require.NoError(t, err)
	due, owed := owedAt(changes, ProgressKey(12))
	require.True(t, owed)
	require.False(t, due.After(noon))
	require.True(t, r.Progressing())

	tick := func(r Request, step int, answer string) (Request, []outbox.Change) {
		r, changes, err := Step(r, Ticked{Step: step, Tick: Tick{By: "U0BOB", At: noon, Answer: answer, Evidence: Evidence{Note: "so"}}}, noon)
		require.NoError(t, err)
		return r, changes
	}
	r, changes = tick(r, 0, "")
	due, owed = owedAt(changes, ProgressKey(12))
	require.True(t, owed)
	require.Equal(t, noon.Add(progressWaits), due)
	_, changes, err = Step(r, Noted{Step: 1, Note: Remnant{By: "U0BOB", At: noon, Evidence: Evidence{Note: "so"}}}, noon)
	require.NoError(t, err)
	_, owed = owedAt(changes, ProgressKey(12))
	require.False(t, owed, "a note is nothing of it")
	r, _ = tick(r, 1, "yes")
	r, changes = tick(r, 4, "")
	require.Equal(t, Done, r.State)
	due, owed = owedAt(changes, ProgressKey(12))
	require.True(t, owed)
	require.False(t, due.After(noon))

	own := w.book.r
	own.Requester = "U0BOB"
	own, _, err = Step(w.known(own), Assigned{To: "U0BOB"}, noon)
	require.NoError(t, err)
	require.False(t, own.Progressing())
}

// TestStepsAreCountedAsTheyApply: what is known not to apply isn't counted, what depends on an answer may come to it.
func TestStepsAreCountedAsTheyApply(t *testing.T) {
	r := pendingRequest()
	r.App, r.Action = byHand("U0BOB"), catalog.Create
	require.Contains(t, r.ByPerson().Plain(), "approved: 3 or 4 steps")
	r.Change.Values = catalog.Values{{Key: "floor", Items: []catalog.Item{{ID: "vault"}}}}
	require.Contains(t, r.ByPerson().Plain(), "approved: 4 or 5 steps")
	r.Action = catalog.Delete
	require.Contains(t, r.ByPerson().Plain(), "approved: 3 steps")
	r.App.Confirms = false
	r.App.Entry.Actions[1].Steps = r.App.Entry.Actions[1].Steps[:1]
	require.Contains(t, r.ByPerson().Plain(), "approved: 1 step")
	require.Nil(t, r.Task, "it isn't a task yet")
}
