package bolt

import (
	"context"

	"github.com/usherbot/usher/outbox"
)

// update runs fn in a transaction. Under a claim (outbox.Under) what it wrote is kept only where that still stood when it began.
// See approvals.Book.Update for what errors mean.
func (s *Store) update(ctx context.Context, fn func(*txn) error) error {
	h := outbox.HoldOf(ctx)
	if h == nil {
		return s.queue(ctx, fn)
	}
	dropped := false
	err := s.queue(ctx, func(t *txn) error {
		dropped = false
		before, err := asIs(t, h.Key())
		if err != nil {
			return err
		}
		if err := fn(t); err != nil || !t.dirty {
			return err
		}
		if err := h.Check(before); err != nil {
			return err
		}
		after, err := asIs(t, h.Key())
		dropped = err == nil && h.Check(after) != nil
		return err
	})
	return h.Heard(err, dropped)
}

// asIs is a promise as it stands; nil: nobody owes it.
func asIs(t *txn, key string) (*outbox.Intent, error) {
	in, owed, err := intentIn(t.tx, key)
	if err != nil || !owed {
		return nil, err
	}
	return &in, nil
}
