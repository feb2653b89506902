package reports

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// buildApp goes through an app's accounts once, and holds of each list only its beginning. Of an app that couldn't be read these are
// the accounts that were known last, and nothing is said to have changed.
func buildApp(a AppFacts, last Snapshot, now time.Time) (AppReport, error) {
	r := AppReport{App: a.App, Unreadable: a.Unreadable, At: now, Balance: a.Balance, Unused: a.Unused, Stayed: a.Stayed, Trend: a.Trend}
	saw, known := last.Apps[a.App.ID]
	before := saw.census(a.App, a.Before)
	census := a.Census
	switch {
	case a.Unreadable != nil:
		var listed bool
		census, listed = a.fallback(before)
		r.AsOf, r.IdleUnknown, known = census.At, listed && saw.Walk == 0, false
	case !says(a.App):
		census, known = a.Known, false
		census.Bought = cmp.Or(a.Bought, census.Bought) // the list is old, what is bought is not
		r.AsOf = census.At
	}
	if r.Bought = cmp.Or(census.Bought, a.Bought); !census.Walked() {
		return r, nil
	}
	w := newWalk(a)
	if known = known && before.Walked(); known {
		switch err := w.remember(before); {
		case errors.Is(err, ErrUnkept):
			return r, err
		case err != nil: // some of it is lost: better no comparison than a wrong one
			w.comparison, known = newComparison(), false
		}
	}
	if err := census.Each(w.see); err != nil {
		return r, err
	}
	if r.AsOf.IsZero() {
		r.At = census.At
	}
	if a.Unreadable == nil {
		r.BySort = bySort(a.App, w.sorts)
	}
	r.Used, r.Spare, r.Drift = w.used, len(w.spare), census.Drift
	r.Blocked, r.BlockedCount, r.Idle, r.IdleCount = w.blocked.list(), w.blocked.count, w.idle.list(), w.idle.count
	if known {
		r.Since = before.At
		if before.Bought > 0 && census.Bought > 0 {
			r.Changes.BoughtBy = census.Bought - before.Bought
		}
		return r, w.changes(before, &r.Changes)
	}
	return r, nil
}

// fallback is what an app is known by that could not be read: the latest of what is remembered; isLast says that it is what the last
// report saw.
func (a AppFacts) fallback(last Census) (c Census, isLast bool) {
	if a.Known.Walked() && !last.At.After(a.Known.At) || last.At.IsZero() || !last.Walked() {
		return a.Known, false
	}
	return last, true
}

// walk is what one walk over an app's accounts gathers.
type walk struct {
	AppFacts
	*comparison
	used int
	// spare are the addresses of seats that nobody uses and that are paid for, but for those whose account is there: an app that
	// says who has a seat counts them itself.
	spare   map[string]bool
	sorts   map[string]int
	blocked firsts[BlockedAccount]
	idle    firsts[approvals.Seat]
}

func newWalk(a AppFacts) *walk {
	spare := map[string]bool{}
	for _, u := range a.Unused {
		if !says(a.App) {
			spare[approvals.FoldEmail(u.Email)] = true
		}
	}
	return &walk{AppFacts: a, comparison: newComparison(), spare: spare, sorts: map[string]int{}, idle: firsts[approvals.Seat]{order: byAddress},
		blocked: firsts[BlockedAccount]{order: func(a, b BlockedAccount) int { return byAddress(a.Seat, b.Seat) }}}
}

func (w *walk) see(s approvals.Seat) {
	w.used++
	delete(w.spare, approvals.FoldEmail(s.Email))
	w.sorts[s.Sort]++
	if s.Blocked {
		since := w.BlockedSince[s.ID]
		w.blocked.add(BlockedAccount{Seat: s, Since: since.At, Before: since.Before, Why: w.Why[s.ID]})
	}
	if w.App.Idle(s) {
		w.idle.add(s)
	}
	w.compare(s)
}

func byAddress(a, b approvals.Seat) int {
	return cmp.Or(cmp.Compare(approvals.FoldEmail(a.Email), approvals.FoldEmail(b.Email)), cmp.Compare(a.ID, b.ID))
}

func bySort(app approvals.App, counts map[string]int) []SortCount {
	if app.Entry == nil || app.Entry.Sort == "" || !says(app) && counts[""] > 0 && len(counts) == 1 { // a list may have no roles
		return nil
	}
	var out []SortCount
	for _, t := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, SortCount{Sort: t, Count: counts[t]})
	}
	return out
}

// comparison holds what is there against what was there, by account id, and names by address. An account that is new and blocked
// is both; one that was blocked and is gone is only gone.
type comparison struct {
	// was are those that were there and have not been seen yet, of used in all.
	was                                     *tally
	usedBefore                              int
	added, removed, newlyBlocked, unblocked firsts[string]
}

func newComparison() *comparison {
	c := &comparison{was: newTally(0)}
	for _, f := range []*firsts[string]{&c.added, &c.removed, &c.newlyBlocked, &c.unblocked} {
		f.order = strings.Compare
	}
	return c
}

// remember takes in what was there.
func (c *comparison) remember(before Census) error {
	c.was, c.usedBefore = newTally(before.Count), before.Count
	return before.Each(func(s approvals.Seat) { c.was.set(s.ID, s.Blocked) })
}

func (c *comparison) compare(s approvals.Seat) {
	wasBlocked, known := c.was.take(s.ID)
	if !known {
		c.added.add(label(s))
	}
	switch {
	case s.Blocked && !wasBlocked:
		c.newlyBlocked.add(label(s))
	case !s.Blocked && wasBlocked:
		c.unblocked.add(label(s))
	}
}

// changes is what came of it. Whoever has not been seen is gone, and their address stands in what was there.
func (c *comparison) changes(before Census, out *Changes) error {
	err := before.Each(func(s approvals.Seat) {
		if c.was.has(s.ID) {
			c.removed.add(label(s))
		}
	})
	names := func(f *firsts[string]) Names { return Names{First: f.list(), Count: f.count} }
	*out = Changes{UsedBefore: c.usedBefore, Added: names(&c.added), Removed: names(&c.removed), NewlyBlocked: names(&c.newlyBlocked), Unblocked: names(&c.unblocked), BoughtBy: out.BoughtBy}
	return err
}
