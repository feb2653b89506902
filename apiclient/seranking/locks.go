package seranking

import (
	"context"
	"sync"

	"github.com/usherbot/usher/apiclient"
)

// locks holds one lock for each account in use. A lock is a channel, so that waiting for it
// ends with the context; the last to let go removes it, so that the map stays small.
type locks struct {
	mu   sync.Mutex
	held map[int64]*lock
}

type lock struct {
	slot  chan struct{}
	users int // holders and waiters; guarded by locks.mu
}

func newLocks() *locks { return &locks{held: map[int64]*lock{}} }

// lock waits for an account's lock and returns what lets go of it.
func (c *Client) lock(ctx context.Context, op string, id int64) (unlock func(), err error) {
	l := c.accounts.enter(id)
	select {
	case l.slot <- struct{}{}:
		return func() { <-l.slot; c.accounts.leave(id, l) }, nil
	case <-ctx.Done():
		c.accounts.leave(id, l)
		return nil, c.fail(op, apiclient.Temporary, ctx.Err())
	}
}

func (ls *locks) enter(id int64) *lock {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l := ls.held[id]
	if l == nil {
		l = &lock{slot: make(chan struct{}, 1)}
		ls.held[id] = l
	}
	l.users++
	return l
}

func (ls *locks) leave(id int64, l *lock) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(ls.held, id)
	}
}
