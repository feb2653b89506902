package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// lentWork is what Bob has given by hand for a day, with its last step at noon.
func lentWork(t *testing.T, owners ...string) *work {
	w := approvedWork(t, catalog.Create, owners...)
	r := w.book.r
	r.Task, r.Term = nil, &Term{For: 24 * time.Hour}
	r = w.known(r)
	r.pinSteps()
	w.book.r = r
	w.gives()
	require.NoError(t, w.tick("U0BOB", 1, Tick{}))
	require.NoError(t, w.tick("U0BOB", 2, saysYes))
	w.now = w.now.Add(time.Hour)
	require.NoError(t, w.tick("U0BOB", 5, noted))
	require.True(t, w.book.r.Lent())
	return w
}

// over is lentWork whose time is up, and whose turn was found.
func overWork(t *testing.T, owners ...string) *work {
	w := lentWork(t, owners...)
	w.now = w.book.r.EndsAt
	w.gives()
	require.True(t, w.book.r.Working())
	return w
}

// TestWhatWasGivenByHandEndsByHand: counted from the last step of giving; somebody's task in their turn, ending until its last
// step, and confirmed by a second person.
func TestWhatWasGivenByHandEndsByHand(t *testing.T) {
	w := lentWork(t, "U0BOB", "U0DAVE")
	require.Equal(t, w.now.Add(24*time.Hour), w.book.r.EndsAt)
	w.now = w.book.r.EndsAt.Add(-time.Second)
	require.Equal(t, PersonID("U0BOB"), w.gives(), "nothing begins before its time")
	require.True(t, w.book.r.Lent())
	w.now = w.book.r.EndsAt
	require.Equal(t, PersonID("U0DAVE"), w.gives(), "it's the next one's turn")
	r := w.book.r
	require.Equal(t, Ending, r.State)
	require.Equal(t, []any{true, true, Usher, r.EndsAt}, []any{r.Working(), r.Removing(), r.End.By, r.End.At})
	require.Equal(t, w.now.Add(DefaultDue), r.Task.Due)
	require.Equal(t, catalog.Delete, r.Task.Action)
	require.NotNil(t, r.Gave.Steps[4].Tick, "how it was given is kept")
	require.Equal(t, []Marked{{Mark: catalog.AccessRemoved}, {Mark: catalog.SeatReleased}}, r.Marks())
	require.Equal(t, Done, r.Giving().State)
	list, err := w.Tasks(t.Context(), "U0DAVE", w.now)
	require.NoError(t, err)
	require.Len(t, list, 1)

	require.ErrorContains(t, w.tick("U0DAVE", 3, Tick{}), "step 1 is still open")
	require.NoError(t, w.tick("U0DAVE", 1, Tick{}))
	require.NoError(t, w.tick("U0DAVE", 2, Tick{}))
	require.Equal(t, PersonID("U0BOB"), w.gives(), "a second person confirms it")
	require.Equal(t, Ending, w.book.r.State)
	require.NoError(t, w.tick("U0BOB", 3, Tick{}))
	require.Equal(t, Ended, w.book.r.State)
	require.False(t, w.book.r.Late())
	require.NoError(t, w.tick("U0BOB", 3, Tick{}), "the same once more changes nothing")
}

// TestEndedByHandItIsATaskAtOnce: whoever may end it makes it one.
func TestEndedByHandItIsATaskAtOnce(t *testing.T) {
	w := lentWork(t, "U0BOB", "U0DAVE")
	r, err := w.EndNow(t.Context(), 12, "U0ALICE", "slack", w.now)
	require.NoError(t, err)
	require.Equal(t, []any{Ending, false}, []any{r.State, r.Working()})
	require.ErrorContains(t, w.tick("U0DAVE", 1, Tick{}), "is being removed", "it's nobody's yet")
	require.Equal(t, PersonID("U0DAVE"), w.gives())
	require.Equal(t, Actor("U0ALICE"), w.book.r.End.By)
	require.NoError(t, w.tick("U0DAVE", 1, Tick{}))
}

// TestAnEndThatCouldNotBeDone stays ending: the admins hear of it, and it's another's task a day later or once they say so, with
// what was ticked and with reminders of its own.
func TestAnEndThatCouldNotBeDone(t *testing.T) {
	w := overWork(t, "U0BOB", "U0DAVE")
	require.False(t, w.book.r.Overstays(w.now.Add(time.Hour)), "what a person does takes its time")
	require.True(t, w.book.r.Overstays(w.book.r.Task.Due))
	require.NoError(t, w.tick("U0DAVE", 1, Tick{}))
	_, changes, err := Step(w.book.r, Pressed{Rounds: 1, Who: []string{"U0DAVE"}}, w.now)
	require.NoError(t, err)
	require.True(t, promises(changes, OverdueKey(12, 1, "U0DAVE")))
	w.book.r.Task.Rounds = 1
	next, changes, err := Step(w.book.r, GaveUp{By: "U0DAVE", Reason: "the door is locked"}, w.now)
	require.NoError(t, err)
	require.Equal(t, []any{Ending, false, true}, []any{next.State, next.Working(), next.Overstays(w.now)})
	require.True(t, promises(changes, EndKey(12)))
	require.True(t, promises(changes, AdminKey(12, "")))
	require.False(t, promises(changes, TellKey(12, Failed, 1)), "whoever asked has nothing to do")
	w.book.r = next
	_, err = w.Retry(t.Context(), 12, "U0ADMIN", "slack", w.now)
	require.NoError(t, err)
	require.Equal(t, PersonID("U0BOB"), w.gives(), "not who gave it up")
	require.NotNil(t, w.book.r.Task.Steps[0].Tick)
	require.Equal(t, 1, w.book.r.Task.Round(), "the next reminder is another than the first")
	require.Equal(t, w.now.Add(DefaultDue), w.book.r.Task.Due)
	require.Equal(t, 2, w.book.r.End.Attempt)
	w.book.r = next
	w.now = w.now.Add(endAgain)
	require.Equal(t, PersonID("U0BOB"), w.gives(), "a day later by itself")
}

// TestAClickOnTheTaskBeforeIsNone: a menu bears which task it belongs to.
func TestAClickOnTheTaskBeforeIsNone(t *testing.T) {
	w := overWork(t, "U0BOB")
	require.ErrorContains(t, w.tick("U0BOB", 1, Tick{Task: GivesIt}), "belongs to the task that gave this")
	_, err := w.NoteStep(t.Context(), 12, 0, Remnant{By: "U0BOB", Task: GivesIt, Evidence: Evidence{Note: "so"}}, w.now)
	require.ErrorContains(t, err, "belongs to the task that gave this")
	require.NoError(t, w.tick("U0BOB", 1, Tick{Task: Removes}))
	require.Equal(t, "", w.book.r.Task.Steps[0].Tick.Task)
}

// TestHowItEndsIsPinned: what takes it away is what the approval said, in the words of now; and where there are no steps any more
// once it is approved, it ends all the same.
func TestHowItEndsIsPinned(t *testing.T) {
	w := lentWork(t, "U0BOB")
	w.Apps[0].Entry = byHand().Entry
	w.Apps[0].Entry.Actions[1].Steps = []catalog.Step{{Key: "collect", Do: "Collect it, and cut it in two"}}
	w.now = w.book.r.EndsAt
	w.gives()
	r, err := w.Request(t.Context(), 12)
	require.NoError(t, err)
	require.Len(t, r.TaskSteps(), 3)
	require.EqualValues(t, "Collect it, and cut it in two", r.TaskSteps()[0].Do)

	r = pendingRequest()
	r.App, r.Action, r.Term, r.State = byHand("U0BOB"), catalog.Create, &Term{For: time.Hour}, Approved
	r.App.Entry.Actions = r.App.Entry.Actions[:1]
	r.pinSteps()
	require.Len(t, r.Removal.Steps, 2, "one, and a second person's look")
	require.Equal(t, catalog.AccessRemoved, r.Removal.Steps[0].Marks)
}

// TestAnExtensionMovesAnEndByHand: nothing begins before the later end.
func TestAnExtensionMovesAnEndByHand(t *testing.T) {
	w := lentWork(t, "U0BOB")
	r := w.book.r
	r, _, err := Step(r, LongerAsked{Longer{Number: 13, State: Pending}}, w.now)
	require.NoError(t, err)
	to := r.EndsAt.Add(24 * time.Hour)
	r, changes, err := Step(r, Lengthened{Number: 13, To: to}, w.now)
	require.NoError(t, err)
	require.True(t, promises(changes, EndKey(12)))
	w.book.r, w.now = r, to.Add(-time.Minute)
	w.gives()
	require.True(t, w.book.r.Lent())
	w.now = to
	w.gives()
	require.True(t, w.book.r.Working())
}

// TestWhatIsRemovedByHandHasNoEndLeft: what was given for a time by hand is over once another task has removed the account.
func TestWhatIsRemovedByHandHasNoEndLeft(t *testing.T) {
	w := lentWork(t, "U0BOB")
	removed := Request{Number: 13, App: w.book.r.App, Action: catalog.Delete, State: Done, Outcome: &Outcome{At: w.now}, Task: &Task{}}
	_, gone := w.known(removed).accountGone()
	require.True(t, gone)
	r, changes, err := Step(w.book.r, WentWith{With: 13}, w.now)
	require.NoError(t, err)
	require.Equal(t, Ended, r.State)
	require.False(t, promises(changes, RemovalKey(12)), "there's no task left to show")
}

// TestNobodyLendsWhatNobodyTakesBack: an action by hand that nothing takes away is refused with what to do.
func TestNobodyLendsWhatNobodyTakesBack(t *testing.T) {
	r := pendingRequest()
	r.App, r.Action, r.Term = byHand("U0BOB"), catalog.Create, &Term{For: time.Hour}
	require.NoError(t, r.termed(noon))
	r.App.Entry.Actions[0].Undo = ""
	err := r.termed(noon)
	require.ErrorIs(t, err, ErrTerm)
	require.Contains(t, err.(*Error).Say.Plain(), "ask its owners to add those steps")
}

func promises(changes []outbox.Change, key string) bool {
	for _, c := range changes {
		if c.Put != nil && c.Put.Key == key {
			return true
		}
	}
	return false
}

// TestATaskThatGaveStaysAsItWas: what shows how something was given says that it's done, whatever becomes of it.
func TestATaskThatGaveStaysAsItWas(t *testing.T) {
	gave, removal := &Task{Owner: "U0DAVE"}, &Task{Action: catalog.Delete, Owner: "U0ERIN"}
	for name, r := range map[string]Request{
		"being taken away":      {State: Ending, Task: removal, Gave: gave, End: &End{Attempt: 1}, Pool: []Spread{{}}},
		"taken away":            {State: Ended, Task: removal, Gave: gave, End: &End{Attempt: 1}},
		"gone with its account": {State: Ended, Task: gave, End: &End{With: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, Request{State: Done, Task: gave}, r.Giving())
		})
	}
	running := Request{State: Running, Task: gave, Pool: []Spread{{}}}
	require.Equal(t, running, running.Giving())
}
