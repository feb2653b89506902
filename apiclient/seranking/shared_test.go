package seranking

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/test/heldlocks"
)

// board is the turns and the locks that processes share.
type board struct {
	*heldlocks.Locks
	mu      sync.Mutex
	next    map[string]time.Time
	trouble error
}

func newBoard() *board { return &board{Locks: heldlocks.New(), next: map[string]time.Time{}} }

func (b *board) Turn(_ context.Context, name, _ string, gap, patience time.Duration) (time.Duration, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	at := now
	if b.next[name].After(now) {
		at = b.next[name]
	}
	if at.Sub(now) > patience {
		return at.Sub(now), true, b.trouble
	}
	b.next[name] = at.Add(gap)
	return at.Sub(now), false, b.trouble
}

func (b *board) Hold(_ context.Context, name string, d time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next[name] = time.Now().Add(d)
	return b.trouble
}

// process is a client as another process has one: nothing but the board is shared.
func (b *board) process(v *vendor) *Client {
	c := v.client(Legacy)
	c.pace = apiclient.Shared{Turns: b, Name: apiclient.KeyName("seranking", key), Gap: time.Second / RequestsPerSecond, Now: time.Now}
	c.shared = b
	return c
}

// TestProcessesOfOneKeyShareItsPace: five ask as fast as they may, and in no second the vendor hears more than it allows to one; after
// a 429 to one of them all wait.
func TestProcessesOfOneKeyShareItsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, b := newVendor(t), newBoard()
		v.on("GET users/7/shared-sites", ok(`[1]`))
		var all sync.WaitGroup
		for range 5 {
			c := b.process(v)
			all.Go(func() {
				for range 4 {
					_, err := c.SharedSites(t.Context(), 7)
					require.NoError(t, err)
				}
			})
		}
		all.Wait()
		calls := v.asked("GET users/7/shared-sites")
		require.Len(t, calls, 20)
		for i := 5; i < len(calls); i++ {
			require.GreaterOrEqual(t, calls[i].at.Sub(calls[i-5].at), time.Second)
		}
		one, two := b.process(v), b.process(v)
		limited := status(429, `{}`)
		limited.headers = map[string]string{"Retry-After": "30"}
		v.on("GET users/8/shared-sites", limited, ok(`[1]`))
		all.Go(func() {
			_, err := one.SharedSites(t.Context(), 8)
			require.NoError(t, err)
		})
		<-time.After(2 * time.Second)
		before := time.Now()
		_, err := two.SharedSites(t.Context(), 7)
		require.NoError(t, err)
		require.Greater(t, time.Since(before), 25*time.Second)
		all.Wait()
		b.trouble = errors.New("no database")
		_, err = two.SharedSites(t.Context(), 7)
		kind(t, apiclient.Temporary, err)
		require.Len(t, v.asked("GET users/7/shared-sites"), 21)
	})
}

// TestProcessesOfOneKeyShareItsLocks: an account that another process is at work on is waited for, and one that was lost to another
// isn't written to.
func TestProcessesOfOneKeyShareItsLocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, b := newVendor(t), newBoard()
		one, two := b.process(v), b.process(v)
		v.on("DELETE users/7", ok(`[]`))
		held, err := one.lock(t.Context(), "hold", 7)
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		kind(t, apiclient.Temporary, two.Delete(ctx, 7))
		require.Empty(t, v.asked("DELETE users/7"))
		time.AfterFunc(10*time.Second, held.unlock)
		before := time.Now()
		require.NoError(t, two.Delete(t.Context(), 7))
		require.GreaterOrEqual(t, time.Since(before), 10*time.Second)
		require.Zero(t, b.Held())

		held, err = one.lock(t.Context(), "hold", 7)
		require.NoError(t, err)
		require.NoError(t, held.still())
		b.Lapse() // its lease is over, and another takes it
		_, err = two.lock(t.Context(), "take", 7)
		require.NoError(t, err)
		kind(t, apiclient.Temporary, held.still())
		held.unlock()
		require.Equal(t, 1, b.Held())
	})
}
