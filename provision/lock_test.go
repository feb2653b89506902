package provision_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
)

// doors are the locks that several processes share.
type doors struct {
	mu      sync.Mutex
	held    map[string]int64
	last    int64
	trouble error
	// asked is called with each question whether a lock still stands.
	asked func(name string)
}

func (d *doors) Lock(_ context.Context, name string) (int64, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held[name] != 0 || d.trouble != nil {
		return 0, false, d.trouble
	}
	d.last++
	d.held[name] = d.last
	return d.last, true, nil
}

func (d *doors) Still(_ context.Context, name string, token int64) (bool, error) {
	if d.asked != nil {
		d.asked(name)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.held[name] == token, d.trouble
}

func (d *doors) Unlock(_ context.Context, name string, token int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held[name] == token {
		delete(d.held, name)
	}
	return nil
}

// set has somebody else take a lock, or (0) let go of it.
func (d *doors) set(name string, token int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held[name] = token; token == 0 {
		delete(d.held, name)
	}
}

// TestADeedHasItsAddressAmongAllProcesses: while another process has it, or nobody can say whose it is, nothing is asked; one that lost it
// while it was paused writes nothing more; and it's free once the deed is done.
func TestADeedHasItsAddressAmongAllProcesses(t *testing.T) {
	const name = "deed/seranking/jane@acme.example"
	inWorld(t, "/v1", func(w *world) {
		shared := &doors{held: map[string]int64{}}
		w.deeds.Locks = shared
		shared.set(name, 99)
		n := w.approve(catalog.Share, w.wishes()[catalog.Share])
		require.Equal(t, approvals.Running, w.settle(n, time.Minute).State)
		require.Empty(t, w.vendor.CallsOf(vendorsim.SetShares))

		shared.trouble = errors.New("no database")
		shared.set(name, 0)
		require.Equal(t, approvals.Running, w.settle(n, time.Minute).State)
		require.Empty(t, w.vendor.CallsOf(vendorsim.SetShares))

		// Paused between the mark and the write, and another one took it over.
		shared.asked = func(name string) { shared.set(name, 99) }
		shared.trouble = nil
		require.Equal(t, approvals.Running, w.settle(n, time.Minute).State)
		require.Empty(t, w.vendor.CallsOf(vendorsim.SetShares))
		shared.asked = nil
		shared.set(name, 0)
		require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
		require.Len(t, w.vendor.CallsOf(vendorsim.SetShares), 1)
		require.Empty(t, shared.held)
	})
}
