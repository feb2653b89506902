package view

import (
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// changed says what differs in an app from the report before, a line for each kind of change.
func changed(r reports.Report, a reports.AppReport) []approvals.Text {
	if a.Since.IsZero() {
		return nil
	}
	name := say("")
	if len(r.Apps) > 1 {
		name = say("%v · ", appName(a.App))
	}
	if a.Changes.None() {
		if a.Reads().Blocked {
			return []approvals.Text{say("*%vNobody came, went, got blocked or unblocked* since %v", name, a.Since)}
		}
		return []approvals.Text{say("*%vNobody came or went* since %v", name, a.Since)}
	}
	lines := []approvals.Text{say("*%vChanged* since %v", name, a.Since)}
	if by := a.Changes.BoughtBy; by != 0 {
		lines = append(lines, say("• %v bought: %v before, %v now", seatsOf(a), grouped(a.Bought-by), grouped(a.Bought)))
	}
	for _, c := range []struct {
		what  string
		names reports.Names
	}{
		{"new", a.Changes.Added},
		{"gone", a.Changes.Removed},
		{"newly blocked", a.Changes.NewlyBlocked},
		{"no longer blocked", a.Changes.Unblocked},
	} {
		if c.names.Count > 0 {
			lines = append(lines, say("• %v %v: %v", grouped(c.names.Count), c.what, few(c.names)))
		}
	}
	return lines
}

// came is what came of one request, and by whose word.
func came(e reports.Event) approvals.Text {
	by := namingAs(e.By, someNames, e.Request.Voter)
	how := say("%v", string(e.What))
	switch {
	case e.What == reports.Expired:
		how = say("expired, because nobody decided in time")
	case e.What == reports.Denied && len(e.By) == 0:
		how = say("denied by the policy “%v”", clip(e.Rule, nameLength))
	case e.What == reports.Denied:
		how = say("denied by %v", by)
	case e.Request.End != nil && e.What == reports.TakenBack && len(e.By) == 0:
		how = say("taken back, because its time was up")
	case e.Request.End != nil && e.What == reports.TakenBack:
		how = say("taken back, ended by %v", by)
	case len(e.By) > 0:
		how = say("%v, allowed by %v", how, by)
	case e.Rule != "":
		how = say("%v, allowed by the policy “%v”", how, clip(e.Rule, nameLength))
	}
	return say("• *#%v* · %v · %v", e.Request.Number, subject(e.Request), how)
}
