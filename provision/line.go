package provision

import (
	"context"
	"log/slog"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Lines carries out intents of kind "line": it counts an app's seats at the vendor, and gives those that are free to
// whoever waits for one.
//
//	read      the list of accounts, anew                                           (reads only)
//	serve     seats kept for the first in line, their deeds owed, cards that spoke of seats   (store)
//
// Cut off before serve, it is read again; after it, the deeds are owed. While anybody waits it is done again every few
// minutes, since seats become free where Usher sees nothing of it.
type Lines struct {
	Desk interface {
		Serve(ctx context.Context, app string, list approvals.SeatList, now time.Time) (waiting int, old bool, err error)
	}
	Inventory *Inventory
	Now       func() time.Time
	Log       *slog.Logger
}

const (
	// soonestCount and slowestCount are how often seats are counted while somebody waits for one.
	soonestCount, slowestCount = time.Minute, 10 * time.Minute
)

// Do implements outbox.Doer.
func (l *Lines) Do(ctx context.Context, job outbox.Job) outbox.Result {
	app := approvals.AppOf(job.Key)
	var list approvals.SeatList // of an app that is not configured any more, or whose seats cannot be counted: nobody can
	if a, err := l.Inventory.app(app); err == nil && a.Entry.Reads.Used {
		look, cancel := context.WithTimeout(ctx, patientLook)
		defer cancel()
		if list, err = l.Inventory.seatsSince(look, app, l.Now()); err != nil {
			l.Log.WarnContext(ctx, "the seats of an app could not be counted; who waits for one waits on", "app", app, "err", err)
			return l.again(job, time.Second, slowestLook, err.Error())
		}
	}
	waiting, old, err := l.Desk.Serve(context.WithoutCancel(ctx), app, list, l.Now())
	switch {
	case err != nil:
		return l.again(job, time.Second, slowestLook, err.Error())
	case old && waiting > 0:
		return outbox.RetryAt(l.Now().Add(time.Second), "seats changed while they were counted")
	case waiting > 0:
		return l.again(job, soonestCount, slowestCount, "somebody waits for a seat")
	}
	return outbox.Done()
}

func (l *Lines) again(job outbox.Job, soonest, slowest time.Duration, why string) outbox.Result {
	return outbox.RetryAt(l.Now().Add(outbox.Backoff(job.Tries, soonest, slowest)), why)
}
