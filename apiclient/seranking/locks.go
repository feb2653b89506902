package seranking

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

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

const (
	// askEvery is how often a lock that another process holds is asked for again.
	askEvery = 250 * time.Millisecond
	// letGoWithin bounds the letting go; what can't be said is over when the lease is.
	letGoWithin = 2 * time.Second
)

// held is an account's lock.
type held struct {
	unlock func()
	// still is an error where somebody else may have the lock by now. It is asked before what is written.
	still func() error
}

// lock waits for an account's lock: that of this process first, so that its callers keep their order, then that
// among processes.
func (c *Client) lock(ctx context.Context, op string, id int64) (held, error) {
	l := c.accounts.enter(id)
	select {
	case l.slot <- struct{}{}:
	case <-ctx.Done():
		c.accounts.leave(id, l)
		return held{}, c.fail(op, apiclient.Temporary, ctx.Err())
	}
	here := held{unlock: func() { <-l.slot; c.accounts.leave(id, l) }, still: func() error { return nil }}
	if c.shared == nil {
		return here, nil
	}
	h, err := c.lockShared(ctx, op, apiclient.KeyName("seranking", c.key)+"/"+strconv.FormatInt(id, 10), here.unlock)
	if err != nil {
		here.unlock()
	}
	return h, err
}

var (
	errTaken = errors.New("another process has taken this account over")
	errWaits = errors.New("another process is at work on this account")
)

// lockShared waits for the lock among processes. Without a store that answers nothing is begun.
func (c *Client) lockShared(ctx context.Context, op, name string, here func()) (held, error) {
	for {
		token, ok, err := c.shared.Lock(ctx, name)
		switch {
		case err != nil:
			return held{}, c.fail(op, apiclient.Temporary, err)
		case !ok && apiclient.Pause(ctx, c.now(), askEvery):
			continue
		case !ok:
			return held{}, c.fail(op, apiclient.Temporary, errors.Join(errWaits, ctx.Err()))
		}
		return held{
			unlock: func() {
				bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), letGoWithin)
				defer cancel()
				if err := c.shared.Unlock(bounded, name, token); err != nil {
					c.log.WarnContext(ctx, "cannot let go of an account; it's free when the lease is over", "op", op, "err", err)
				}
				here()
			},
			still: func() error {
				ok, err := c.shared.Still(ctx, name, token)
				if err == nil && !ok {
					err = errTaken
				}
				if err != nil {
					return c.fail(op, apiclient.Temporary, err)
				}
				return nil
			},
		}, nil
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
