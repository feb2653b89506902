package view

import (
	"fmt"
	"math"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Units are drawn by points of so many days, over as long as any of their readings is kept.
const (
	unitPoints = 15
	unitDays   = 2
)

// unitsChart is what was left of an app's units, a point for each two days until now: the last reading of them, and a gap where there
// was none. It has no series where nothing has gone anywhere yet.
func unitsChart(name string, b approvals.Balance, now time.Time) Chart {
	c := Chart{Title: fmt.Sprintf("%s units, the last %d days", name, unitPoints*unitDays), Of: "units", Along: "day"}
	left, known := Series{Name: "left"}, 0
	for i := unitPoints - 1; i >= 0; i-- {
		until := now.AddDate(0, 0, -i*unitDays)
		value := math.NaN()
		for _, l := range b.Lately {
			if !l.At.After(until) && l.At.After(until.AddDate(0, 0, -unitDays)) {
				value = float64(l.Left)
			}
		}
		if !math.IsNaN(value) {
			known++
		}
		c.Points, left.Values = append(c.Points, dayOf(until)), append(left.Values, value)
	}
	if known > 1 {
		c.Series = []Series{left}
	}
	return c
}
