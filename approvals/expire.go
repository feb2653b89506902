package approvals

import (
	"context"
	"errors"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Expiry carries out intents of kind "expire": it closes a request whose time for deciding is over.
// A request that was decided meanwhile is left as it is. One commit decides, so a crash before it
// leaves the intent, and after it nothing to do.
func (d *Desk) Expiry(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at := now()
		r, err := d.Record(ctx, NumberOf(job.Key), TimeUp{}, at)
		switch {
		case errors.Is(err, ErrNotNow) && r.State == Pending:
			return outbox.RetryAt(r.Expires, "its time is not up yet")
		case err == nil, errors.Is(err, ErrNotNow), CodeOf(err) == NotFound:
			return outbox.Done()
		}
		return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, time.Second, time.Minute)), err.Error())
	})
}
