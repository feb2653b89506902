package register

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// underWay is a request that Dave is carrying out since noon.
func underWay(n int64, action catalog.Verb, email string, steps ...approvals.TaskStep) approvals.Request {
	return approvals.Request{Number: n, App: manual(), Action: action, State: approvals.Running, Change: approvals.Change{Email: email},
		Task: &approvals.Task{Owner: "U0DAVE", Since: noon, Steps: steps}}
}

func marks(m catalog.Mark, at time.Time) approvals.TaskStep {
	s := approvals.TaskStep{Step: catalog.Step{Key: string(m), Marks: m}}
	if !at.IsZero() {
		s.Tick = &approvals.Tick{By: "U0DAVE", At: at}
	}
	return s
}

// TestWhatIsWorkedOnIsInTheRegister: who is being given something has an entry, who is losing it the two facts of that.
func TestWhatIsWorkedOnIsInTheRegister(t *testing.T) {
	var p past
	p.did("invite", "jane@acme.example", "user", "")
	p.did("invite", "lee@acme.example", "user", "")
	hour := noon.Add(time.Hour)
	failed := underWay(13, "remove", "lee@acme.example", marks(catalog.AccessRemoved, noon), marks(catalog.SeatReleased, hour))
	failed.State = approvals.Failed
	got := Working(Of(p.done), []approvals.Request{
		underWay(11, "invite", "new@acme.example", approvals.TaskStep{Step: catalog.Step{Key: "a"}}),
		underWay(12, "remove", "Jane@acme.example", marks(catalog.AccessRemoved, hour), marks(catalog.SeatReleased, time.Time{})),
		failed,
		underWay(14, "remove", "nobody@acme.example", marks(catalog.AccessRemoved, hour)),
	})
	require.Len(t, got, 3, "nobody has what is being removed and was never there")
	jane, lee, coming := got[0], got[1], got[2]
	require.Equal(t, []Work{{Request: 12, Does: "being removed", Owner: "U0DAVE", Since: noon, Done: 1, Of: 2}}, jane.Tasks)
	require.Equal(t, []any{hour, time.Time{}, true}, []any{jane.Removed, jane.Released, jane.Paid})
	require.Empty(t, lee.Tasks, "nobody works on what could not be done")
	require.Equal(t, []any{noon, hour, false}, []any{lee.Removed, lee.Released, lee.Paid})
	require.True(t, coming.Coming)
	require.Equal(t, []Work{{Request: 11, Does: "being set up", Owner: "U0DAVE", Since: noon, Of: 1}}, coming.Tasks)
}

// TestPaidForAndNotUsed: access removed and the seat not released. A seat of which no step says so isn't known to be paid for, and
// neither is one that was left out.
func TestPaidForAndNotUsed(t *testing.T) {
	left := marks(catalog.SeatReleased, noon)
	left.Tick.Skipped = true
	for name, row := range map[string]struct {
		steps []approvals.TaskStep
		paid  bool
	}{
		"access removed":           {[]approvals.TaskStep{marks(catalog.AccessRemoved, noon), marks(catalog.SeatReleased, time.Time{})}, true},
		"released too":             {[]approvals.TaskStep{marks(catalog.AccessRemoved, noon), marks(catalog.SeatReleased, noon)}, false},
		"not removed":              {[]approvals.TaskStep{marks(catalog.AccessRemoved, time.Time{}), marks(catalog.SeatReleased, time.Time{})}, false},
		"nothing about the seat":   {[]approvals.TaskStep{marks(catalog.AccessRemoved, noon)}, false},
		"there's no seat to be so": {[]approvals.TaskStep{marks(catalog.AccessRemoved, noon), left}, false},
	} {
		_, paid := stillPaid(underWay(12, "remove", "jane@acme.example", row.steps...))
		require.Equal(t, row.paid, paid, name)
	}
	_, paid := stillPaid(underWay(12, "invite", "jane@acme.example", marks(catalog.AccessRemoved, noon), marks(catalog.SeatReleased, time.Time{})))
	require.False(t, paid, "what is given is used")
}

// TestAFailedRemovalIsForgotten once the account has been removed, or given anew, since.
func TestAFailedRemovalIsForgotten(t *testing.T) {
	var p past
	failed := underWay(13, "remove", "jane@acme.example", marks(catalog.AccessRemoved, noon), marks(catalog.SeatReleased, time.Time{}))
	failed.State, failed.Outcome = approvals.Failed, &approvals.Outcome{At: noon}
	p.did("remove", "jane@acme.example", "", "")
	require.False(t, settledSince(failed, p.done), "before")
	p.done[0].Outcome.At = noon.Add(time.Hour)
	require.True(t, settledSince(failed, p.done))
}
