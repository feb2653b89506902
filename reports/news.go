package reports

import (
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// News reports whether a report tells anything that the one before couldn't. Where there was none before, or an app could not be
// read, nobody can say that nothing changed: that is news as well.
func (r Report) News() bool {
	if r.Since.IsZero() || r.EventCount > 0 {
		return true
	}
	if slices.ContainsFunc(r.Apps, func(a AppReport) bool { return a.Unreadable != nil || !a.Changes.None() }) {
		return true
	}
	since := func(at func(approvals.Request) time.Time) func(approvals.Request) bool {
		return func(q approvals.Request) bool { return at(q).After(r.Since) }
	}
	return slices.ContainsFunc(r.Waiting, since(func(q approvals.Request) time.Time { return q.Asked })) ||
		slices.ContainsFunc(r.Tasks, since(func(q approvals.Request) time.Time { return q.Task.Since })) ||
		slices.ContainsFunc(r.Late, since(func(q approvals.Request) time.Time { return q.End.At })) ||
		slices.ContainsFunc(r.Stuck, since(func(q approvals.Request) time.Time { return stuckSince(q) }))
}

// stuckSince is when what an admin has to settle came about.
func stuckSince(q approvals.Request) time.Time {
	switch {
	case q.Doubt != nil:
		return q.Doubt.Since
	case q.Outcome != nil:
		return q.Outcome.At
	}
	return q.Started
}
