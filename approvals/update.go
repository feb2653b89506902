package approvals

import (
	"context"
	"errors"
	"fmt"
)

// update commits fn. When the store cannot say whether it was kept, fn is run once more: every
// transaction of the Desk finds what an earlier run left and changes nothing then. If it still
// cannot be known, the person is told exactly that: only fn itself, having read, may say no after
// that, never a store that could not even begin.
func (d *Desk) update(ctx context.Context, fn func(Tx) error) error {
	var m minutes
	fn = m.of(fn)
	err := d.Book.Update(ctx, fn)
	if errors.Is(err, ErrUnknownOutcome) {
		d.Log.WarnContext(ctx, "the disk didn't say whether something was kept; looking", "err", err)
		first := m.taken
		err = d.again(ctx, fn, err)
		if len(m.taken) == 0 {
			m.taken = first // that was kept, and the second run found it
		}
	}
	switch {
	case err == nil:
		d.tell(ctx, m.taken)
		d.Wake()
		return nil
	case errors.Is(err, ErrUnknownOutcome) && ctx.Err() != nil: // the disk may be well, and others before it in the queue
		return Refuse(Unsure, "That took longer than I may take, so I can't tell whether this was saved. Nothing will happen twice: check `/access status` in a minute, and ask again if it isn't there.").Because(err)
	case errors.Is(err, ErrUnknownOutcome):
		return Refuse(Unsure, "My disk had trouble just now, so I can't tell whether this was saved. Nothing will happen twice: check `/access status` in a minute, and ask again if it isn't there.").Because(err)
	case errors.Is(err, ErrBusy):
		return Refuse(Busy, "Lots of requests are coming in right now, so nothing was saved. Please try again in a minute.").Because(err)
	}
	return err
}

// again runs fn after a commit whose outcome is unknown. fn's own error is the truth, because fn has
// read; any other leaves it unknown.
func (d *Desk) again(ctx context.Context, fn func(Tx) error, unknown error) error {
	err := d.Book.Update(ctx, func(tx Tx) error {
		if err := fn(tx); err != nil {
			return answer{err}
		}
		return nil
	})
	var own answer
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own.error
	}
	return fmt.Errorf("%w; and again: %w", unknown, err)
}

// answer is the error of a transaction's own function.
type answer struct{ error }
