package view

import (
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// staleLook is how old what accounts were compared by may be before a digest says so: apps are looked over once a day.
const staleLook = 48 * time.Hour

// fine is one section of a digest that has nothing to tell, in words.
type fine struct {
	section reports.Section
	so      bool
	words   approvals.Text
}

// fines are the sections that can be fine, each with whether it is. What isn't known is not fine: an app that couldn't be read, or that
// doesn't say something, keeps the whole section from it.
func fines(r reports.Report) []fine {
	every := func(ok func(reports.AppReport) bool) bool {
		return len(r.Apps) > 0 && !slices.ContainsFunc(r.Apps, func(a reports.AppReport) bool { return a.Unreadable != nil || !ok(a) })
	}
	all := []fine{
		{reports.SectionBlocked, every(func(a reports.AppReport) bool { return a.Reads().Blocked && a.BlockedCount == 0 }), say("nobody is blocked by limits")},
		{reports.SectionIdle, every(func(a reports.AppReport) bool { return a.Reads().Holds && a.Idles() == 0 }), say("no seat is idle")},
		{reports.SectionOrphans, every(func(a reports.AppReport) bool { return !a.Stayed.Looked.IsZero() && !r.Odd(a) }), nobodys(r)},
		{reports.SectionChanges, !r.Since.IsZero() && r.EventCount == 0 && every(func(a reports.AppReport) bool { return !a.Since.IsZero() && a.Changes.None() }), say("nobody came or went")},
		{reports.SectionWaiting, len(r.Waiting)+r.WaitingMore+len(r.Tasks)+len(r.Stuck) == 0, say("nothing waits")},
		{reports.SectionEnding, len(r.Ending)+len(r.Late) == 0, say("nothing ends within two weeks")},
	}
	if r.Chose(reports.SectionUnits) && !slices.ContainsFunc(r.Apps, func(a reports.AppReport) bool { return a.Balance != nil }) {
		all = append(all, fine{reports.SectionUnits, true, say("no units are watched")})
	}
	return all
}

// nobodys says that every account is somebody's, and as of when where that is a while ago.
func nobodys(r reports.Report) approvals.Text {
	oldest := r.At
	for _, a := range r.Apps {
		if a.Stayed.Looked.Before(oldest) {
			oldest = a.Stayed.Looked
		}
	}
	if r.At.Sub(oldest) > staleLook {
		return say("no account needed a look as of %v", oldest)
	}
	return say("no account needs a look")
}

// unknown is one line of what is wanted here and nobody can say yet; nil: nothing.
func unknown(r reports.Report) approvals.Text {
	var what []approvals.Text
	var unlooked []approvals.App
	for _, a := range r.Apps {
		if a.Stayed.Looked.IsZero() && !a.Stayed.Any() {
			unlooked = append(unlooked, a.App)
		}
	}
	if len(unlooked) > 0 && r.Shows(reports.SectionOrphans) {
		what = append(what, say("whose the accounts of %v are", someApps(unlooked)))
	}
	if r.Since.IsZero() && r.Shows(reports.SectionChanges) {
		what = append(what, say("what has changed, because there's no earlier report to compare with"))
	}
	if len(what) == 0 {
		return nil
	}
	return say("*Not known yet:* %v", approvals.Join(what, "; "))
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
	if r.Shows(reports.SectionCost) && costless(r) != nil {
		return false
	}
	return asked && len(r.Apps) > 0 && !slices.ContainsFunc(r.Apps, func(a reports.AppReport) bool {
		return a.Unreadable != nil || a.Balance != nil && r.Shows(reports.SectionUnits) || a.Drift != nil || r.Shows(reports.SectionSeats) && !a.Figures()
	})
}

// quiet is one line of all sections that have nothing to tell; nil: there are none.
func quiet(r reports.Report) approvals.Text {
	var words []approvals.Text
	for _, f := range fines(r) {
		if f.so && r.Shows(f.section) {
			words = append(words, f.words)
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
