package paper

import (
	"fmt"

	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/history"
)

// trend is the weeks of every app that has some, as a table.
func (w writer) trend() []Part {
	p := Part{Section: reports.SectionSeats, Title: "Trend", Columns: []Column{{"app", "App"}, {"week", "Up to"}, {"used", "Used"}, {"bought", "Bought"}, {"blocked", "Blocked"}, {"idle", "Idle"}}}
	for _, a := range w.r.Apps {
		for _, at := range a.Trend.Points {
			row := []string{a.App.ID, day(at.At), "", "", "", ""}
			if at.Known {
				row[2] = number(at.Used)
				if at.Bought > 0 {
					row[3] = number(at.Bought)
				}
				if a.Reads().Blocked {
					row[4] = number(at.Blocked)
				}
				if a.Reads().Holds {
					row[5] = number(at.Idle)
				}
			}
			p.Rows = append(p.Rows, row)
		}
	}
	if len(p.Rows) == 0 {
		return nil
	}
	return []Part{p}
}

// charts draw the trend of each app of which more than a week is known.
func (w writer) charts() (out []Chart) {
	for _, a := range w.r.Apps {
		if c, ok := TrendChart(appName(a.App), a.Trend, a.Reads().Blocked); ok {
			out = append(out, c)
		}
	}
	return out
}

// TrendChart is the chart of an app's trend; ok is false where there are not two weeks to draw a line between.
func TrendChart(name string, t history.Trend, blocked bool) (c Chart, ok bool) {
	c = Chart{Title: name + ": seats"}
	used, bought, stuck := Series{Name: "Used"}, Series{Name: "Bought"}, Series{Name: "Blocked"}
	var first, last *history.Point
	gaps, sold := 0, false
	for _, p := range t.Points {
		c.Points = append(c.Points, p.At.UTC().Format("2 Jan"))
		if !p.Known {
			gaps++
			used.Values, bought.Values, stuck.Values = append(used.Values, nil), append(bought.Values, nil), append(stuck.Values, nil)
			continue
		}
		if last = &p; first == nil {
			first = &p
		}
		used.Values, stuck.Values = append(used.Values, &p.Used), append(stuck.Values, &p.Blocked)
		if p.Bought > 0 {
			sold, bought.Values = true, append(bought.Values, &p.Bought)
		} else {
			bought.Values = append(bought.Values, nil)
		}
	}
	if len(t.Points)-gaps < 2 {
		return c, false
	}
	c.Series = []Series{used}
	if sold {
		c.Series = append(c.Series, bought)
	}
	if blocked {
		c.Series = append(c.Series, stuck)
	}
	c.Say = fmt.Sprintf("%s: %d seats used on %s, %d on %s", name, first.Used, day(first.At), last.Used, day(last.At))
	if gaps > 0 {
		c.Say += fmt.Sprintf("; of %s nothing is known", many(gaps, "week", "weeks"))
	}
	c.Say += "."
	return c, true
}
