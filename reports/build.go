package reports

import (
	"cmp"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports/history"
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
	App approvals.App
	// Census is of its accounts; not walked where it says nothing of them, or could not be read.
	Census     Census
	Unreadable approvals.Text // nil: it was read
	Balance    *approvals.Balance
	Unused     []approvals.Unused
	Stayed     approvals.Stayed
	// Trend and BlockedSince are what is remembered of it.
	Trend        history.Trend
	BlockedSince map[string]history.Since
}

// Occasion is what a report is for: a slot, or somebody who asked.
type Occasion struct {
	Name    string
	Slot    string
	AskedBy approvals.PersonID
	// Sections are those that are wanted; none: all.
	Sections []Section
}

const (
	// mostWaiting is how many waiting requests a report carries; of the rest it says how many.
	mostWaiting = 100
	// failedFor is how long a failed request is called stuck, where it can be tried again for so long.
	failedFor = 30 * 24 * time.Hour
)

// Build makes the report that follows from what was read and from the last one posted. It fails only where a census can't be
// gone through.
func Build(o Occasion, f Facts, last Snapshot, now time.Time) (Report, error) {
	r := Report{Name: o.Name, Slot: o.Slot, At: now, AskedBy: o.AskedBy, Sections: o.Sections, Head: f.Head}
	for _, a := range f.Apps {
		app, err := buildApp(a, last, now)
		if err != nil {
			return r, err
		}
		r.Apps = append(r.Apps, app)
		if r.Since.Before(app.Since) {
			r.Since = app.Since
		}
	}
	waiting := oldestFirst(f.Pending)
	r.Waiting = waiting[:min(len(waiting), mostWaiting)]
	r.WaitingMore = len(waiting) - len(r.Waiting)
	r.Late = late(f, now)
	doubt := slices.DeleteFunc(slices.Clone(f.InDoubt), approvals.Request.Late)
	r.Stuck = oldestFirst(append(doubt, recent(f.Failed, now)...))
	return r, nil
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
