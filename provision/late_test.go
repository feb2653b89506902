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
