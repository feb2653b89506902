package reports

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// buildApp goes through an app's accounts once, and holds of each list only its beginning.
func buildApp(a AppFacts, last Snapshot, now time.Time) (AppReport, error) {
	r := AppReport{App: a.App, Unreadable: a.Unreadable, At: now, Balance: a.Balance, Unused: a.Unused, Stayed: a.Stayed, Trend: a.Trend}
	if a.Unreadable != nil || !a.Census.Walked() {
		return r, nil
	}
	blocked, idle := firsts[BlockedAccount]{order: func(a, b BlockedAccount) int { return byAddress(a.Seat, b.Seat) }}, firsts[approvals.Seat]{order: byAddress}
	sorts, before, known := map[string]int{}, last.Apps[a.App.ID].Accounts, false
	if _, known = last.Apps[a.App.ID]; known {
		r.Since = last.Apps[a.App.ID].At
	}
	c := newComparison(before)
	err := a.Census.Each(func(s approvals.Seat) {
		r.Used++
		sorts[s.Sort]++
		if s.Blocked {
			since := a.BlockedSince[s.ID]
			blocked.add(BlockedAccount{Seat: s, Since: since.At, Before: since.Before})
		}
		if a.App.Idle(s) {
			idle.add(s)
		}
		if known {
			c.see(s)
		}
	})
	if err != nil {
		return r, err
	}
	r.At, r.Bought, r.Drift, r.BySort = a.Census.At, a.Census.Bought, a.Census.Drift, bySort(a.App, sorts)
	r.Blocked, r.BlockedCount, r.Idle, r.IdleCount = blocked.list(), blocked.count, idle.list(), idle.count
	if known {
		r.Changes = c.changes()
	}
	return r, nil
}

func byAddress(a, b approvals.Seat) int {
	return cmp.Or(cmp.Compare(approvals.FoldEmail(a.Email), approvals.FoldEmail(b.Email)), cmp.Compare(a.ID, b.ID))
}

func bySort(app approvals.App, counts map[string]int) []SortCount {
	if app.Entry.Sort == "" {
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
	before, gone                            map[string]Account
	added, removed, newlyBlocked, unblocked firsts[string]
}

func newComparison(before map[string]Account) *comparison {
	c := &comparison{before: before, gone: maps.Clone(before)}
	for _, f := range []*firsts[string]{&c.added, &c.removed, &c.newlyBlocked, &c.unblocked} {
		f.order = strings.Compare
	}
	return c
}

func (c *comparison) see(s approvals.Seat) {
	old, known := c.before[s.ID]
	delete(c.gone, s.ID)
	if !known {
		c.added.add(label(s))
	}
	switch {
	case s.Blocked && !old.Blocked:
		c.newlyBlocked.add(label(s))
	case !s.Blocked && old.Blocked:
		c.unblocked.add(label(s))
	}
}

func (c *comparison) changes() Changes {
	for _, old := range c.gone {
		c.removed.add(old.Email)
	}
	names := func(f *firsts[string]) Names { return Names{First: f.list(), Count: f.count} }
	return Changes{UsedBefore: len(c.before), Added: names(&c.added), Removed: names(&c.removed), NewlyBlocked: names(&c.newlyBlocked), Unblocked: names(&c.unblocked)}
}
