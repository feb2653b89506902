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
	// Imported is who has a seat by the list that was imported last of an app which doesn't say so itself; of no time: there is none.
	Imported(ctx context.Context, app approvals.App) (approvals.SeatList, error)
}

const (
	// mostListed is more requests than can be open: a person may have twenty.
	mostListed = 10_000
	// patience is how long one app's list may take to read, all pages and the client's own retries included.
	patience = 2 * time.Minute
	// mostLooked is how many blocked accounts of an app are looked at for their limits.
	mostLooked = 10
	// trendWeeks is how many weeks of the past a report shows.
	trendWeeks = 12
)

// Past is what is remembered of each app, day by day.
type Past interface {
	// Take remembers what a reading showed for its day, unless something is remembered of it. What suddenly shows nobody, or half of
	// what there was, it leaves out unless somebody is sure of it.
	Take(ctx context.Context, app approvals.App, d history.Day, sure bool) error
	// Trend is an app over the weeks up to now; empty where nothing is remembered.
	Trend(ctx context.Context, app string, weeks int, now time.Time) (history.Trend, error)
	// BlockedSince is from when on those accounts that were blocked at a moment are known to have been, by account id.
	BlockedSince(ctx context.Context, app string, now time.Time) (map[string]history.Since, error)
	// At is an app as it was last read before a moment, or at it; ok is false where nothing is remembered from so early.
	At(ctx context.Context, app string, when time.Time) (day history.Day, ok bool, err error)
}

// Limits say why an account may be blocked: which limits it has, as part of a sentence; nil: that doesn't show.
type Limits interface {
	Limits(ctx context.Context, app string, s approvals.Seat) (approvals.Text, error)
}

// Gatherer reads what reports are built from: the same for one on schedule, one that is asked for, and one that is written to a file.
type Gatherer struct {
	Seats    Seats
	Requests Requests
	// Memory knows the head of the audit log.
	Memory Memory
	// Balances, Leftovers, Past and Limits may be nil: then nothing is known of that.
	Balances  Balances
	Leftovers Leftovers
	Past      Past
	Limits    Limits
	// Walker walks over the accounts of apps; nil: each list is read in one go.
	Walker Walker
	// Bought is how many seats the configuration says were bought, by the ids of apps.
	Bought map[string]int
	// Kept is how long closed requests are kept; 0: for ever.
	Kept time.Duration
}

// Wish is what is to be gathered.
type Wish struct {
	// Apps are the ids of those that are wanted, in no order, and Sections what of them; none: all.
	Apps     []string
	Sections []Section
	// At is the moment of the past that is asked about; zero: now. Now is the time on the clock, and Since when the report was
	// made with which this one is compared; zero: nobody knows.
	At, Now, Since time.Time
	// Occasion names what this is for: whoever gathers for the same occasion may share what was read.
	Occasion string
	// Fresh is the moment from which on what is read may have been read, where somebody else had it read; zero: now.
	Fresh time.Time
	// Told hears how many accounts of an app were read of about how many (0: nobody knows), and must not wait; nil: nobody hears.
	Told func(app approvals.App, read, about int)
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
		if errors.Is(err, ErrUnkept) {
			return f, unread, err
		}
		if lost := g.beside(ctx, &a, w); lost != nil {
			return f, unread, lost
		}
		f.Apps = append(f.Apps, a)
		unread = errors.Join(unread, err)
	}
	f.At = w.moment()
	if err = g.requests(ctx, w, &f); err != nil {
		return f, unread, err
	}
	if f.Head, err = g.Memory.Head(ctx); err != nil {
		return f, unread, fmt.Errorf("read head of the audit log: %w", err)
	}
	return f, unread, nil
}

// beside reads what is known of an app without asking it, and of what couldn't be read what is remembered.
func (g *Gatherer) beside(ctx context.Context, a *AppFacts, w Wish) (err error) {
	if g.Past != nil {
		if err := g.remembered(ctx, a, w); err != nil {
			return err
		}
	}
	if !w.At.IsZero() {
		return nil // what follows is known of now alone
	}
	a.Bought = g.Bought[a.App.ID]
	if a.Balance, err = g.balance(ctx, a.App.ID); err != nil || g.Leftovers == nil {
		return err
	}
	if a.Unused, err = g.Leftovers.Unused(ctx, a.App); err != nil {
		return err
	}
	if a.Stayed, err = g.Leftovers.Stayed(ctx, a.App); err != nil {
		return err
	}
	return g.listed(ctx, a)
}

func (g *Gatherer) remembered(ctx context.Context, a *AppFacts, w Wish) (err error) {
	if err = g.remember(ctx, a, w); err != nil {
		return err
	}
	if a.Trend, err = g.Past.Trend(ctx, a.App.ID, trendWeeks, w.moment()); err != nil {
		return err
	}
	if a.Unreadable != nil || !says(a.App) {
		day, ok, err := g.Past.At(ctx, a.App.ID, w.moment())
		if err != nil {
			return err
		}
		if ok {
			a.Known = censusOf(a.App, day)
		}
	}
	a.BlockedSince, err = g.Past.BlockedSince(ctx, a.App.ID, w.moment())
	return err
}

// censusOf is a day of the past as a census.
func censusOf(app approvals.App, d history.Day) Census {
	return Census{App: app, At: d.At, Bought: d.Bought, Count: d.Count, All: d.All}
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

// readApp goes through an app's accounts, as they are now or as they are remembered.
func (g *Gatherer) readApp(ctx context.Context, app approvals.App, w Wish) (AppFacts, error) {
	if !says(app) {
		return AppFacts{App: app}, nil
	}
	if !w.At.IsZero() {
		return g.then(ctx, app, w.At)
	}
	census, err := g.census(ctx, app, w)
	if err != nil {
		return AppFacts{App: app, Unreadable: whyNot(err)}, fmt.Errorf("read seats of %s: %w", app.ID, err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a := AppFacts{App: app, Census: census}
	return a, g.whyBlocked(ctx, &a)
}

// then is an app as it is remembered from a moment of the past.
func (g *Gatherer) then(ctx context.Context, app approvals.App, at time.Time) (AppFacts, error) {
	a := AppFacts{App: app, Unreadable: approvals.Sayf("nothing is remembered of it from so early.")}
	if g.Past == nil {
		return a, nil
	}
	day, ok, err := g.Past.At(ctx, app.ID, at)
	if err != nil || !ok {
		return a, err
	}
	return AppFacts{App: app, Census: censusOf(app, day)}, nil
}

// whyBlocked looks at the first accounts that are blocked: at so few of them that it neither takes long nor uses up what the vendor
// allows. What can't be read of one is not known, and no trouble.
func (g *Gatherer) whyBlocked(ctx context.Context, a *AppFacts) error {
	reads := a.App.Entry.Reads
	if g.Limits == nil || !reads.Blocked || !reads.Details {
		return nil
	}
	blocked := firsts[approvals.Seat]{order: byAddress}
	if err := a.Census.Each(func(s approvals.Seat) {
		if s.Blocked {
			blocked.add(s)
		}
	}); err != nil {
		return err
	}
	a.Why = map[string]approvals.Text{}
	list := blocked.list()
	for _, s := range list[:min(len(list), mostLooked)] {
		if why, err := g.Limits.Limits(ctx, a.App.ID, s); err == nil && why != nil {
			a.Why[s.ID] = why
		}
	}
	return nil
}

func (g *Gatherer) census(ctx context.Context, app approvals.App, w Wish) (Census, error) {
	if g.Walker != nil {
		fresh := w.Fresh
		if fresh.IsZero() {
			fresh = w.Now
		}
		return g.Walker.Census(ctx, app, fresh, func(read, about int) {
			if w.Told != nil {
				w.Told(app, read, about)
			}
		})
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	list, err := g.Seats.Seats(ctx, app.ID, true)
	return CensusOf(list), err
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
