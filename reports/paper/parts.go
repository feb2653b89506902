package paper

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// Of is the paper of a report. lists are the accounts of its apps, names what people are called.
func Of(r reports.Report, lists []List, names Names) Paper {
	w := writer{r, names}
	p := Paper{Report: r.Name, Slot: r.Slot, At: r.At.UTC(), Then: r.Then}
	for _, s := range []struct {
		section reports.Section
		part    func() Part
	}{
		{reports.SectionSeats, w.seats}, {reports.SectionBlocked, w.blocked}, {reports.SectionIdle, w.idle}, {reports.SectionOrphans, w.orphans}, {reports.SectionChanges, w.changes},
		{reports.SectionWaiting, w.waiting}, {reports.SectionEnding, w.ending}, {reports.SectionUnits, w.units}, {reports.SectionCost, w.cost},
	} {
		if r.Shows(s.section) {
			part := s.part()
			part.Section = s.section
			p.Parts = append(p.Parts, part)
		}
	}
	if r.Shows(reports.SectionSeats) {
		p.Parts, p.Charts = append(p.Parts, w.trend()...), w.charts()
	}
	if r.Shows(reports.SectionSeats) || r.Shows(reports.SectionBlocked) || r.Shows(reports.SectionIdle) {
		p.Lists = lists
	}
	p.Head = w.head(p)
	if r.Head.Seq > 0 {
		p.AuditHead = r.Head.String()
	}
	return p
}

// ListsOf are the accounts that were read for a report.
func ListsOf(f reports.Facts) (out []List) {
	for _, a := range f.Apps {
		if c := a.Listing(); c.Walked() {
			out = append(out, List{App: a.App, At: c.At, All: c.All})
		}
	}
	return out
}

// writer puts one report into words.
type writer struct {
	r     reports.Report
	names Names
}

func (w writer) said(t approvals.Text) string { return t.Naming(w.names) }

// head says it all in a line: what is first said of each section that has something.
func (w writer) head(p Paper) string {
	var out []string
	for _, part := range p.Parts {
		if len(part.Rows) > 0 && len(part.Say) > 0 {
			out = append(out, strings.TrimSuffix(part.Say[0], "."))
		}
	}
	if len(out) == 0 {
		return "Nothing to report."
	}
	return strings.Join(out, " · ") + "."
}

// seats are a row for each app.
func (w writer) seats() Part {
	p := Part{Title: "Seats", Columns: []Column{{"app", "App"}, {"name", "Name"}, {"read", "Read"}, {"used", "Used"}, {"bought", "Bought"}, {"free", "Free"}, {"blocked", "Blocked"}, {"idle", "Idle"}, {"kinds", "Kinds"}, {"note", "Note"}}}
	for _, a := range w.r.Apps {
		p.Say = append(p.Say, w.used(a)+".")
		row := []string{a.App.ID, appName(a.App), "", "", "", "", "", "", kinds(a), w.note(a)}
		if a.Bought > 0 {
			row[4] = number(a.Bought)
		}
		if known(a) {
			row[2], row[3] = moment(readAt(a)), number(a.Used)
			if a.Bought > 0 {
				row[5] = number(max(a.Free(), 0))
			}
			if a.Reads().Blocked {
				row[6] = number(a.BlockedCount)
			}
			if seesIdle(a) {
				row[7] = number(a.IdleCount)
			}
		}
		p.Rows = append(p.Rows, row)
	}
	if len(p.Say) == 0 {
		p.Say = []string{"No app is set up."}
	}
	return p
}

// known reports whether there are figures of an app, as of now or of an earlier day.
func known(a reports.AppReport) bool { return a.Figures() }

// seesIdle reports whether it is known who is idle in an app.
func seesIdle(a reports.AppReport) bool { return known(a) && a.Reads().Holds && !a.IdleUnknown }

// old is the day that figures of an app are of where that's none of the report's own; "": they are of its own. A report of the past has
// what was read last before its moment, which may be days before.
func (w writer) old(a reports.AppReport) string {
	of := day(readAt(a))
	if !known(a) || a.AsOf.IsZero() && (!w.r.Then || of == day(w.r.At)) {
		return ""
	}
	return of
}

// asOf says of which day figures are that aren't of the report's own.
func (w writer) asOf(about func(reports.AppReport) bool) []string {
	var out []string
	for _, a := range w.r.Apps {
		switch of := w.old(a); {
		case of == "" || !about(a):
		case a.Unreadable != nil:
			out = append(out, fmt.Sprintf("%s couldn't be read: of it this is as of %s.", appName(a.App), of))
		default:
			out = append(out, fmt.Sprintf("%s: this is as of %s.", appName(a.App), of))
		}
	}
	return out
}

func readAt(a reports.AppReport) time.Time {
	if !a.AsOf.IsZero() {
		return a.AsOf
	}
	return a.At
}

func (w writer) used(a reports.AppReport) string {
	switch {
	case known(a):
	case a.Unreadable != nil:
		return appName(a.App) + " couldn't be read"
	case a.Bought > 0:
		return fmt.Sprintf("%s doesn't say how many of its %d seats are used", appName(a.App), a.Bought)
	default:
		return appName(a.App) + " doesn't say how many seats are used"
	}
	line := fmt.Sprintf("%s: %s used", appName(a.App), approvals.Grouped(a.Used))
	if a.Bought > 0 {
		line = fmt.Sprintf("%s: %s of %s used", appName(a.App), approvals.Grouped(a.Used), approvals.Grouped(a.Bought))
	}
	if by := a.Used - a.Changes.UsedBefore; !a.Since.IsZero() && by != 0 {
		line += fmt.Sprintf(" (%+d)", by)
	}
	if of := w.old(a); of != "" {
		line += ", as of " + of
	}
	return line
}

func kinds(a reports.AppReport) string {
	var out []string
	for _, s := range a.BySort {
		out = append(out, fmt.Sprintf("%d %s", s.Count, s.Sort))
	}
	return strings.Join(out, ", ")
}

// note is why figures are missing, old, or didn't agree.
func (w writer) note(a reports.AppReport) string {
	var out []string
	if a.Unreadable != nil {
		out = append(out, "Couldn't be read: "+w.said(a.Unreadable))
	}
	if a.Unreadable == nil && !a.AsOf.IsZero() {
		out = append(out, "By its own member list.")
	}
	if a.Drift != nil {
		out = append(out, w.said(a.Drift))
	}
	return strings.Join(out, " ")
}

// blocked are exactly the accounts blocked by limits.
func (w writer) blocked() Part {
	p := Part{Title: "Blocked by limits", Columns: []Column{{"app", "App"}, {"account", "Account"}, {"address", "Address"}, {"kind", "Kind"}, {"since", "Since"}, {"since_before", "Since before"}, {"why", "Why"}}}
	count, says, unread := 0, false, []string(nil)
	for _, a := range w.r.Apps {
		switch {
		case !a.Reads().Blocked:
			continue
		case !known(a):
			unread = append(unread, appName(a.App)+" couldn't be read, so whom it blocks isn't known.")
			continue
		}
		says, count = true, count+a.BlockedCount
		for _, b := range a.Blocked {
			since, before := day(b.Since), ""
			if b.Before {
				since, before = "", since
			}
			p.Rows = append(p.Rows, []string{a.App.ID, b.ID, b.Email, b.Sort, since, before, w.said(b.Why)})
		}
	}
	p.More = count - len(p.Rows)
	switch {
	case count > 0:
		p.Say = []string{many(count, "account is", "accounts are") + " blocked by limits."}
	case says:
		p.Say = []string{"No account is blocked by limits."}
	case len(unread) == 0:
		p.Say = []string{"No app here says whom it blocks."}
	}
	p.Say = append(append(p.Say, unread...), w.asOf(func(a reports.AppReport) bool { return a.Reads().Blocked })...)
	return p
}

// idle are the accounts of which no use can be seen, and the seats that are paid for and not used.
func (w writer) idle() Part {
	p := Part{Title: "Idle", Columns: []Column{{"app", "App"}, {"account", "Account"}, {"address", "Address"}, {"kind", "Kind"}, {"why", "Why"}, {"since", "Since"}, {"request", "Request"}}}
	count, seen, unread := 0, false, []string(nil)
	for _, a := range w.r.Apps {
		seen = seen || seesIdle(a)
		if a.Reads().Holds && !seesIdle(a) {
			unread = append(unread, appName(a.App)+" couldn't be read, so what is idle there isn't known.")
		}
		count += a.Idles()
		for _, s := range a.Idle {
			held, _ := a.App.Entry.Held()
			p.Rows = append(p.Rows, []string{a.App.ID, s.ID, s.Email, s.Sort, "sees no " + held.Noun.One, "", ""})
		}
		for _, u := range a.Unused {
			why := "access removed, seat still paid for"
			if u.Listed {
				why = "listed as deactivated, seat still counted"
			}
			p.Rows = append(p.Rows, []string{a.App.ID, "", u.Email, "", why, day(u.Since), request(u.Number)})
		}
		for _, i := range a.Stayed.Idle {
			why := "nobody uses it"
			if i.Never {
				why = "invited and never joined"
			}
			p.Rows = append(p.Rows, []string{a.App.ID, "", i.Email, "", why, day(i.Since), ""})
		}
	}
	p.More = count - len(p.Rows)
	switch {
	case count > 0:
		p.Say = []string{many(count, "seat is", "seats are") + " idle, as far as can be seen."}
	case seen:
		p.Say = []string{"No seat is seen to be idle."}
	case len(unread) == 0:
		p.Say = []string{"No app here shows what accounts see, and no seat is known to be paid for and not used."}
	}
	if w.r.Then {
		p.Say = append(p.Say, "Seats that were paid for and not used then aren't remembered.")
	}
	p.Say = append(append(p.Say, unread...), w.asOf(seesIdle)...)
	return p
}

func request(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("#%d", n)
}

// orphans are the accounts that belong to nobody, and how much else is not as it should be.
func (w writer) orphans() Part {
	p := Part{Title: "Nobody's, and what differs", Columns: []Column{{"app", "App"}, {"address", "Address"}, {"kind", "Kind"}, {"known_since", "Known since"}, {"what", "What"}, {"count", "How many"}}}
	if w.r.Then {
		p.Say = []string{"What belonged to nobody then, or wasn't as it should be, isn't remembered."}
		return p
	}
	count, other := 0, 0
	var asOf []string
	for _, a := range w.r.Apps {
		asOf = append(asOf, looked(a))
		for _, o := range a.Stayed.Orphans {
			count++
			p.Rows = append(p.Rows, []string{a.App.ID, o.Email, o.As, day(o.Since), "belongs to nobody we know", "1"})
		}
		for _, k := range w.r.Others(a) {
			other += k.Many
			p.Rows = append(p.Rows, []string{a.App.ID, "", "", "", k.Of, number(k.Many)})
		}
	}
	switch {
	case count > 0:
		p.Say = []string{many(count, "account belongs", "accounts belong") + " to nobody we know."}
	case other == 0 && fine(w.r):
		p.Say = []string{"Every account is somebody's, and as it should be."}
	case len(w.r.Apps) == 0:
		p.Say = []string{"There is no app to look over."}
	}
	if other > 0 {
		p.Say = append(p.Say, many(other, "other thing isn't as it should be", "other things aren't as they should be")+".")
	}
	p.Say = append(p.Say, asOf...)
	return p
}

// fine reports whether each app of a report was looked over, and nothing was found in any.
func fine(r reports.Report) bool {
	return len(r.Apps) > 0 && !slices.ContainsFunc(r.Apps, func(a reports.AppReport) bool {
		return a.Unreadable != nil || a.Stayed.Looked.IsZero() || r.Odd(a)
	})
}

// looked says when an app was looked over.
func looked(a reports.AppReport) string {
	if a.Stayed.Looked.IsZero() {
		return "Whose the accounts of " + appName(a.App) + " are isn't known: it hasn't been looked over."
	}
	return appName(a.App) + " was looked over as of " + day(a.Stayed.Looked) + "."
}
