package view

import (
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// fine is one section of a digest that has nothing to tell, in words.
type fine struct {
	section reports.Section
	so      bool
	words   string
}

// fines are the sections that can be fine, each with whether it is. What isn't known is not fine: an app that couldn't be read, or that
// doesn't say something, keeps the whole section from it.
func fines(r reports.Report) []fine {
	every := func(ok func(reports.AppReport) bool) bool {
		return len(r.Apps) > 0 && !slices.ContainsFunc(r.Apps, func(a reports.AppReport) bool { return a.Unreadable != nil || !ok(a) })
	}
	return []fine{
		{reports.SectionBlocked, every(func(a reports.AppReport) bool { return a.Reads().Blocked && a.BlockedCount == 0 }), "nobody is blocked by limits"},
		{reports.SectionIdle, every(func(a reports.AppReport) bool { return a.Reads().Holds && a.IdleCount+len(a.Unused) == 0 }), "no seat is idle"},
		{reports.SectionOrphans, every(func(a reports.AppReport) bool { return !a.Stayed.Any() }), "no account needs a look"},
		{reports.SectionChanges, !r.Since.IsZero() && r.EventCount == 0 && every(func(a reports.AppReport) bool { return !a.Since.IsZero() && a.Changes.None() }), "nothing changed"},
		{reports.SectionWaiting, len(r.Waiting)+r.WaitingMore+len(r.Tasks)+len(r.Stuck) == 0, "nothing waits"},
		{reports.SectionEnding, len(r.Ending)+len(r.Late) == 0, "nothing ends within two weeks"},
	}
}

// quietReport reports whether a digest has nothing to tell at all, so that one line is enough.
func quietReport(r reports.Report) bool {
	asked := false
	for _, f := range fines(r) {
		if r.Shows(f.section) && !f.so {
			return false
		}
		asked = asked || r.Shows(f.section)
	}
	return asked && len(r.Apps) > 0 && !slices.ContainsFunc(r.Apps, func(a reports.AppReport) bool { return a.Unreadable != nil || a.Balance != nil || a.Drift != nil })
}

// quiet is one line of all sections that have nothing to tell; nil: there are none.
func quiet(r reports.Report) approvals.Text {
	var words []approvals.Text
	for _, f := range fines(r) {
		if f.so && r.Shows(f.section) {
			words = append(words, say("%v", f.words))
		}
	}
	if len(words) == 0 {
		return nil
	}
	return sentence(spoken(words))
}

// spoken joins parts as one says them: "nobody is blocked, nothing waits and nothing ends".
func spoken(parts []approvals.Text) approvals.Text {
	if n := len(parts); n > 1 {
		return say("%v and %v", approvals.Join(parts[:n-1], ", "), parts[n-1])
	}
	return approvals.Join(parts, "")
}
