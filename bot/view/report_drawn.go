package view

import (
	"math"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/history"
)

// spelt is how many accounts of one kind have room in lines to say more of each than its address.
const spelt = 30

// blockedTable is a table of the accounts that are blocked by limits: which, and, where that is known of any of them, since when and why.
func blockedTable(a reports.AppReport) Table {
	n := a.BlockedCount
	dated := slices.ContainsFunc(a.Blocked, func(b reports.BlockedAccount) bool { return !b.Since.IsZero() })
	explained := slices.ContainsFunc(a.Blocked, func(b reports.BlockedAccount) bool { return len(b.Why) > 0 })
	t := Table{Title: say("*Blocked by limits: %v*", count(n, "account", "accounts")), Caption: "Accounts of " + appName(a.App) + " that are blocked by limits",
		Head: []string{"Account"},
		More: func(left int) approvals.Text {
			return say("and %v more: `/access accounts blocked`", min(left+n-len(a.Blocked), n))
		}}
	if dated {
		t.Head = append(t.Head, "Blocked since")
	}
	if explained {
		t.Head = append(t.Head, "Why")
	}
	for _, b := range a.Blocked {
		email := clip(b.Email, emailLength)
		row := Row{Cells: []approvals.Text{say("%v", email)}, Line: say("• %v", email)}
		if dated {
			row.Cells = append(row.Cells, blockedSince(b))
		}
		if explained {
			row.Cells = append(row.Cells, orUnknown(b.Why))
		}
		if n <= spelt && !b.Since.IsZero() {
			row.Line = say("%v · since %v", row.Line, blockedFrom(b))
		}
		if n <= spelt && len(b.Why) > 0 {
			row.Line = say("%v · %v", row.Line, b.Why)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// blockedFrom is a day for a line, of which there are many: the day is true, and a time of it would take the room of another account.
func blockedFrom(b reports.BlockedAccount) string {
	if b.Before {
		return "before " + b.Since.UTC().Format("2 Jan 2006")
	}
	return b.Since.UTC().Format("2 Jan 2006")
}

func blockedSince(b reports.BlockedAccount) approvals.Text {
	switch {
	case b.Since.IsZero():
		return say("not known")
	case b.Before:
		return say("before %v", b.Since)
	}
	return say("%v", b.Since)
}

func orUnknown(t approvals.Text) approvals.Text {
	if len(t) == 0 {
		return say("not known")
	}
	return t
}

// trends draws how the seats of all apps went over the last weeks, and how many accounts were blocked.
func trends(p *page, r reports.Report) {
	if !r.Shows(reports.SectionSeats) {
		return
	}
	used := Chart{Title: "Seats used, the last weeks", Of: "seats", Along: "week"}
	blocked := Chart{Title: "Accounts blocked by limits, the last weeks", Bars: true, Of: "accounts", Along: "week"}
	for _, a := range r.Apps {
		if _, _, ok := a.Trend.Ends(); !ok {
			continue
		}
		if len(r.Apps) > 1 {
			used = used.with(a, appName(a.App), func(p history.Point) int { return p.Used })
		} else {
			used = used.with(a, "used", func(p history.Point) int { return p.Used }).with(a, "bought", func(p history.Point) int { return p.Bought })
		}
		blocked = blocked.with(a, appName(a.App), func(p history.Point) int { return p.Blocked })
	}
	p.chart(used)
	p.chart(blocked)
}

// with adds an app to a chart of apps, by one of its figures; where that was never anything but nothing there is no line of it.
func (c Chart) with(a reports.AppReport, named string, figure func(history.Point) int) Chart {
	s, points, any := Series{Name: named}, []string(nil), false
	for _, p := range a.Trend.Points {
		points = append(points, p.At.UTC().Format("2 Jan"))
		value := math.NaN()
		if p.Known {
			value, any = float64(figure(p)), any || figure(p) != 0
		}
		s.Values = append(s.Values, value)
	}
	if any && (len(c.Series) == 0 || len(points) == len(c.Points)) {
		c.Points, c.Series = points, append(c.Series, s)
	}
	return c
}
