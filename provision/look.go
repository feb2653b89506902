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
	"github.com/usherbot/usher/catalog"
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
	case errors.Is(err, errWalking):
		return l.again(job, slowestLook, err.Error())
	case err != nil:
		return l.blind(ctx, job, r, err)
	}
	l.whose(ctx, r, &seen)
	return l.record(ctx, job, r, seen)
}

// whose adds whom a request is for, where nobody knew when it was asked. Where Slack doesn't say, the deed and each vote ask again.
func (l *Looks) whose(ctx context.Context, r approvals.Request, seen *approvals.Seen) {
	if !r.Unpinned {
		return
	}
	if id, known := l.Desk.Whose(ctx, r); known {
		seen.Change.Person, seen.Whose = id, true
	}
}

// read finds out what the request means. What was read before it was asked, or before the last look, or so long
// ago that a list is not good any more, is not believed; an account that the list names is asked itself who it is.
func (l *Looks) read(ctx context.Context, r approvals.Request) (seen approvals.Seen, err error) {
	ctx, cancel := context.WithTimeout(ctx, patientLook)
	defer cancel()
	v, since := l.Inventory, l.Inventory.since(r.App.ID, !r.Look.At.IsZero())
	if asked := r.Worded(); asked.After(since) {
		since = asked
	}
	began := l.Now()
	a, err := v.app(r.App.ID)
	if gone := r.Formless(); err != nil || gone != nil {
		if gone == nil {
			gone = approvals.Sayf("%v isn't set up in Usher any more.", r.App.Name)
		}
		return approvals.Seen{Change: r.Change, Edition: r.Edition(), Look: approvals.Look{At: l.Now(), Against: []approvals.Text{gone}}}, nil
	}
	lists := approvals.Lists{Items: map[string]approvals.ItemList{}}
	if a.Entry.Reads.Used {
		if lists.Seats, err = v.seatsSince(ctx, a.ID, since); err != nil {
			return seen, err
		}
		seen.Seats = approvals.SeatCount{Used: len(lists.Seats.Seats), Of: lists.Seats.Bought, At: lists.Seats.At}
	}
	form := r.Form()
	if found := approvals.AccountsOf(r.Change, lists.Seats); len(found) == 1 && !form.New {
		if err := a.about(ctx, form, found[0], &lists); err != nil {
			return seen, err
		}
	}
	for _, key := range named(a.Entry, r, lists) {
		if lists.Items[key], err = v.itemsSince(ctx, a.ID, key, since); err != nil {
			return seen, err
		}
	}
	seen.Change, seen.Look = approvals.Meant(r, lists)
	seen.Look.At, seen.Edition = l.Now(), r.Edition()
	if held, ok := a.Entry.Held(); ok && form.Ends && seen.Look.Was != nil {
		v.owns(a.ID, seen.Change.Account, lists.Items[held.Key].Named(lists.Owned), began)
	}
	return seen, nil
}

// named are the resources whose names it takes to say what a request means.
func named(e *catalog.Entry, r approvals.Request, lists approvals.Lists) (keys []string) {
	for _, f := range r.Form().Resources() {
		if r.Change.Values.Has(f.Key) {
			keys = append(keys, f.Resource)
		}
	}
	if held, ok := e.Held(); ok && len(lists.Owned)+len(lists.Held) > 0 && !slices.Contains(keys, held.Key) {
		keys = append(keys, held.Key)
	}
	return keys
}

// about reads what of one account matters to an action.
func (a App) about(ctx context.Context, form catalog.Action, s approvals.Seat, lists *approvals.Lists) (err error) {
	if a.Entry.Reads.Details {
		d, err := a.Account(ctx, s)
		if err != nil {
			return fmt.Errorf("read account %s of %s: %w", s.ID, a.ID, err)
		}
		lists.Detail = d
	}
	if sort, _ := a.Entry.SortOf(s.Sort); a.Entry.Reads.Holds && form.Effect != catalog.Changes && !sort.All {
		lists.Held, err = a.Held(ctx, s.ID)
	}
	if a.Entry.Reads.Owns && form.Ends && err == nil {
		lists.Owned, err = a.Owned(ctx, s.ID)
	}
	if err != nil {
		return fmt.Errorf("read resources of account %s of %s: %w", s.ID, a.ID, err)
	}
	return nil
}

// record keeps what was seen, unless it is what is kept already. Step forgets the promise in the same
// transaction once it is known what the request would do.
func (l *Looks) record(ctx context.Context, job outbox.Job, r approvals.Request, seen approvals.Seen) outbox.Result {
	const unclear = "it is not clear yet what it would do, or it cannot be done as things are"
	same := !seen.Whose && r.Look.Blind.IsZero() && !r.Look.At.IsZero() && reflect.DeepEqual(r.Change, seen.Change) && reflect.DeepEqual(r.Look.Was, seen.Look.Was) && r.Look.Blocked == seen.Look.Blocked &&
		slices.EqualFunc(r.Look.Against, seen.Look.Against, slices.Equal[approvals.Text])
	if same {
		return l.again(job, slowestAgain, unclear)
	}
	r, err := l.Desk.Record(context.WithoutCancel(ctx), r.Number, seen, l.Now())
	switch {
	case errors.Is(err, approvals.ErrNotNow):
		return outbox.Done() // it was decided or edited meanwhile, and an edit has promised it anew
	case err != nil:
		return l.again(job, slowestLook, err.Error())
	case r.Look.Owed:
		return l.again(job, slowestAgain, unclear)
	}
	return outbox.Settled()
}

// blind says on the card since when the vendor cannot be read, once, and reads again later.
func (l *Looks) blind(ctx context.Context, job outbox.Job, r approvals.Request, cause error) outbox.Result {
	l.Log.WarnContext(ctx, "cannot read at the vendor what a request would change; it waits, and is read again", "request", r.Number, "err", cause)
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
