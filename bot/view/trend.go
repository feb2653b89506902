package view

import (
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/reports/history"
)

// trended draws an app over some weeks.
func trended(p *page, t commands.Trended) {
	c := Chart{Title: "Seats used, the last weeks", Of: "seats", Along: "week"}
	says := t.App.Entry != nil && t.App.Entry.Reads.Blocked
	used, bought, blocked := Series{Name: "used"}, Series{Name: "bought"}, Series{Name: "blocked by limits"}
	for _, at := range t.Points {
		c.Points = append(c.Points, dayOf(at.At))
		used.Values = append(used.Values, figure(at.Used, at.Known))
		bought.Values = append(bought.Values, figure(at.Bought, at.Known && at.Bought > 0))
		blocked.Values = append(blocked.Values, figure(at.Blocked, at.Known && says))
	}
	c.Series = []Series{used}
	for _, s := range []Series{bought, blocked} {
		if slices.ContainsFunc(s.Values, func(v float64) bool { return v > 0 }) {
			c.Series = append(c.Series, s)
		}
	}
	p.chart(c)
	p.section(unread(t.Trend))
	if t.Units != nil {
		p.section(say("*Units:* %v", unitsLeft(*t.Units, t.At)))
		p.chart(unitsChart(t.App.Name, *t.Units, t.At))
	}
}

func dayOf(at time.Time) string { return at.UTC().Format("2 Jan") }

// unread says what the chart doesn't: that there are weeks before its first in which it couldn't be read, or from when on anything is
// remembered.
func unread(t history.Trend) approvals.Text {
	first := slices.IndexFunc(t.Points, func(p history.Point) bool { return p.Known })
	switch gaps := t.Gaps(); {
	case first < 1:
		return nil
	case len(gaps) > 0 && gaps[0].Before(t.Points[first].At):
		return say("Until %v it couldn't be read.", dayOf(t.Points[first-1].At))
	}
	return say("I've remembered it since %v.", dayOf(t.From))
}
