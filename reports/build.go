package reports

import (
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports/history"
)

// Facts is everything one report is built from, as it was read.
type Facts struct {
	// Apps are in the order of the configuration.
	Apps []AppFacts
	// Pending, InDoubt, Failed, Ending and Running are requests in those states, newest first, as a Desk lists them.
	Pending []approvals.Request
	InDoubt []approvals.Request
	Failed  []approvals.Request
	Ending  []approvals.Request
	Running []approvals.Request
	// EndsSoon are the requests of which what they gave for a time is over soon, in no order.
	EndsSoon []approvals.Request
	// Events are what came of requests, the latest first: the first of them, and EventCount how many there are.
	Events     []Event
	EventCount int
	Head       approvals.Head
	// At is the moment that all of it is told of.
	At time.Time
}

// AppFacts is one app's accounts, or why they could not be read.
type AppFacts struct {
	App approvals.App
	// Census is of its accounts; not walked where it says nothing of them, or could not be read.
	Census     Census
	Unreadable approvals.Text // nil: it was read
	// Before is what the last report saw, where that is not in its snapshot; not walked: it is, or nobody knows it any more.
	Before Census
	// Known is what is remembered of it, where it could not be read, and what its last list has, where it does not say who has a
	// seat; not walked: nothing is known.
	Known Census
	// Bought is how many seats are said to be bought, beside what it says itself; 0: nobody said.
	Bought int
	// Why is what is known of why accounts are blocked, by their id.
	Why     map[string]approvals.Text
	Balance *approvals.Balance
	Unused  []approvals.Unused
	Stayed  approvals.Stayed
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
	// Alone says that nobody but AskedBy is shown it.
	Alone bool
	// As, To, Instead and Then are those of its Report.
	As      string
	To      approvals.PersonID
	Instead approvals.Text
	Then    bool
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
	r := Report{Name: o.Name, Slot: o.Slot, At: now, AskedBy: o.AskedBy, Alone: o.Alone, Sections: o.Sections, As: o.As, To: o.To, Instead: o.Instead, Head: f.Head, Since: last.made(), before: last.Told, Then: o.Then}
	for _, a := range f.Apps {
		app, err := buildApp(a, last, now)
		if err != nil {
			return r, err
		}
		r.Apps = append(r.Apps, app)
	}
	r.addRequests(f, now)
	r.addEvents(f)
	r.addCost()
	return r, nil
}
