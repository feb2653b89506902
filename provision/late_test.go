package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/vendorsim"
)

// late is a fault of a write that the vendor carries out so long after it was asked.
func late(op vendorsim.Op, after time.Duration) vendorsim.Fault {
	return vendorsim.Fault{Match: vendorsim.Match{Op: op}, Kind: vendorsim.Late, Delay: after}
}

// TestALateCreateIsStillUshersOwnAfterARateLimit: the second try did nothing, and the first is not forgotten for it.
func TestALateCreateIsStillUshersOwnAfterARateLimit(t *testing.T) {
	for _, after := range []time.Duration{63 * time.Second, 4 * time.Minute} {
		t.Run(after.String(), func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				require.NoError(w.t, w.vendor.Plan(late(vendorsim.Create, after),
					vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create, Times: 20}, Kind: vendorsim.RateLimited, RetryAfter: "5"}))
				n := w.approve(approvals.Create, w.wishes()[approvals.Create])
				r := w.settle(n, 10*time.Minute)
				require.Equal(w.t, approvals.Done, r.State, "%v", r.Outcome)
				require.Equal(w.t, 1, effects(w, vendorsim.Create))
			})
		})
	}
}

// TestASecondAttemptDoesNotTakeSomebodyElsesAccountForItsOwn: an attempt that ended before the vendor was asked, or
// with its refusal, made nothing.
func TestASecondAttemptDoesNotTakeSomebodyElsesAccountForItsOwn(t *testing.T) {
	for name, setup := range map[string]func(w *world) approvals.Change{
		"there before": func(w *world) approvals.Change {
			return approvals.Change{Email: "JANE@acme.example", FirstName: "Jane"}
		},
		"made by hand after a refusal": func(w *world) approvals.Change {
			w.vendor.SetSeats(9)
			return w.wishes()[approvals.Create]
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				change := setup(w)
				n := w.approve(approvals.Create, change)
				require.Equal(t, approvals.Failed, w.settle(n, time.Minute).State)
				w.vendor.SetSeats(25)
				if _, there := w.vendor.Account(change.Email); !there {
					w.vendor.AddAccount(vendorsim.Account{Email: change.Email, FirstName: "By", LastName: "Hand", Type: "client"})
				}
				for attempt := 2; attempt < 4; attempt++ {
					_, err := w.desk.Retry(w.ctx, n, "U0ADMIN", "slack", time.Now())
					require.NoError(t, err)
					r := w.settle(n, time.Minute)
					require.Equal(t, approvals.Failed, r.State)
					require.Contains(t, r.Outcome.Text.Plain(), "has an account already")
				}
				require.Zero(t, effects(w, vendorsim.Create))
			})
		})
	}
}

// TestAnAppThatIsNotConfiguredAnyMore: before the vendor was asked nothing was done; after that nobody can look, so
// it is in doubt, until the app is configured again.
func TestAnAppThatIsNotConfiguredAnyMore(t *testing.T) {
	t.Run("before", func(t *testing.T) {
		inWorld(t, "/v1", func(w *world) {
			w.deeds.Kinds = nil
			r := w.settle(w.approve(approvals.Create, w.wishes()[approvals.Create]), time.Minute)
			require.Equal(t, approvals.Failed, r.State)
			require.Contains(t, r.Outcome.Text.Plain(), "nothing was done")
		})
	})
	t.Run("after", func(t *testing.T) {
		inWorld(t, "/v1", func(w *world) {
			require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Cut, When: vendorsim.After}))
			n := w.approve(approvals.Create, w.wishes()[approvals.Create])
			for len(w.vendor.CallsOf(vendorsim.Create)) == 0 {
				pass(50 * time.Millisecond)
			}
			kinds := w.deeds.Kinds
			w.deeds.Kinds = nil
			r := w.settle(n, 5*time.Minute)
			require.Equal(t, approvals.InDoubt, r.State)
			require.Contains(t, r.Doubt.Seen.Plain(), "not configured any more")
			require.Empty(t, w.told)
			w.deeds.Kinds = kinds
			require.Equal(t, approvals.Done, w.settle(n, 2*time.Minute).State)
			require.Equal(t, 1, effects(w, vendorsim.Create))
		})
	})
}
