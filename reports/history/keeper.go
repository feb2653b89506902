package history

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
)

// DefaultKept is how long days are remembered where nobody says.
const DefaultKept = 2 * 365 * 24 * time.Hour

// Keeper remembers apps, day by day. Its methods are safe for concurrent use.
type Keeper struct {
	Memory Memory
	// For is how long a day is remembered; 0: DefaultKept.
	For time.Duration
	// Bought is how many seats were bought of the apps whose lists don't say, by their ids.
	Bought map[string]int
	Now    func() time.Time
	Log    *slog.Logger

	taking sync.Mutex
}

// Remember takes in the accounts that an app was read to have, as Take does.
func (k *Keeper) Remember(ctx context.Context, all approvals.Accounts, sure bool) error {
	return k.Take(ctx, all.App, DayOf(all), sure)
}

// Take keeps what a reading showed for its day, unless that is kept already. It is one commit: a crash before it leaves the day to
// the next reading, and one after it leaves it kept, whether or not the store could say so. What suddenly shows nobody, or half of
// what there was, isn't kept unless somebody is sure of it. Nor is what was read under a clock that has been put back since: its day is
// still to come.
func (k *Keeper) Take(ctx context.Context, app approvals.App, d Day, sure bool) error {
	if d.At.After(k.Now().Add(ahead)) {
		k.Log.WarnContext(ctx, "an app was read by a clock that was ahead, and isn't remembered for that day", "app", app.ID, "read", d.At)
		return nil
	}
	k.taking.Lock()
	defer k.taking.Unlock()
	for range attempts {
		kept, err := k.take(ctx, app, d, sure)
		if err != nil && !errors.Is(err, approvals.ErrUnknownOutcome) {
			return err
		}
		if err == nil && kept {
			return k.prune(ctx)
		}
	}
	return fmt.Errorf("keep a day of %s: it can't be told whether it is kept", app.ID)
}

// ahead is how far a reading may lie ahead of the clock.
const ahead = 5 * time.Minute

// attempts is how often a day is kept anew where somebody else kept one meanwhile, or the store couldn't tell.
const attempts = 3

// take reports whether the day is kept, or needn't be. False: another one was kept meanwhile.
func (k *Keeper) take(ctx context.Context, app approvals.App, d Day, sure bool) (bool, error) {
	days, err := k.lately(ctx, app.ID, d.At)
	if err != nil {
		return false, err
	}
	if days, err = k.present(ctx, app.ID, days); err != nil {
		return false, err
	}
	day, last := dayOf(d.At), ""
	if len(days) > 0 {
		was := days[len(days)-1]
		if last = was.Day; last >= day || !sure && approvals.Fewer(was.Used, d.Count) {
			return true, nil
		}
	}
	is, accounts, err := k.compare(ctx, app, days, d)
	if errors.Is(err, errDamaged) {
		k.Log.ErrorContext(ctx, "what an app was like is damaged; it's remembered anew from today on", "app", app.ID, "err", err)
		is, accounts, err = k.compare(ctx, app, nil, d)
	}
	if err != nil {
		return false, err
	}
	raw, err := json.Marshal(is)
	if err != nil {
		return false, fmt.Errorf("encode a day of %s: %w", app.ID, err)
	}
	kept, err := k.Memory.KeepDay(ctx, app.ID, last, day, raw, accounts)
	if err != nil {
		return false, fmt.Errorf("keep a day of %s: %w", app.ID, err)
	}
	return kept, nil
}

// lately are the last days that are kept, at least those on which one at a moment can rest; all of them where those are older.
func (k *Keeper) lately(ctx context.Context, app string, at time.Time) ([]figures, error) {
	days, err := k.days(ctx, app, dayOf(at.Add(-twoMonths)))
	if err != nil || len(days) > 0 && days[0].Day <= days[len(days)-1].From {
		return days, err
	}
	return k.days(ctx, app, "")
}

const twoMonths = 62 * 24 * time.Hour

// dayOf is the day of a moment.
func dayOf(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// present are the days but those that lie ahead, which are forgotten: they were kept under a clock that has been set back since, and
// would keep every day before them from being kept.
func (k *Keeper) present(ctx context.Context, app string, days []figures) ([]figures, error) {
	ahead := dayOf(k.Now().Add(2 * 24 * time.Hour))
	i, _ := slices.BinarySearchFunc(days, ahead, func(f figures, day string) int { return cmp.Compare(f.Day, day) })
	if i == len(days) {
		return days, nil
	}
	if err := k.Memory.ForgetDays(ctx, app, ahead, ""); err != nil {
		return nil, fmt.Errorf("forget days of %s that lie ahead: %w", app, err)
	}
	return days[:i], nil
}

// compare is a day's figures, and what is to be kept of its accounts: all of them where a month begins or too much has changed since
// they were, else what is new since the last of the days before.
func (k *Keeper) compare(ctx context.Context, app approvals.App, days []figures, d Day) (is figures, accounts []byte, err error) {
	c, err := k.comparison(ctx, app, days, d)
	if err != nil {
		return is, nil, err
	}
	is = figures{At: d.At.UTC(), Bought: cmp.Or(d.Bought, k.Bought[app.ID]), From: c.from}
	if !c.whole {
		is.Prev = days[len(days)-1].Day
	}
	if app.Price.Currency != "" {
		is.Price = &price{app.Price.Amount, app.Price.Currency}
	}
	if app.Entry != nil && app.Entry.Sort != "" {
		is.Sorts = map[string]int{}
	}
	for s, err := range d.All {
		if err == nil {
			err = c.account(s)
		}
		if err != nil {
			return is, nil, fmt.Errorf("go through the accounts of %s: %w", app.ID, err)
		}
		is.count(app, s)
	}
	if err := c.gone(); err != nil {
		return is, nil, err
	}
	accounts, err = c.out.done()
	is.Bytes = len(accounts)
	return is, accounts, err
}

// count takes an account into the figures.
func (f *figures) count(app approvals.App, s approvals.Seat) {
	f.Used++
	if f.Sorts != nil {
		f.Sorts[s.Sort]++
	}
	if s.Blocked {
		f.Blocked++
	}
	if app.Idle(s) {
		f.Idle++
	}
}
