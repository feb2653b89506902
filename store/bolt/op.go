package bolt

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/usherbot/usher/approvals"
)

// op is one transaction on its way through the queue. Its caller may stop waiting while the writer is at it, and goes on with what fn set:
// so the two take turns, and fn never runs again for somebody who has gone.
type op struct {
	fn   func(*txn) error
	done chan error
	// patient: it may wait for another one's commit, as long as Options.Patience.
	patient bool

	// mu is held by whoever runs fn, and guards the rest.
	mu sync.Mutex
	// begun: fn has run, so what it wrote may be kept. gone: its caller has stopped waiting.
	begun, gone bool
}

// errGone is what becomes of an op whose caller has gone; nobody hears it.
var errGone = errors.New("store: nobody waits for it any more")

// queue queues fn and waits until it is durable.
func (s *Store) queue(ctx context.Context, fn func(*txn) error) error {
	return s.await(ctx, newOp(fn))
}

func newOp(fn func(*txn) error) *op { return &op{fn: fn, done: make(chan error, 1)} }

func (s *Store) await(ctx context.Context, o *op) error {
	select {
	case <-s.quit:
		return errClosed
	case s.ops <- o:
	default:
		return approvals.ErrBusy
	}
	select {
	case err := <-o.done:
		return err
	case <-s.done:
		return o.orphaned()
	case <-ctx.Done():
		begun := o.leave()
		select {
		case err := <-o.done: // it was known by then
			return err
		default:
		}
		if begun {
			return fmt.Errorf("%w: %w", approvals.ErrUnknownOutcome, ctx.Err())
		}
		return fmt.Errorf("wait for the store: %w", ctx.Err())
	}
}

// run is fn in t, unless its caller has gone.
func (o *op) run(t *txn) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone {
		return errGone
	}
	o.begun = true
	return t.run(o.fn)
}

// leave says that nobody waits any more: fn isn't running then, and won't. It reports whether it ever did.
func (o *op) leave() (begun bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.gone = true
	return o.begun
}

func (o *op) isGone() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.gone
}

// orphaned is the answer for an op that was queued while the writer ended.
func (o *op) orphaned() error {
	select {
	case err := <-o.done:
		return err
	default:
		return errClosed
	}
}
