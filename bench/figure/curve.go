package figure

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Curve is one line of a picture, from left to right.
type Curve struct {
	Name string       `json:"name"`
	At   [][2]float64 `json:"at"`
}

// Picture is a few curves over the same axes.
type Picture struct {
	// File is its name, without an ending.
	File  string  `json:"file"`
	Part  string  `json:"part"`
	Title string  `json:"title"`
	X     string  `json:"x"`
	Y     string  `json:"y"`
	LogX  bool    `json:"log_x,omitempty"`
	LogY  bool    `json:"log_y,omitempty"`
	All   []Curve `json:"curves"`
}

const (
	wide, high          = 720.0, 360.0
	left, right         = 70.0, 160.0
	top, bottom         = 40.0, 50.0
	ticks               = 5
	background, ink     = "#ffffff", "#24292f"
	grid                = "#d0d7de"
	sans                = "font-family=\"sans-serif\" font-size=\"12\""
	leastLog            = 1e-6
	colors              = "#0969da #cf222e #1a7f37 #8250df #9a6700"
	emptyLow, emptyHigh = 0.0, 1.0
)

// axis maps values to places.
type axis struct {
	low, high, from, to float64
	log                 bool
}

func (a axis) at(v float64) float64 {
	low, high := a.low, a.high
	if a.log {
		v, low, high = math.Log10(max(v, leastLog)), math.Log10(low), math.Log10(high)
	}
	return a.from + (v-low)/(high-low)*(a.to-a.from)
}

// value is the i-th of so many ticks.
func (a axis) value(i int) float64 {
	part := float64(i) / ticks
	if a.log {
		return math.Pow(10, math.Log10(a.low)+part*(math.Log10(a.high)-math.Log10(a.low)))
	}
	return a.low + part*(a.high-a.low)
}

// span is the axis of one coordinate of all curves; a linear one begins at zero.
func (p Picture) span(i int, from, to float64, log bool) axis {
	a := axis{low: math.Inf(1), high: math.Inf(-1), from: from, to: to, log: log}
	for _, c := range p.All {
		for _, at := range c.At {
			a.low, a.high = min(a.low, at[i]), max(a.high, at[i])
		}
	}
	switch {
	case math.IsInf(a.low, 0):
		a.low, a.high, a.log = emptyLow, emptyHigh, false
	case log:
		a.low = max(a.low, leastLog)
	default:
		a.low = min(a.low, 0)
	}
	if a.high <= a.low {
		a.high = a.low + 1
	}
	return a
}

// SVG draws it.
func (p Picture) SVG() string {
	x, y := p.span(0, left, wide-right, p.LogX), p.span(1, high-bottom, top, p.LogY)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" role="img"><title>%s</title><rect width="100%%" height="100%%" fill="%s"/>`+"\n", wide, high, html.EscapeString(p.Title), background)
	word := func(at, down float64, anchor, text string) {
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s" %s>%s</text>`+"\n", at, down, anchor, ink, sans, html.EscapeString(text))
	}
	word(left, 20, "start", p.Title)
	for i := range ticks + 1 {
		v, w := x.value(i), y.value(i)
		fmt.Fprintf(&b, `<path d="M%.1f %.1fH%.1f" stroke="%s"/>`+"\n", left, y.at(w), wide-right, grid)
		word(x.at(v), high-bottom+18, "middle", Short(v))
		word(left-8, y.at(w)+4, "end", Short(w))
	}
	word((left+wide-right)/2, high-10, "middle", p.X)
	word(left-8, top-8, "end", p.Y)
	for i, c := range p.All {
		color := strings.Fields(colors)[i%len(strings.Fields(colors))]
		var path []string
		for _, at := range c.At {
			path = append(path, fmt.Sprintf("%.1f %.1f", x.at(at[0]), y.at(at[1])))
		}
		if len(path) > 0 {
			fmt.Fprintf(&b, `<path d="M%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(path, "L"), color)
		}
		fmt.Fprintf(&b, `<path d="M%.1f %.1fh16" stroke="%s" stroke-width="2"/>`+"\n", wide-right+12, top+float64(i)*20, color)
		word(wide-right+34, top+float64(i)*20+4, "start", c.Name)
	}
	return b.String() + "</svg>\n"
}

// Short is a number with at most three digits that count.
func Short(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.3gM", v/1e6)
	case v >= 1e4:
		return fmt.Sprintf("%.3gk", v/1e3)
	case v >= 1e3:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}
