package view

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// What Slack takes of its own charts, by the stricter of what it has said (facts: Block Kit).
const (
	chartTitle  = 50
	chartLabel  = 20
	chartSeries = 6
	chartPoints = 20
	mostCharts  = 2 // in one message
)

// Chart is how numbers went: drawn as Slack's own chart where the workspace takes one, and as a line of bars where it doesn't; in words
// it is where each began and where it stands.
type Chart struct {
	Title string
	// Bars: bars that stand beside each other, in place of lines.
	Bars bool
	// Of says what is counted, and Along what the points are.
	Of, Along string
	// Points name the points from left to right.
	Points []string
	Series []Series
}

// Series is one row of a chart's numbers, one for each point. What is not known is NaN: a gap, and never a zero.
type Series struct {
	Name   string
	Values []float64
}

// chart draws a chart: its lines, and Slack's own to stand in their place.
func (p *page) chart(c Chart) {
	lines, words := []approvals.Text{say("*%v*", c.Title)}, []approvals.Text{say("%v", c.Title)}
	known := slices.DeleteFunc(slices.Clone(c.Series), func(s Series) bool { return s.first() < 0 })
	for _, s := range known[:min(len(known), chartSeries)] {
		lines, words = append(lines, say("%v %v · %v", s.bars(), clip(s.Name, nameLength), c.course(s))), append(words, say("• %v: %v", clip(s.Name, nameLength), c.course(s)))
	}
	if rest := len(known) - chartSeries; rest > 0 {
		lines, words = append(lines, say("and %v more", rest)), append(words, say("and %v more", rest))
	}
	if len(known) == 0 {
		return
	}
	from, before := len(p.blocks), len(p.lines)
	p.section(append(lines, c.missing(known, false))...)
	if len(p.blocks) == from {
		return
	}
	p.lines = append(p.lines[:before], filled(append(words, c.missing(known, false)))...)
	if block := c.native(known); block != nil {
		blocks := []slack.Block{block}
		drawn, beside := abreast(known)
		if note := filled(append(c.later(beside), c.missing(drawn, true))); len(note) > 0 {
			blocks = append(blocks, slack.NewContextBlock("", markup(mrkdwn(maxObject, note...))))
		}
		p.natives = append(p.natives, native{from: from, to: len(p.blocks), blocks: blocks, charts: 1})
	}
}

// abreast are the series that begin no later than the first of them, and beside those that do: in a chart without gaps these would
// cost the others all that is known of them before.
func abreast(known []Series) (drawn, beside []Series) {
	for _, s := range known[:min(len(known), chartSeries)] {
		if s.first() <= known[0].first() {
			drawn = append(drawn, s)
		} else {
			beside = append(beside, s)
		}
	}
	return drawn, beside
}

// later says what is known of the series that are not in Slack's own chart.
func (c Chart) later(beside []Series) (lines []approvals.Text) {
	for _, s := range beside {
		lines = append(lines, say("%v: %v, not known before", clip(s.Name, nameLength), c.course(s)))
	}
	return lines
}

// native is Slack's own chart; nil where it cannot show this. It has no gaps, so a point at which any of its series is not known
// is left out, and said below, as is a series that begins later than the first.
func (c Chart) native(known []Series) slack.Block {
	known, _ = abreast(known)
	points := c.whole(known)
	points = points[max(0, len(points)-chartPoints):]
	if len(points) < 2 {
		return nil
	}
	var labels []string
	for _, i := range points {
		labels = append(labels, labelOf(labels, c.Points[i]))
	}
	axis := slack.NewDataVisualizationAxisConfig(labels...).WithXLabel(bare(chartTitle, c.Along)).WithYLabel(bare(chartTitle, c.Of))
	var series []slack.DataVisualizationDataSeries
	var names []string
	for _, s := range known {
		var data []slack.DataVisualizationDataPoint
		for n, i := range points {
			data = append(data, slack.NewDataVisualizationDataPoint(labels[n], s.Values[i]))
		}
		names = append(names, labelOf(names, s.Name))
		series = append(series, slack.NewDataVisualizationDataSeries(names[len(names)-1], data...))
	}
	block := slack.NewDataVisualizationBlock(bare(chartTitle, c.Title), slack.NewDataVisualizationLineChart(axis, series...))
	if c.Bars {
		block.Chart = slack.NewDataVisualizationBarChart(axis, series...)
	}
	if block.Validate() != nil {
		return nil
	}
	return block
}

// labelOf is a label that differs from those there are.
func labelOf(taken []string, s string) string {
	label := bare(chartLabel, s)
	for n := 2; label == "" || slices.Contains(taken, label); n++ {
		end := fmt.Sprintf(" (%d)", n)
		label = strings.TrimSpace(bare(chartLabel-len(end), s) + end)
	}
	return label
}

// whole are the points at which all of the series are known.
func (c Chart) whole(known []Series) (points []int) {
	for i := range c.Points {
		if !slices.ContainsFunc(known, func(s Series) bool { return !s.knows(i) }) {
			points = append(points, i)
		}
	}
	return points
}

// missing says which points are not known between the first and the last that are; some: that Slack's own chart leaves them out.
func (c Chart) missing(known []Series, left bool) approvals.Text {
	var points []string
	for i, name := range c.Points {
		if slices.ContainsFunc(known, func(s Series) bool { return i > s.first() && !s.knows(i) }) {
			points = append(points, bare(chartLabel, name))
		}
	}
	switch {
	case len(points) == 0:
		return nil
	case left:
		return say("Not known, so it isn't in the chart: %v", strings.Join(points, ", "))
	}
	return say("Not known: %v", strings.Join(points, ", "))
}

// course is where a series began and where it stands: "18 (7 Sep) → 22 (23 Nov)".
func (c Chart) course(s Series) approvals.Text {
	first, last := s.first(), s.last()
	if first == last {
		return say("%v (%v)", numeral(s.Values[last]), c.Points[last])
	}
	return say("%v (%v) → %v (%v)", numeral(s.Values[first]), c.Points[first], numeral(s.Values[last]), c.Points[last])
}

func (s Series) knows(i int) bool { return i < len(s.Values) && !math.IsNaN(s.Values[i]) }

// first is the first point that is known; -1: none is.
func (s Series) first() int {
	return slices.IndexFunc(s.Values, func(v float64) bool { return !math.IsNaN(v) })
}

func (s Series) last() int {
	for i := len(s.Values) - 1; i >= 0; i-- {
		if s.knows(i) {
			return i
		}
	}
	return -1
}

// levels are the bars of a line of them; what is not known is a dot.
var levels = []rune("▁▂▃▄▅▆▇█")

// bars draws a series in a line of characters, from the least it had to the most.
func (s Series) bars() string {
	least, most := math.Inf(1), math.Inf(-1)
	for i, v := range s.Values {
		if s.knows(i) {
			least, most = min(least, v), max(most, v)
		}
	}
	var b strings.Builder
	for i, v := range s.Values {
		switch {
		case !s.knows(i):
			b.WriteRune('·')
		case most == least && most > 0:
			b.WriteRune(levels[len(levels)/2])
		case most == least:
			b.WriteRune(levels[0])
		default:
			b.WriteRune(levels[int((v-least)/(most-least)*float64(len(levels)-1)+0.5)])
		}
	}
	return b.String()
}

// numeral is a number as people write it.
func numeral(v float64) string {
	if v == math.Trunc(v) {
		return grouped(int64(v))
	}
	return fmt.Sprintf("%.1f", v)
}
