package reports

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Facts is everything one report is built from, as it was read.
type Facts struct {
	// Apps are in the order of the configuration.
	Apps []AppFacts
	// Pending, InDoubt, Failed and Ending are requests in those states, newest first, as a Desk lists them.
	Pending []approvals.Request
	InDoubt []approvals.Request
	Failed  []approvals.Request
	Ending  []approvals.Request
	Head    approvals.Head
}

// AppFacts is one app's accounts, or why they could not be read.
type AppFacts struct {
	App        approvals.App
	Seats      approvals.SeatList
	Unreadable approvals.Text // nil: Seats were read
	Balance    *approvals.Balance
	Unused     []approvals.Unused
	Stayed     approvals.Stayed
}

// Occasion is what a report is for: a slot, or somebody who asked.
type Occasion struct {
	Name    string
	Slot    string
	AskedBy approvals.PersonID
}

const (
	// mostWaiting is how many waiting requests a report carries; of the rest it says how many.
	mostWaiting = 100
	// failedFor is how long a failed request is called stuck, where it can be tried again for so long.
	failedFor = 30 * 24 * time.Hour
)

// Build makes the report that follows from what was read and from the last one posted.
func Build(o Occasion, f Facts, last Snapshot, now time.Time) Report {
	r := Report{Name: o.Name, Slot: o.Slot, At: now, AskedBy: o.AskedBy, Head: f.Head}
	for _, a := range f.Apps {
		r.Apps = append(r.Apps, buildApp(a, last, now))
	}
	waiting := oldestFirst(f.Pending)
	r.Waiting = waiting[:min(len(waiting), mostWaiting)]
	r.WaitingMore = len(waiting) - len(r.Waiting)
	r.Late = late(f, now)
	doubt := slices.DeleteFunc(slices.Clone(f.InDoubt), approvals.Request.Late)
	r.Stuck = oldestFirst(append(doubt, recent(f.Failed, now)...))
	return r
}

// late picks what is past its end and not gone.
func late(f Facts, now time.Time) []approvals.Request {
	var out []approvals.Request
	for _, r := range slices.Concat(f.Ending, f.InDoubt) {
		if r.Overstays(now) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b approvals.Request) int {
		return cmp.Or(a.End.At.Compare(b.End.At), cmp.Compare(a.Number, b.Number))
	})
	return out
}

func buildApp(a AppFacts, last Snapshot, now time.Time) AppReport {
	r := AppReport{App: a.App, Unreadable: a.Unreadable, At: a.Seats.At, Balance: a.Balance, Unused: a.Unused, Stayed: a.Stayed}
	if a.Unreadable != nil {
		r.At = now
		return r
	}
	if !r.Reads().Used {
		r.At = now
		return r
	}
	seats := slices.SortedFunc(slices.Values(a.Seats.Seats), byAddress)
	r.Used, r.Bought, r.BySort = len(seats), a.Seats.Bought, bySort(a.App, seats)
	r.Blocked = only(seats, func(s approvals.Seat) bool { return s.Blocked })
	if r.Reads().Holds {
		r.Without = only(seats, a.App.Idle)
	}
	if before, known := last.Apps[a.App.ID]; known {
		r.Since, r.Changes = before.At, changes(before.Accounts, seats)
	}
	return r
}

func byAddress(a, b approvals.Seat) int {
	return cmp.Or(cmp.Compare(approvals.FoldEmail(a.Email), approvals.FoldEmail(b.Email)), cmp.Compare(a.ID, b.ID))
}

func only(seats []approvals.Seat, keep func(approvals.Seat) bool) []approvals.Seat {
	var out []approvals.Seat
	for _, s := range seats {
		if keep(s) {
			out = append(out, s)
		}
	}
	return out
}

func bySort(app approvals.App, seats []approvals.Seat) []SortCount {
	if app.Entry.Sort == "" {
		return nil
	}
	counts := map[string]int{}
	for _, s := range seats {
		counts[s.Sort]++
	}
	var out []SortCount
	for _, t := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, SortCount{Sort: t, Count: counts[t]})
	}
	return out
}

// changes compares by account id and names by address. An account that is new and blocked is both; one
// that was blocked and is gone is only gone.
func changes(before map[string]Account, seats []approvals.Seat) Changes {
	c := Changes{UsedBefore: len(before)}
	gone := maps.Clone(before)
	for _, s := range seats {
		old, known := before[s.ID]
		delete(gone, s.ID)
		if !known {
			c.Added = append(c.Added, label(s))
		}
		switch {
		case s.Blocked && !old.Blocked:
			c.NewlyBlocked = append(c.NewlyBlocked, label(s))
		case !s.Blocked && old.Blocked:
			c.Unblocked = append(c.Unblocked, label(s))
		}
	}
	for _, old := range gone {
		c.Removed = append(c.Removed, old.Email)
	}
	for _, list := range [][]string{c.Added, c.Removed, c.NewlyBlocked, c.Unblocked} {
		slices.Sort(list)
	}
	return c
}

// recent picks what failed not too long ago, and can be tried again still.
func recent(failed []approvals.Request, now time.Time) []approvals.Request {
	var out []approvals.Request
	for _, r := range failed {
		at := r.Decided
		if r.Outcome != nil {
			at = r.Outcome.At
		}
		if now.Sub(at) <= failedFor && !r.Lapsed {
			out = append(out, r)
		}
	}
	return out
}

func oldestFirst(list []approvals.Request) []approvals.Request {
	return slices.SortedFunc(slices.Values(list), func(a, b approvals.Request) int { return cmp.Compare(a.Number, b.Number) })
}
