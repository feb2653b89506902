package provision_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/vendorsim"
)

// forDave is a wish for somebody in Slack.
func (w *world) forDave(action approvals.Action) approvals.Change {
	c := w.wishes()[action]
	c.Person = "U0DAVE"
	return c
}

// giving are the actions that give somebody something.
var giving = map[approvals.Action]bool{approvals.Create: true, approvals.Share: true, approvals.Update: true}

// TestNothingIsGivenToWhoHasLeft: whoever leaves between the approval and the deed is given nothing; what takes
// away goes on.
func TestNothingIsGivenToWhoHasLeft(t *testing.T) {
	for _, action := range approvals.Actions {
		t.Run(string(action), func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				w.slack.say(true, nil)
				n := w.approve(action, w.forDave(action))
				r := w.settle(n, time.Minute)
				if !giving[action] {
					require.Equal(t, approvals.Done, r.State)
					require.Zero(t, w.slack.n)
					return
				}
				require.Equal(t, approvals.Failed, r.State)
				require.Contains(t, r.Outcome.Text.Plain(), "@U0DAVE, whom it is for, has left (deactivated in Slack)")
				require.False(t, r.Outcome.Tried)
				require.Empty(t, w.vendor.CallsOf(writeOps[action]), "the vendor was not asked")
				require.Equal(t, []string{approvals.TellKey(n, approvals.Failed, 1)}, w.told)
				w.slack.say(false, nil)
				_, err := w.desk.Retry(w.ctx, n, "U0ADMIN", "slack", time.Now())
				require.NoError(t, err)
				require.Equal(t, approvals.Done, w.settle(n, time.Minute).State, "who is back is given it")
			})
		})
	}
}

// TestADeedWaitsUntilSlackSays: whether somebody has left is never guessed; what takes away does not wait.
func TestADeedWaitsUntilSlackSays(t *testing.T) {
	for _, left := range []bool{false, true} {
		for _, action := range approvals.Actions {
			inWorld(t, "/v1", func(w *world) {
				w.slack.say(false, errors.New("Slack is away"))
				n := w.approve(action, w.forDave(action))
				if !giving[action] {
					require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
					return
				}
				require.Equal(t, approvals.Running, w.settle(n, 20*time.Minute).State)
				require.Empty(t, w.vendor.CallsOf(writeOps[action]))
				require.Contains(t, w.alarms, "stuck-"+approvals.DeedKey(n))
				w.slack.say(left, nil)
				want := map[bool]approvals.State{false: approvals.Done, true: approvals.Failed}[left]
				require.Equal(t, want, w.settle(n, 2*time.Minute).State)
			})
		}
	}
}

// TestWhatWasDoneBeforeTheyLeftIsDone: a write whose answer was lost is looked for first; only a second one is
// stopped.
func TestWhatWasDoneBeforeTheyLeftIsDone(t *testing.T) {
	for when, want := range map[vendorsim.When]approvals.State{vendorsim.After: approvals.Done, vendorsim.Before: approvals.Failed} {
		inWorld(t, "/v1", func(w *world) {
			require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Cut, When: when}))
			n := w.approve(approvals.Create, w.forDave(approvals.Create))
			for len(w.vendor.CallsOf(vendorsim.Create)) == 0 {
				pass(50 * time.Millisecond)
			}
			w.slack.say(true, nil)
			require.Equal(t, want, w.settle(n, 10*time.Minute).State)
			require.Len(t, w.vendor.CallsOf(vendorsim.Create), 1)
		})
	}
}
