package view

import (
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// lateCount says in the first line of a digest how much is there past its end; nil: nothing.
func lateCount(r reports.Report) approvals.Text {
	switch n := len(r.Late); {
	case n == 0 || !r.Shows(reports.SectionEnding):
		return nil
	case n == 1:
		return say("1 request %v past its end", age(r.At.Sub(r.Late[0].End.At)))
	default:
		return say("%v requests past their end, the first by %v", n, age(r.At.Sub(r.Late[0].End.At)))
	}
}

// overstaying is what was given for a time and is still there, for how long, and what is done about it. Why the vendor
// wouldn't take it back stands on the admins' card: more people read a digest.
func overstaying(r approvals.Request, now time.Time) approvals.Text {
	done := say("I keep trying")
	switch {
	case r.Working():
		done = r.Doing()
	case r.Removing() && r.End.Failed != nil:
		done = say("couldn't be removed; the admins know why, and %v", retrying(r))
	case r.State == approvals.InDoubt:
		done = say("in doubt whether it's gone; the admins can settle it")
	case r.End.Failed != nil:
		done = say("couldn't be removed; the admins know why, and I try again each day")
	}
	return say("• #%v · %v · %v late, since %v · %v", r.Number, subject(r), age(now.Sub(r.End.At)), r.End.At, done)
}

// age is how long something has been so, in whole days, or hours, or minutes.
func age(d time.Duration) string {
	for _, unit := range []time.Duration{24 * time.Hour, time.Hour} {
		if d >= unit {
			return approvals.Days(d.Truncate(unit))
		}
	}
	return approvals.Days(max(d.Truncate(time.Minute), time.Minute))
}
