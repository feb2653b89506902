package history

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// figures are one day of an app. They are stored as JSON: fields may be added, never renamed.
type figures struct {
	// Day is which one it is, and At when it was read.
	Day     string         `json:"-"`
	At      time.Time      `json:"at"`
	Used    int            `json:"used"`
	Bought  int            `json:"bought,omitempty"`
	Sorts   map[string]int `json:"sorts,omitempty"`
	Blocked int            `json:"blocked,omitempty"`
	Idle    int            `json:"idle,omitempty"`
	// Price is what a seat cost then a month; nil: nobody said.
	Price *price `json:"price,omitempty"`
	// From is the day whose accounts were kept whole, on which those of this one rest, and Prev the day before it, "" of one that is
	// whole. Bytes is how much is kept of its accounts.
	From  string `json:"from"`
	Prev  string `json:"prev,omitempty"`
	Bytes int    `json:"bytes"`
}

// price is an approvals.Price as it is stored.
type price struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

// point is a day as others see it.
func (f figures) point() Point {
	p := Point{At: f.At, Known: true, Used: f.Used, Bought: f.Bought, Blocked: f.Blocked, Idle: f.Idle}
	if f.Price != nil {
		p.Price = approvals.Price{Amount: f.Price.Amount, Currency: f.Price.Currency}
	}
	return p
}

// days are those that are kept of an app, in their order. One that can't be read is a gap.
func (k *Keeper) days(ctx context.Context, app, from string) (out []figures, err error) {
	err = k.Memory.HistoryDays(ctx, app, from, func(day string, raw []byte) {
		f := figures{Day: day}
		if err := json.Unmarshal(raw, &f); err != nil {
			k.Log.ErrorContext(ctx, "a remembered day of an app is damaged; it's a gap now", "app", app, "day", day, "err", err)
			return
		}
		out = append(out, f)
	})
	if err != nil {
		return nil, fmt.Errorf("read the days of %s: %w", app, err)
	}
	return out, nil
}

// chain are the days on which the accounts of the last of some rest: one that is whole, and what follows it.
func chain(days []figures) []figures {
	if len(days) == 0 {
		return nil
	}
	from := days[len(days)-1].From
	return days[slices.IndexFunc(days, func(f figures) bool { return f.From == from }):]
}

// accounts are those of the last of a chain of days: as the first has them, and each since has changed them.
func (k *Keeper) accounts(ctx context.Context, app string, days []figures) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		news := map[string]line{}
		if !whole(days) {
			yield(line{}, fmt.Errorf("read the accounts of %s: %w: a day is missing", app, errDamaged))
			return
		}
		for _, d := range days[1:] {
			for l, err := range k.kept(ctx, app, d.Day) {
				if err != nil {
					yield(line{}, err)
					return
				}
				news[l.ID] = l
			}
		}
		for l, err := range k.kept(ctx, app, days[0].Day) {
			if now, changed := news[l.ID]; changed {
				l = now
				delete(news, l.ID)
			}
			if (err != nil || !l.Gone) && !yield(l, err) || err != nil {
				return
			}
		}
		for _, id := range slices.Sorted(maps.Keys(news)) {
			if l := news[id]; !l.Gone && !yield(l, nil) {
				return
			}
		}
	}
}

// whole reports whether a chain begins with a day that is whole, and leaves none out.
func whole(days []figures) bool {
	for i, d := range days {
		if i == 0 && d.Day != d.From || i > 0 && d.Prev != days[i-1].Day {
			return false
		}
	}
	return true
}

// kept are the lines of one day.
func (k *Keeper) kept(ctx context.Context, app, day string) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		raw, err := k.Memory.HistoryAccounts(ctx, app, day)
		if err == nil && raw == nil {
			err = fmt.Errorf("%w: it has no accounts", errDamaged)
		}
		if err != nil {
			yield(line{}, fmt.Errorf("read the accounts of %s on %s: %w", app, day, err))
			return
		}
		for l, err := range lines(raw) {
			if err != nil {
				err = fmt.Errorf("read the accounts of %s on %s: %w", app, day, err)
			}
			if !yield(l, err) || err != nil {
				return
			}
		}
	}
}

// until are the days that were read at a moment or before.
func (k *Keeper) until(ctx context.Context, app string, when time.Time) ([]figures, error) {
	days, err := k.days(ctx, app, "")
	return slices.DeleteFunc(days, func(f figures) bool { return f.At.After(when) }), err
}

// At is an app as it was last seen at a moment or before; false: nothing is remembered of then.
func (k *Keeper) At(ctx context.Context, app string, when time.Time) (Day, bool, error) {
	days, err := k.until(ctx, app, when)
	if err != nil || len(days) == 0 {
		return Day{}, false, err
	}
	last := days[len(days)-1]
	return Day{At: last.At, Bought: last.Bought, Count: last.Used, All: func(yield func(approvals.Seat, error) bool) {
		for l, err := range k.accounts(ctx, app, chain(days)) {
			if !yield(l.seat(), err) {
				return
			}
		}
	}}, true, nil
}

// BlockedSince says of the accounts that were blocked by limits when the app was last seen at a moment or before since when they
// were, by the vendor's id.
func (k *Keeper) BlockedSince(ctx context.Context, app string, now time.Time) (map[string]Since, error) {
	out := map[string]Since{}
	days, err := k.until(ctx, app, now)
	if err != nil || len(days) == 0 {
		return out, err
	}
	for l, err := range k.accounts(ctx, app, chain(days)) {
		if err != nil {
			return out, err
		}
		if l.Blocked != nil {
			out[l.ID] = l.Blocked.since()
		}
	}
	return out, nil
}
