package reports

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Seats is what a report reads of vendors; an approvals.Inventory is one. An error that is an
// *approvals.Error bears a sentence for people; any other means that the vendor could not be read.
type Seats interface {
	Apps() []approvals.App
	Seats(ctx context.Context, app string, fresh bool) (approvals.SeatList, error)
}

// Requests lists requests, newest first; *approvals.Desk is one.
type Requests interface {
	Requests(ctx context.Context, f approvals.Filter, limit int) ([]approvals.Request, error)
}

// Balances says what is known of the units that an app's calls are paid from; ok is false where nobody watches them.
type Balances interface {
	Balance(ctx context.Context, app string) (b approvals.Balance, ok bool, err error)
}

// Leftovers says which seats of an app are still paid for and not used, as far as is known, and what else stays in it too long.
type Leftovers interface {
	Unused(ctx context.Context, app approvals.App) ([]approvals.Unused, error)
	Stayed(ctx context.Context, app approvals.App) (approvals.Stayed, error)
}

const (
	// mostListed is more requests than can be open: a person may have twenty.
	mostListed = 10_000
	// patience is how long one app's list may take to read, all pages and the client's own retries included.
	patience = 2 * time.Minute
)

// gather reads everything a report tells. An app that could not be read is marked as such, and why is
// in unread; err is a failure of our own store, which no report can do without.
func (r *Runner) gather(ctx context.Context) (f Facts, unread, err error) {
	for _, app := range r.Seats.Apps() {
		a, err := r.readApp(ctx, app)
		var lost error
		if a.Balance, lost = r.balance(ctx, app.ID); lost != nil {
			return f, unread, lost
		}
		if r.Leftovers != nil {
			if a.Unused, lost = r.Leftovers.Unused(ctx, app); lost != nil {
				return f, unread, lost
			}
			if a.Stayed, lost = r.Leftovers.Stayed(ctx, app); lost != nil {
				return f, unread, lost
			}
		}
		f.Apps = append(f.Apps, a)
		unread = errors.Join(unread, err)
	}
	for _, list := range []struct {
		state approvals.State
		to    *[]approvals.Request
	}{
		{approvals.Pending, &f.Pending},
		{approvals.InDoubt, &f.InDoubt},
		{approvals.Failed, &f.Failed},
		{approvals.Ending, &f.Ending},
	} {
		if *list.to, err = r.Requests.Requests(ctx, approvals.Filter{State: list.state}, mostListed); err != nil {
			return f, unread, fmt.Errorf("list requests that are %s: %w", list.state, err)
		}
	}
	if f.Head, err = r.Planner.Memory.Head(ctx); err != nil {
		return f, unread, fmt.Errorf("read head of the audit log: %w", err)
	}
	return f, unread, nil
}

// balance is what is known of an app's units; nil: nobody watches them.
func (r *Runner) balance(ctx context.Context, app string) (*approvals.Balance, error) {
	if r.Balances == nil {
		return nil, nil
	}
	b, watched, err := r.Balances.Balance(ctx, app)
	if err != nil || !watched {
		return nil, err
	}
	return &b, nil
}

func (r *Runner) readApp(ctx context.Context, app approvals.App) (AppFacts, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if app.Entry == nil || !app.Entry.Reads.Used {
		return AppFacts{App: app}, nil // it does not say who has a seat
	}
	list, err := r.Seats.Seats(ctx, app.ID, true)
	if err == nil {
		return AppFacts{App: app, Seats: list}, nil
	}
	return AppFacts{App: app, Unreadable: whyNot(err)}, fmt.Errorf("read seats of %s: %w", app.ID, err)
}

// whyNot is why an app's accounts are missing, in words for people. What is not meant for people can
// bear addresses with keys in them, and goes to the log only.
func whyNot(err error) approvals.Text {
	var say *approvals.Error
	if errors.As(err, &say) && len(say.Say) > 0 {
		return say.Say
	}
	return approvals.Sayf("it gave no usable answer, even after several tries. The next report tries again; `/access accounts` may work sooner.")
}
