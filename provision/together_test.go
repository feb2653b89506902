package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/values"
)

// TestTwoDeedsOfOneAccountUnderEveryFault: two shares that were asked in one go and approved with one click are two writes
// of one list. Whatever becomes of the first, each is done once and told once, and neither takes away what the other gave.
func TestTwoDeedsOfOneAccountUnderEveryFault(t *testing.T) {
	for _, path := range []string{"/v1", "/legacy"} {
		for name, fault := range faultsOfAWrite() {
			if fault.Kind == vendorsim.WrongID {
				continue // a share answers with none
			}
			t.Run(path+"/"+name, func(t *testing.T) {
				inWorld(t, path, func(w *world) {
					before, _ := w.vendor.Account(w.jane.Email)
					if fault.Kind != "" {
						fault.Match = vendorsim.Match{Op: vendorsim.SetShares}
						require.NoError(t, w.vendor.Plan(fault))
					}
					want := approvals.Change{Email: w.jane.Email, Account: id(w.jane.ID), Sort: "client"}
					var numbers []int64
					for i := range 2 {
						want.Values = values.Of{Sites: []catalog.Item{w.site(i + 1)}}.Values()
						numbers = append(numbers, w.ask(catalog.Share, want))
					}
					var told []string
					for _, n := range numbers {
						w.yes(n)
						told = append(told, approvals.TellKey(n, approvals.Done, 1))
					}
					for _, n := range numbers {
						require.Equal(t, approvals.Done, w.settle(n, 10*time.Minute).State)
					}
					pass(10 * time.Minute)
					after, _ := w.vendor.Account(w.jane.Email)
					require.Len(t, after.SharedSites, len(before.SharedSites)+2)
					require.Equal(t, 2, effects(w, vendorsim.SetShares))
					require.Empty(t, w.vendor.Faults(), "the fault was met")
					require.ElementsMatch(t, told, w.told)
				})
			})
		}
	}
}
