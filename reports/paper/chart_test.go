package paper

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/reports/history"
)

// columnHas reports whether a colour stands anywhere in a column of dots, below the names of the lines.
func columnHas(m image.Image, x int, ink color.RGBA) bool {
	for y := top * dots; y < m.Bounds().Dy(); y++ {
		if color.RGBAModel.Convert(m.At(x, y)) == ink {
			return true
		}
	}
	return false
}

// TestAGapIsDrawnAsAGap: by day and by night the line is there between two weeks that are known, and nowhere else.
func TestAGapIsDrawnAsAGap(t *testing.T) {
	c := papers()["normal"].Charts[0]
	require.Equal(t, "SE Ranking: 12 seats used on 2026-09-07, 23 on 2026-11-23; of 2 weeks nothing is known.", c.Say)
	for _, dark := range []bool{false, true} {
		raw, err := c.PNG(dark)
		require.NoError(t, err)
		m, err := png.Decode(bytes.NewReader(raw))
		require.NoError(t, err)
		require.Equal(t, image.Pt(chartWide*dots, chartHigh*dots), m.Bounds().Size())
		l := lookFor(dark)
		require.Equal(t, l.page, color.RGBAModel.Convert(m.At(2, 2)))
		between := func(i int) int { return int((c.x(i) + c.x(i+1)) / 2 * dots) }
		for i := range 11 {
			known := i != 3 && i != 4 && i != 5
			for _, ink := range l.lines[:3] {
				require.Equal(t, known, columnHas(m, between(i), ink), "after week %d", i)
			}
		}
	}
}

// TestChartsOfLittle: what is one point, or has letters that the font lacks, is drawn without harm; what is no line is no chart.
func TestChartsOfLittle(t *testing.T) {
	one := 3
	for _, c := range []Chart{{}, {Title: "漢字 🎉", Points: []string{"x"}, Series: []Series{{"n", []*int{&one}}}}, {Points: []string{"a", "b"}, Series: []Series{{"n", []*int{nil, nil}}}}} {
		_, err := c.PNG(false)
		require.NoError(t, err)
	}
	_, ok := TrendChart("App", history.Trend{}, true)
	require.False(t, ok)
	_, ok = TrendChart("App", history.Trend{Points: []history.Point{{Known: true}, {}}}, true)
	require.False(t, ok)
	for highest, high := range map[int]int{1: 4, 4: 4, 25: 32, 33: 40, 100_000: 120_000} {
		require.Equal(t, high, Chart{Series: []Series{{Values: []*int{&highest}}}}.high())
	}
}
