package reports

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

const (
	// perPage is how many requests are looked through at a time: there may be years of them.
	perPage = 500
	// eventsFor is how far back is looked for what came of requests where nobody says since when.
	eventsFor = 35 * 24 * time.Hour
	// endsWithin is how soon what was given for a time is over to be told of.
	endsWithin = 14 * 24 * time.Hour
)

// requests reads what a report tells of requests. What they were at a moment of the past is known of those that waited then, of
// what came of them and of what was to end; not of who was carrying one out, nor what was in doubt.
func (g *Gatherer) requests(ctx context.Context, w Wish, f *Facts) error {
	if w.At.IsZero() {
		for _, list := range []struct {
			state approvals.State
			to    *[]approvals.Request
		}{
			{approvals.Pending, &f.Pending},
			{approvals.InDoubt, &f.InDoubt},
			{approvals.Failed, &f.Failed},
			{approvals.Ending, &f.Ending},
			{approvals.Running, &f.Running},
		} {
			all, err := g.Requests.Requests(ctx, approvals.Filter{State: list.state}, mostListed)
			if err != nil {
				return fmt.Errorf("list requests that are %s: %w", list.state, err)
			}
			*list.to = w.of(all)
		}
	}
	if w.At.IsZero() && !shows(w.Sections, SectionChanges) && !shows(w.Sections, SectionEnding) && !shows(w.Sections, SectionCost) {
		return nil
	}
	return g.through(ctx, w, f)
}

// through goes through all requests, those that are over too, page by page.
func (g *Gatherer) through(ctx context.Context, w Wish, f *Facts) error {
	now, since := w.moment(), w.Since
	if since.IsZero() {
		since = now.Add(-eventsFor)
	}
	events := firsts[Event]{order: latestFirst}
	for below := int64(0); ; {
		page, err := g.Requests.Requests(ctx, approvals.Filter{All: true, Below: below}, perPage)
		if err != nil {
			return fmt.Errorf("list requests below %d: %w", below, err)
		}
		for _, r := range w.of(page) {
			for _, e := range eventsOf(r) {
				if e.At.After(since) && !e.At.After(now) {
					events.add(e)
				}
			}
			if endsSoon(r, now) {
				f.EndsSoon = append(f.EndsSoon, r)
			}
			if !w.At.IsZero() && waitedAt(r, w.At) {
				f.Pending = append(f.Pending, r)
			}
		}
		if len(page) < perPage {
			break
		}
		below = page[len(page)-1].Number
	}
	f.Events, f.EventCount = slices.Clip(events.list()), events.count
	return nil
}

// moment is the time that is asked about.
func (w Wish) moment() time.Time {
	if w.At.IsZero() {
		return w.Now
	}
	return w.At
}

// of are those of some requests that are about an app that is wanted: whoever reads of some apps is shown nothing of the others.
func (w Wish) of(list []approvals.Request) []approvals.Request {
	return slices.DeleteFunc(slices.Clone(list), func(q approvals.Request) bool { return !w.app(q.App.ID) })
}

// waitedAt reports whether a request was undecided at a moment.
func waitedAt(r approvals.Request, at time.Time) bool {
	return !r.Asked.After(at) && (r.Decided.IsZero() || r.Decided.After(at))
}

// endsSoon reports whether what a request gave for a time is there at a moment, and over soon after.
func endsSoon(r approvals.Request, at time.Time) bool {
	given := r.Outcome != nil && !r.Outcome.At.After(at)
	return given && slices.Contains([]approvals.State{approvals.Done, approvals.Ending, approvals.Ended}, r.State) &&
		r.EndsAt.After(at) && r.EndsAt.Sub(at) <= endsWithin && (r.End == nil || r.End.At.After(at))
}
