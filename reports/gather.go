package reports

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports/history"
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
	// trendWeeks is how many weeks of the past a report shows.
	trendWeeks = 12
)

// Past is what is remembered of each app, day by day.
type Past interface {
	// Trend is an app over the weeks up to now; empty where nothing is remembered.
	Trend(ctx context.Context, app string, weeks int, now time.Time) (history.Trend, error)
	// BlockedSince is from when on those accounts that are blocked are known to be, by account id.
	BlockedSince(ctx context.Context, app string, now time.Time) (map[string]history.Since, error)
	// At is an app as it was last read before a moment, or at it; ok is false where nothing is remembered from so early.
	At(ctx context.Context, app string, when time.Time) (day history.Day, ok bool, err error)
}

// Gatherer reads what reports are built from: the same for one on schedule, one that is asked for, and one that is written to a file.
type Gatherer struct {
	Seats    Seats
	Requests Requests
	// Memory knows the head of the audit log.
	Memory Memory
	// Balances, Leftovers and Past may be nil: then nothing is known of that.
	Balances  Balances
	Leftovers Leftovers
	Past      Past
}

// Wish is what is to be gathered.
type Wish struct {
	// Apps are the ids of those that are wanted, in no order, and Sections what of them; none: all.
	Apps     []string
	Sections []Section
	// At is the moment of the past that is asked about; zero: now. Now is the time on the clock.
	At, Now time.Time
	// Occasion names what this is for: whoever gathers for the same occasion may share what was read.
	Occasion string
}

func (w Wish) app(id string) bool { return len(w.Apps) == 0 || slices.Contains(w.Apps, id) }

// Gather reads everything a report tells. An app that could not be read is marked as such, and why is
// in unread; err is a failure of our own store, which no report can do without.
func (g *Gatherer) Gather(ctx context.Context, w Wish) (f Facts, unread, err error) {
	for _, app := range g.Seats.Apps() {
		if !w.app(app.ID) {
			continue
		}
		a, err := g.readApp(ctx, app, w)
		if lost := g.beside(ctx, &a, w); lost != nil {
			return f, unread, lost
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
		if *list.to, err = g.Requests.Requests(ctx, approvals.Filter{State: list.state}, mostListed); err != nil {
			return f, unread, fmt.Errorf("list requests that are %s: %w", list.state, err)
		}
	}
	if f.Head, err = g.Memory.Head(ctx); err != nil {
		return f, unread, fmt.Errorf("read head of the audit log: %w", err)
	}
	return f, unread, nil
}

// beside reads what is known of an app without asking it.
func (g *Gatherer) beside(ctx context.Context, a *AppFacts, w Wish) (err error) {
	if a.Balance, err = g.balance(ctx, a.App.ID); err != nil {
		return err
	}
	if g.Leftovers != nil {
		if a.Unused, err = g.Leftovers.Unused(ctx, a.App); err != nil {
			return err
		}
		if a.Stayed, err = g.Leftovers.Stayed(ctx, a.App); err != nil {
			return err
		}
	}
	if g.Past == nil {
		return nil
	}
	if a.Trend, err = g.Past.Trend(ctx, a.App.ID, trendWeeks, w.Now); err != nil {
		return err
	}
	a.BlockedSince, err = g.Past.BlockedSince(ctx, a.App.ID, w.Now)
	return err
}

// balance is what is known of an app's units; nil: nobody watches them.
func (g *Gatherer) balance(ctx context.Context, app string) (*approvals.Balance, error) {
	if g.Balances == nil {
		return nil, nil
	}
	b, watched, err := g.Balances.Balance(ctx, app)
	if err != nil || !watched {
		return nil, err
	}
	return &b, nil
}

func (g *Gatherer) readApp(ctx context.Context, app approvals.App, _ Wish) (AppFacts, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if app.Entry == nil || !app.Entry.Reads.Used {
		return AppFacts{App: app}, nil // it does not say who has a seat
	}
	list, err := g.Seats.Seats(ctx, app.ID, true)
	if err == nil {
		return AppFacts{App: app, Census: CensusOf(list)}, nil
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
