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
	return d.timer(now, func(string) Event { return TimeUp{To: d.adminsNamed()} }, func(r Request, _ string) (time.Time, bool) { return r.Closes(), r.closable() })
}

// Lapse carries out intents of kind "lapse": it takes the buttons away by which a failed deed, or one in
// doubt, is tried again. One that was settled meanwhile is left as it is.
func (d *Desk) Lapse(now func() time.Time) outbox.Doer {
	return d.timer(now, func(string) Event { return TooLate{} }, func(r Request, _ string) (time.Time, bool) {
		return r.Until(), !r.Lapsed && (r.State == Failed || r.State == InDoubt)
	})
}

// timer records what a key is for when its time has come; due says when that is, and whether it is waited for still.
func (d *Desk) timer(now func() time.Time, what func(key string) Event, due func(Request, string) (time.Time, bool)) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at := now()
		r, err := d.Record(ctx, NumberOf(job.Key), what(job.Key), at)
		until, waits := due(r, job.Key)
		switch {
		case errors.Is(err, ErrNotNow) && waits:
			return outbox.RetryAt(until, "its time is not up yet")
		case err == nil, errors.Is(err, ErrNotNow), CodeOf(err) == NotFound:
			return outbox.Done()
		}
		return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, time.Second, time.Minute)), err.Error())
	})
}
