package reports

import (
	"cmp"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// What came of requests. It follows from each request alone, so that it is the same whenever it is asked.

// EventKind is what came of a request.
type EventKind string

// What can have come of a request.
const (
	Granted   EventKind = "granted"
	Changed   EventKind = "changed"
	TakenBack EventKind = "taken back"
	Denied    EventKind = "denied"
	Expired   EventKind = "expired"
)

// Event is one request of which something came.
type Event struct {
	At      time.Time
	What    EventKind
	Request approvals.Request
	// By are those who allowed it, or denied it, or took it back: none where nobody had to. Rule is then the policy that
	// allows it by itself, or "" of what was over by itself.
	By   []approvals.Actor
	Rule string
}

func latestFirst(a, b Event) int {
	return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Request.Number, a.Request.Number))
}

// eventsOf is what came of one request so far: what was given for a time can have been given and taken back.
func eventsOf(r approvals.Request) (out []Event) {
	switch r.State {
	case approvals.Denied:
		out = append(out, decided(r, Denied))
	case approvals.Expired:
		out = append(out, Event{At: r.Decided, What: Expired, Request: r})
	case approvals.Done, approvals.Ending, approvals.Ended:
		out = append(out, given(r))
	}
	if r.State == approvals.Ended && r.End != nil && r.End.Outcome != nil {
		out = append(out, Event{At: r.End.Outcome.At, What: TakenBack, Request: r, By: byPeople(r.End.By)})
	}
	return out
}

// given is that a request was carried out.
func given(r approvals.Request) Event {
	e := decided(r, Granted)
	if r.Outcome != nil {
		e.At = r.Outcome.At
	}
	switch {
	case r.Extends != nil:
	case r.Form().Effect == catalog.Takes:
		e.What = TakenBack
	case r.Form().Effect == catalog.Changes:
		e.What = Changed
	}
	return e
}

// decided is a decision with who made it.
func decided(r approvals.Request, what EventKind) Event {
	e := Event{At: r.Decided, What: what, Request: r, By: byPeople(r.DecidedBy)}
	if yes := r.Yes(); what != Denied && len(yes) > 0 && r.Override == "" {
		e.By = yes
	}
	if len(e.By) == 0 {
		e.Rule = r.Rule.Policy
	}
	return e
}

func byPeople(by approvals.Actor) []approvals.Actor {
	if by == "" || by == approvals.Usher {
		return nil
	}
	return []approvals.Actor{by}
}

// freesSeat reports whether an event means that nobody has a seat any more that somebody had, and whether the seat itself was dropped:
// what a person takes away in an app of which the seat must be dropped as well frees it only where that was done.
func (e Event) freesSeat() (frees, dropped bool) {
	r := e.Request
	if e.What != TakenBack {
		return false, false
	}
	if r.End != nil {
		if a, ok := r.App.Entry.Action(r.Action); !ok || !a.New {
			return false, false
		}
	} else if !r.Form().Ends {
		return false, false
	}
	frees = true
	if r.Task != nil {
		for _, s := range r.Task.Steps {
			if s.Marks == catalog.SeatReleased {
				frees = s.Tick != nil && !s.Tick.Skipped
				dropped = frees
			}
		}
	}
	return frees, dropped
}
