package view

import (
	"math"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/reports/history"
)

// trended draws an app over some weeks.
func trended(p *page, t commands.Trended) {
	c := Chart{Title: "Seats used, the last weeks", Of: "seats", Along: "week"}
	used, bought, blocked := Series{Name: "used"}, Series{Name: "bought"}, Series{Name: "blocked by limits"}
	for _, at := range t.Points {
		c.Points = append(c.Points, dayOf(at.At))
		used.Values = append(used.Values, number(at, at.Used))
		bought.Values = append(bought.Values, number(at, at.Bought))
		blocked.Values = append(blocked.Values, number(at, at.Blocked))
	}
	c.Series = []Series{used}
	for _, s := range []Series{bought, blocked} {
		if slices.ContainsFunc(s.Values, func(v float64) bool { return v > 0 }) {
			c.Series = append(c.Series, s)
		}
	}
	p.chart(c)
	p.section(unread(t.Trend))
}

// number is a figure of a point, or a gap.
func number(p history.Point, n int) float64 {
	if !p.Known {
		return math.NaN()
	}
	return float64(n)
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
