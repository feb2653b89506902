package provision

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Looks carries out intents of kind "look": it reads at the vendor what a request that waits means, so that the
// asking waits for no vendor and the card completes itself.
//
//	read       the lists, as they are since it was asked, and the account itself   (reads only)
//	record     what is meant and what stands against it, and the card anew          (store; ends the promise)
//
// Cut off before record, it is read again; after it, nothing is left to do. A vendor that cannot be read is read
// again, ever more seldom, until the request is decided: then the promise is dropped with it. The card says since
// when it cannot be read, which is recorded once.
type Looks struct {
	Desk      Desk
	Inventory *Inventory
	Now       func() time.Time
	Log       *slog.Logger
}

const (
	// slowestLook is how seldom a vendor that cannot be read is tried; slowestAgain how seldom a request that
	// means nothing yet is looked at again, because an account or website may turn up.
	slowestLook, slowestAgain = 2 * time.Minute, 10 * time.Minute
)

// Do implements outbox.Doer.
func (l *Looks) Do(ctx context.Context, job outbox.Job) outbox.Result {
	r, err := l.Desk.Request(ctx, approvals.NumberOf(job.Key))
	switch {
	case approvals.CodeOf(err) == approvals.NotFound:
		return outbox.Done()
	case err != nil:
		return l.again(job, slowestLook, err.Error())
	case r.State != approvals.Pending || r.Look == nil || !r.Look.Owed:
		return outbox.Done()
	}
	seen, err := l.read(ctx, r)
	switch {
	case ctx.Err() != nil:
		return outbox.RetryAt(l.Now(), "stopping")
	case err != nil:
		return l.blind(ctx, job, r, err)
	}
	return l.record(ctx, job, r, seen)
}

// read finds out what the request means. What was read before it was asked, or before the last look, or so long
// ago that a list is not good any more, is not believed; an account that the list names is asked itself who it is.
func (l *Looks) read(ctx context.Context, r approvals.Request) (seen approvals.Seen, err error) {
	ctx, cancel := context.WithTimeout(ctx, patientLook)
	defer cancel()
	v, since := l.Inventory, l.Inventory.since(r.App.ID, !r.Look.At.IsZero())
	if r.Asked.After(since) {
		since = r.Asked
	}
	began := l.Now()
	a, err := v.app(r.App.ID)
	if err != nil {
		return approvals.Seen{Change: r.Change, Look: approvals.Look{At: l.Now(), Against: []approvals.Text{
			approvals.Sayf("%v isn't set up in Usher any more.", r.App.Name)}}}, nil
	}
	lists := approvals.Lists{Known: a.Permissions}
	if lists.Seats, err = v.seatsSince(ctx, a.ID, since); err != nil {
		return seen, err
	}
	if found := approvals.AccountsOf(r.Change, lists.Seats); len(found) == 1 && r.Action != approvals.Create {
		if err := a.about(ctx, r.Action, found[0], &lists); err != nil {
			return seen, err
		}
	}
	if r.Action == approvals.Share || r.Action == approvals.Unshare || len(lists.Owned)+len(lists.Shared) > 0 {
		if lists.Sites, err = v.sitesSince(ctx, a.ID, since); err != nil {
			return seen, err
		}
	}
	seen.Seats = approvals.SeatCount{Used: len(lists.Seats.Seats), Of: lists.Seats.Bought, At: lists.Seats.At}
	seen.Change, seen.Look = approvals.Meant(r, lists)
	seen.Look.At = l.Now()
	if r.Action == approvals.Delete && seen.Look.Was != nil {
		v.owns(a.ID, seen.Change.Account, lists.Sites.Named(lists.Owned), began)
	}
	return seen, nil
}

// about reads what of one account matters to an action.
func (a App) about(ctx context.Context, action approvals.Action, s approvals.Seat, lists *approvals.Lists) (err error) {
	d, err := a.Account(ctx, s)
	if err != nil {
		return fmt.Errorf("read account %d of %s: %w", s.ID, a.ID, err)
	}
	if action == approvals.Update {
		lists.Detail = d
	}
	if action != approvals.Update && s.Type != approvals.UserSeat {
		lists.Shared, err = a.Shared(ctx, s.ID)
	}
	if action == approvals.Delete && err == nil {
		lists.Owned, err = a.Owned(ctx, s.ID)
	}
	if err != nil {
		return fmt.Errorf("read websites of account %d of %s: %w", s.ID, a.ID, err)
	}
	return nil
}

// record keeps what was seen, unless it is what is kept already. Step forgets the promise in the same
// transaction once it is known what the request would do.
func (l *Looks) record(ctx context.Context, job outbox.Job, r approvals.Request, seen approvals.Seen) outbox.Result {
	const unclear = "it is not clear yet what it would do, or it cannot be done as things are"
	same := r.Look.Blind.IsZero() && !r.Look.At.IsZero() && reflect.DeepEqual(r.Change, seen.Change) && reflect.DeepEqual(r.Look.Was, seen.Look.Was) &&
		slices.EqualFunc(r.Look.Against, seen.Look.Against, slices.Equal[approvals.Text])
	if same {
		return l.again(job, slowestAgain, unclear)
	}
	r, err := l.Desk.Record(context.WithoutCancel(ctx), r.Number, seen, l.Now())
	switch {
	case errors.Is(err, approvals.ErrNotNow):
		return outbox.Done() // it was decided meanwhile
	case err != nil:
		return l.again(job, slowestLook, err.Error())
	case r.Look.Owed:
		return l.again(job, slowestAgain, unclear)
	}
	return outbox.Settled()
}

// blind says on the card since when the vendor cannot be read, once, and reads again later.
func (l *Looks) blind(ctx context.Context, job outbox.Job, r approvals.Request, cause error) outbox.Result {
	l.Log.Warn("cannot read at the vendor what a request would change; it waits, and is read again", "request", r.Number, "err", cause)
	if r.Look.Blind.IsZero() {
		_, err := l.Desk.Record(context.WithoutCancel(ctx), r.Number, approvals.Unread{Since: l.Now()}, l.Now())
		if errors.Is(err, approvals.ErrNotNow) {
			return outbox.Done()
		}
		cause = errors.Join(cause, err)
	}
	return l.again(job, slowestLook, cause.Error())
}

func (l *Looks) again(job outbox.Job, slowest time.Duration, why string) outbox.Result {
	return outbox.RetryAt(l.Now().Add(outbox.Backoff(job.Tries, time.Second, slowest)), why)
}
