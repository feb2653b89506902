package view

import (
	"fmt"
	"math"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// used is the count of seats of an app in the first line, with what it changed by.
func used(a reports.AppReport, named bool) approvals.Text {
	prefix := ""
	if named {
		prefix = appName(a.App) + " "
	}
	switch {
	case a.Unreadable != nil && !a.AsOf.IsZero():
		return say("%v couldn't be read (%v as of %v)", appName(a.App), usedOf(a), a.AsOf)
	case a.Unreadable != nil:
		return say("%v couldn't be read", appName(a.App))
	case !a.Figures() && a.Bought > 0:
		return say("%v%v in use: not known (%v bought)", prefix, seatsOf(a), grouped(a.Bought))
	case !a.Figures():
		return say("%v%v in use: not known", prefix, seatsOf(a))
	case !a.AsOf.IsZero():
		return say("%v%v (as of %v)", prefix, usedOf(a), a.AsOf)
	}
	line := say("%v%v", prefix, usedOf(a))
	if by := a.Used - a.Changes.UsedBefore; !a.Since.IsZero() && by != 0 {
		line = say("%v (%v)", line, signed(by))
	}
	return line
}

func usedOf(a reports.AppReport) approvals.Text {
	if a.Bought > 0 {
		return say("%v of %v used", grouped(a.Used), grouped(a.Bought))
	}
	return say("%v used", grouped(a.Used))
}

// seatsOf is what the seats of an app are called.
func seatsOf(a reports.AppReport) string {
	if a.App.Entry == nil {
		return "seats"
	}
	return a.App.Entry.Seat.Many
}

// signed is a change with its sign, a true minus included.
func signed(n int) string {
	if n < 0 {
		return "−" + grouped(-n)
	}
	return "+" + grouped(n)
}

// figures is how the apps stand: what changed in them, their units, their seats over time, and what they don't say.
func figures(p *page, r reports.Report, apps []reports.AppReport, room int) {
	var lines, small []approvals.Text
	for _, a := range apps {
		if a.Unreadable == nil && r.Shows(reports.SectionChanges) {
			lines = append(lines, changed(r, a)...)
		}
		if r.Shows(reports.SectionUnits) {
			lines = append(lines, unitsOf(r, a))
		}
		if a.Unreadable == nil {
			lines = append(lines, unsaid(r, a))
		}
		if a.Unreadable == nil && a.Figures() {
			small = append(small, seatLine(r, a), drifted(a))
		}
	}
	p.list(room, filled(lines), func(left int) approvals.Text { return say("and %v more", count(left, "line", "lines")) })
	charts := 0
	for _, a := range apps {
		if c := seatChart(a); r.Shows(reports.SectionSeats) && len(c.Series) > 0 && charts < mostCharts && p.room() > 0 {
			p.chart(c)
			charts++
		}
	}
	for _, a := range apps {
		if a.Balance != nil && r.Shows(reports.SectionUnits) && p.room() > 0 {
			p.chart(unitsChart(a.App.Name, *a.Balance, r.At))
		}
	}
	p.small("", small...)
}

// seatLine is what seats there are, and when that was read.
func seatLine(r reports.Report, a reports.AppReport) approvals.Text {
	var sorts, parts []approvals.Text
	for _, t := range a.BySort {
		kind := clip(t.Sort, nameLength)
		if kind == "" {
			kind = "of unknown type"
		}
		sorts = append(sorts, say("%v %v", grouped(t.Count), kind))
	}
	if len(r.Apps) > 1 {
		parts = append(parts, say("%v", appName(a.App)))
	}
	read := say("read %v", a.At)
	if !a.AsOf.IsZero() {
		read = say("by its list of %v, %v", a.AsOf, readAgo(r.At.Sub(a.AsOf)))
	}
	if !r.Shows(reports.SectionSeats) {
		return approvals.Join(append(parts, read.Capital()), " · ")
	}
	if len(sorts) > 0 {
		parts = append(parts, say("By type: %v", approvals.Join(sorts, ", ")))
	}
	switch free := a.Free(); {
	case a.Bought == 0:
	case free >= 0:
		parts = append(parts, say("%v free", seatCount(a, free)))
	default:
		parts = append(parts, say("%v more than bought", seatCount(a, -free)))
	}
	return approvals.Join(append(parts, read), " · ")
}

func drifted(a reports.AppReport) approvals.Text {
	if a.Drift == nil {
		return nil
	}
	return say("%v", a.Drift)
}

// seatCount counts seats in the app's own word.
func seatCount(a reports.AppReport, n int) string {
	if a.App.Entry == nil {
		return count(n, "seat", "seats")
	}
	return a.App.Entry.Seat.Count(n)
}

// seatChart is an app over the last weeks, a point a week. A week that nobody read is a gap.
func seatChart(a reports.AppReport) Chart {
	c := Chart{Title: fmt.Sprintf("%s, the last %d weeks", a.App.Name, len(a.Trend.Points)), Of: seatsOf(a), Along: "week"}
	in, bought, blocked := Series{Name: "used"}, Series{Name: "bought"}, Series{Name: "blocked by limits"}
	known := 0
	for _, p := range a.Trend.Points {
		c.Points = append(c.Points, p.At.UTC().Format("2 Jan"))
		if p.Known {
			known++
		}
		in.Values = append(in.Values, figure(p.Used, p.Known))
		bought.Values = append(bought.Values, figure(p.Bought, p.Known && p.Bought > 0))
		blocked.Values = append(blocked.Values, figure(p.Blocked, p.Known && a.Reads().Blocked))
	}
	if known > 1 { // one point is no trend
		c.Series = []Series{in, bought, blocked}
	}
	return c
}

func figure(n int, known bool) float64 {
	if !known {
		return math.NaN()
	}
	return float64(n)
}

// unsaid names what the app does not say of itself, of what is asked of it here.
func unsaid(r reports.Report, a reports.AppReport) approvals.Text {
	var what []approvals.Text
	for _, read := range []struct {
		says bool
		in   reports.Section
		what string
	}{{a.Figures(), reports.SectionSeats, "who has one"}, {a.Reads().Used || r.Since.IsZero(), reports.SectionChanges, "who came and went"}, {a.Reads().Blocked, reports.SectionBlocked, "who is blocked by limits"}, {a.Reads().Holds, reports.SectionIdle, "what accounts see"}} {
		if !read.says && r.Shows(read.in) {
			what = append(what, say("%v", read.what))
		}
	}
	if len(what) == 0 {
		return nil
	}
	return say("*Not known, because %v doesn't say:* %v", appName(a.App), approvals.Join(what, ", "))
}

// unitsOf is what is known of the app's units, where they are watched.
func unitsOf(r reports.Report, a reports.AppReport) approvals.Text {
	if a.Balance == nil {
		return nil
	}
	if len(r.Apps) > 1 {
		return say("*%v units:* %v", appName(a.App), unitsLeft(*a.Balance, r.At))
	}
	return say("*Units:* %v", unitsLeft(*a.Balance, r.At))
}
