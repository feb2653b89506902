package reports

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// ErrWhen is returned for what names no moment.
var ErrWhen = errors.New("expected a day (2026-11-20), a moment with its zone (2026-11-20T09:00Z), or a slot of the report (2026-11-20T09:00)")

// When is a moment of the past as somebody writes it; its zero value is now.
type When struct {
	at time.Time
	// slot is a local time, which only a schedule can place.
	slot string
}

// ParseWhen reads one; "" is now. A day is meant as it ended, in UTC.
func ParseWhen(text string) (When, error) {
	if text == "" {
		return When{}, nil
	}
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return When{at: at.AddDate(0, 0, 1).Add(-time.Second)}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return When{at: at}, nil
		}
	}
	if _, err := time.Parse(SlotLayout, text); err == nil {
		return When{slot: text}, nil
	}
	return When{}, ErrWhen
}

// of is the moment that is meant of a report; zero: now. A day that isn't over is now.
func (w When) of(c Config, now time.Time) (time.Time, error) {
	at := w.at
	if w.slot != "" {
		var ok bool
		if at, ok = c.Schedule.At(w.slot); !ok {
			return at, approvals.Refuse(approvals.Invalid, "%v isn't a slot of the report %v. Give one of its slots, a day such as 2026-11-20, or a moment with its zone such as 2026-11-20T09:00Z.", w.slot, c.Name)
		}
	}
	switch {
	case !at.After(now):
		return at, nil
	case w.slot == "" && at.Sub(now) < 24*time.Hour && at.UTC().Format(time.DateOnly) == now.UTC().Format(time.DateOnly):
		return time.Time{}, nil
	}
	return at, approvals.Refuse(approvals.Invalid, "%v is still to come. Leave the time out for the report as it would be now.", at)
}

// Preview is a report as it would be now, or as of a moment of the past that is remembered, with what it's built from. It is posted
// nowhere, and no later report is compared with it; what is read for it is kept for the day, as any reading is. What isn't remembered from so early is an *approvals.Error that says from when on it is.
func (r *Runner) Preview(ctx context.Context, name string, when When) (Report, Facts, error) {
	now := r.Planner.Now()
	c, err := r.named(name)
	if err != nil {
		return Report{}, Facts{}, err
	}
	at, err := when.of(c, now)
	if err != nil {
		return Report{}, Facts{}, err
	}
	if !at.IsZero() {
		return r.then(ctx, c, at)
	}
	last, err := r.Planner.remembered(ctx, c.Name)
	if err != nil {
		return Report{}, Facts{}, err
	}
	facts, unread, err := r.Gatherer.Gather(ctx, Wish{Apps: c.Apps, Sections: c.Sections, Now: now, Since: last.made(), Occasion: "preview of " + c.Name})
	if err != nil {
		return Report{}, Facts{}, err
	}
	if unread != nil {
		r.Planner.Log.WarnContext(ctx, "a report is written without all apps", "report", c.Name, "err", unread)
	}
	report, err := r.build(ctx, Occasion{Name: c.Name, Sections: c.Sections}, facts, last, now)
	return report, facts, err
}

// then is a report as of a moment of the past, compared with the slot before it.
func (r *Runner) then(ctx context.Context, c Config, at time.Time) (Report, Facts, error) {
	now, before := r.Planner.Now(), slotBefore(c.Schedule, at)
	facts, _, err := r.Gatherer.Gather(ctx, Wish{Apps: c.Apps, Sections: c.Sections, At: at, Now: now, Since: before})
	if err == nil {
		err = r.forgotten(ctx, facts, at, now)
	}
	var last Snapshot
	if err == nil {
		last, err = r.Gatherer.seenAt(ctx, &facts, before)
	}
	if err != nil {
		return Report{}, Facts{}, err
	}
	facts.Head = approvals.Head{} // that of now proves nothing of then
	report, err := Build(Occasion{Name: c.Name, Sections: c.Sections, Then: true}, facts, last, at)
	if kept := r.Gatherer.Kept; kept > 0 && before.Before(now.Add(-kept)) {
		report.Removed = approvals.Lasting(kept)
	}
	return report, facts, err
}

// slotBefore is when the last slot before a moment was due; zero: none was within some years.
func slotBefore(s Slots, at time.Time) (last time.Time) {
	for back := time.Hour; last.IsZero() && back < 8*366*24*time.Hour; back *= 4 {
		for _, due, ok := s.Next(at.Add(-back)); ok && due.Before(at); _, due, ok = s.Next(due) {
			last = due
		}
	}
	return last
}

// seenAt is the snapshot that a report would have left which was made at a moment, as far as its apps are remembered, with what it saw
// of them in the facts. Where the same reading is the last before both, nobody looked in between, and there is nothing to compare.
func (g *Gatherer) seenAt(ctx context.Context, f *Facts, at time.Time) (Snapshot, error) {
	last := Snapshot{At: at, Apps: map[string]AppSnapshot{}}
	if at.IsZero() || g.Past == nil {
		return last, nil
	}
	for i, a := range f.Apps {
		day, ok, err := g.Past.At(ctx, a.App.ID, at)
		if err != nil {
			return last, fmt.Errorf("read what %s was like before: %w", a.App.ID, err)
		}
		if ok && day.At.Before(a.Census.At) {
			f.Apps[i].Before = censusOf(a.App, day)
			last.Apps[a.App.ID] = AppSnapshot{At: day.At, Bought: day.Bought, Count: day.Count, Walk: remembered}
		}
	}
	return last, nil
}

// remembered stands for the number of a walk in what is of no walk but of a day in the history.
const remembered = -1

// named finds a report by its name, whatever the case.
func (r *Runner) named(name string) (Config, error) {
	var names []string
	for _, c := range r.Planner.Reports {
		if strings.EqualFold(c.Name, name) {
			return c, c.whole()
		}
		names = append(names, c.Name)
	}
	if len(names) == 0 {
		return Config{}, approvals.Refuse(approvals.NotFound, "No report is set up yet. Add one under reports in usher.yml.")
	}
	return Config{}, approvals.Refuse(approvals.NotFound, "There's no report called %v. I have: %v.", name, strings.Join(names, ", "))
}

// forgotten refuses a moment from which no app is remembered.
func (r *Runner) forgotten(ctx context.Context, f Facts, at, now time.Time) error {
	var first time.Time
	for _, a := range f.Apps {
		if a.Listing().Walked() {
			return nil
		}
		if r.Gatherer.Past == nil {
			continue
		}
		t, err := r.Gatherer.Past.Trend(ctx, a.App.ID, 1, now)
		if err != nil {
			return fmt.Errorf("read since when %s is remembered: %w", a.App.ID, err)
		}
		if !t.From.IsZero() && (first.IsZero() || t.From.Before(first)) {
			first = t.From
		}
	}
	if first.IsZero() {
		return approvals.Refuse(approvals.NotFound, "Nothing is remembered of %v: no app has been read and kept so far. Leave the time out for the report as it would be now.", at)
	}
	return approvals.Refuse(approvals.NotFound, "Nothing is remembered of %v. The first I know is from %v.", at, first)
}
