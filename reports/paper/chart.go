package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strconv"
)

// Chart is some series over the same points.
type Chart struct {
	Title string `json:"title"`
	// Say is what it shows in a sentence, for who can't see it.
	Say    string   `json:"say"`
	Points []string `json:"points"`
	Series []Series `json:"series"`
}

// Series is one line of a chart, a value for each point; nil: not known, and a gap in the line.
type Series struct {
	Name   string `json:"name"`
	Values []*int `json:"values"`
}

// The size of a drawn chart in points, and how many dots a point has each way: screens are fine.
const (
	chartWide, chartHigh = 720, 320
	dots                 = 2
)

// The space around the lines of a chart, how many steps its axis has, and how many of its points are named: more would overlap.
const (
	left, right, top, bottom = 48, 24, 64, 36
	steps                    = 4
	mostNamed                = 6
)

// look is how a chart is drawn. The lines differ from each other and from the page for who sees few colours, too, and none
// by colour alone: each has its name at the top, and marks of its own.
type look struct {
	page, grid, ink color.RGBA
	lines           []color.RGBA
}

// Looks are for a light and for a dark page.
func lookFor(dark bool) look {
	if dark {
		return look{rgb(0x1a1d21), rgb(0x3a3d42), rgb(0xe8e8e8), []color.RGBA{rgb(0x6cb4ff), rgb(0xf2c14e), rgb(0xff8f8f), rgb(0x7ddf9b), rgb(0xcfa6ff), rgb(0xc8c8c8)}}
	}
	return look{rgb(0xffffff), rgb(0xdddddd), rgb(0x1d1c1d), []color.RGBA{rgb(0x0b5cad), rgb(0x9a6700), rgb(0xb3261e), rgb(0x1a7f37), rgb(0x7a3ea1), rgb(0x57606a)}}
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// PNG draws a chart, for a light or a dark page. Nothing of it depends on anything but the chart.
func (c Chart) PNG(dark bool) ([]byte, error) {
	d, err := newDrawing(chartWide, chartHigh, dots)
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", c.Title, err)
	}
	l := lookFor(dark)
	d.fill(l.page)
	d.text(left/2, 24, c.Title, l.ink, true, fromLeft)
	c.legend(d, l)
	c.axes(d, l)
	for i, s := range c.Series {
		c.line(d, i, s, l.lines[i%len(l.lines)])
	}
	var out bytes.Buffer
	if err := png.Encode(&out, d.image); err != nil {
		return nil, fmt.Errorf("write %s: %w", c.Title, err)
	}
	return out.Bytes(), nil
}

// legend names the lines.
func (c Chart) legend(d *drawing, l look) {
	x := float32(left / 2)
	for i, s := range c.Series {
		ink := l.lines[i%len(l.lines)]
		d.line(x, 44, x+22, 44, 2.5, ink)
		d.mark(i, x+11, 44, ink)
		x += 28
		x += d.text(x, 48, s.Name, l.ink, false, fromLeft) + 20
	}
}

// axes are the grid with its numbers, and the names of the points, the last one always.
func (c Chart) axes(d *drawing, l look) {
	high := c.high()
	for i := range steps + 1 {
		y := c.y(high*i/steps, high)
		d.line(left, y, chartWide-right, y, 1, l.grid)
		d.text(left-8, y+4, strconv.Itoa(high*i/steps), l.ink, false, fromRight)
	}
	every := max((len(c.Points)+mostNamed-1)/mostNamed, 1)
	for i, p := range c.Points {
		if (len(c.Points)-1-i)%every == 0 {
			d.text(min(c.x(i), chartWide-right-12), chartHigh-12, p, l.ink, false, centred)
		}
	}
}

// line is one series: a value without a neighbour that is known is a mark alone.
func (c Chart) line(d *drawing, which int, s Series, ink color.RGBA) {
	high := c.high()
	for i, v := range s.Values {
		if v == nil {
			continue
		}
		if i > 0 && s.Values[i-1] != nil {
			d.line(c.x(i-1), c.y(*s.Values[i-1], high), c.x(i), c.y(*v, high), 2.5, ink)
		}
		d.mark(which, c.x(i), c.y(*v, high), ink)
	}
}

func (c Chart) x(i int) float32 {
	if len(c.Points) < 2 {
		return (left + chartWide - right) / 2
	}
	return left + 16 + float32(i)*float32(chartWide-right-left-32)/float32(len(c.Points)-1)
}

func (c Chart) y(v, high int) float32 {
	return chartHigh - bottom - float32(v)/float32(high)*float32(chartHigh-bottom-top)
}

// high is where the axis ends: a number in even steps, not below the highest value.
func (c Chart) high() int {
	highest := 1
	for _, s := range c.Series {
		for _, v := range s.Values {
			if v != nil {
				highest = max(highest, *v)
			}
		}
	}
	for step := steps; ; step *= 10 {
		for _, by := range []int{1, 2, 3, 5, 8} {
			if by*step >= highest {
				return by * step
			}
		}
	}
}

// bounds are those of a chart in dots.
func bounds(wide, high, each int) image.Rectangle { return image.Rect(0, 0, wide*each, high*each) }
