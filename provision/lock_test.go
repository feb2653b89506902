package provision_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/heldlocks"
)

// TestADeedHasItsAddressAmongAllProcesses: while another process has it, or nobody can say whose it is, nothing is asked; one that lost it
// while it was paused writes nothing more; and it's free once the deed is done.
func TestADeedHasItsAddressAmongAllProcesses(t *testing.T) {
	const name = "deed/seranking/jane@acme.example"
	inWorld(t, "/v1", func(w *world) {
		shared := heldlocks.New()
		w.deeds.Locks = shared
		shared.Set(name, 99)
		n := w.approve(catalog.Share, w.wishes()[catalog.Share])
		require.Equal(t, approvals.Running, w.settle(n, time.Minute).State)
		require.Empty(t, w.vendor.CallsOf(vendorsim.SetShares))

		shared.Break(errors.New("no database"))
		shared.Set(name, 0)
		require.Equal(t, approvals.Running, w.settle(n, time.Minute).State)
		require.Empty(t, w.vendor.CallsOf(vendorsim.SetShares))

		// Paused between the mark and the write, and another one took it over.
		shared.OnStill(func(name string) { shared.Set(name, 99) })
		shared.Break(nil)
		require.Equal(t, approvals.Running, w.settle(n, time.Minute).State)
		require.Empty(t, w.vendor.CallsOf(vendorsim.SetShares))
		shared.OnStill(nil)
		shared.Set(name, 0)
		require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
		require.Len(t, w.vendor.CallsOf(vendorsim.SetShares), 1)
		require.Zero(t, shared.Held())
	})
}
