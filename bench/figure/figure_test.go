package figure

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPercentile(t *testing.T) {
	all := []int{5, 1, 4, 2, 3, 10, 9, 8, 7, 6}
	for p, want := range map[float64]int{0: 1, 10: 1, 11: 2, 50: 5, 99: 10, 100: 10} {
		require.Equal(t, want, Percentile(all, p), "%v", p)
	}
	require.Equal(t, 5, all[0], "it is left as it was")
	require.Zero(t, Percentile([]int{}, 99))
	require.Equal(t, 2.0, Median([]float64{3, 1, 2}))
}

func row(cells map[string]Cell) Row {
	return Row{What: "commits", Goal: "≤ 8", Cells: cells}
}

func TestWhatIsAbsentHasNoNumber(t *testing.T) {
	r := row(map[string]Cell{"usher": Of(7.5, "%.1f"), "bolt": Absent("there is no Node here")})
	q, ok := r.Ratio("usher", "bolt")
	require.False(t, ok)
	require.Zero(t, q)
	judged := r.Judge("7.5", true, "usher", "bolt")
	require.Empty(t, judged.Met, "nobody says what wasn't measured")
	require.Empty(t, judged.Share)
	require.Empty(t, r.Judge("7.5", true, "usher", "plain").Met, "a program that isn't named at all neither")
	text := Table([]string{"usher", "bolt"}, map[string]string{"usher": "Usher", "bolt": "Bolt"}, []Row{judged, judged})
	require.Contains(t, text, "| commits | 7.5 | left out | ≤ 8 |  |  |\n")
	require.Equal(t, 1, strings.Count(text, "Bolt: there is no Node here"), "said once")
}

func TestJudge(t *testing.T) {
	r := row(map[string]Cell{"usher": Of(4, "%.0f"), "bolt": Of(16, "%.0f ms")})
	q, ok := r.Ratio("usher", "bolt")
	require.True(t, ok)
	require.Equal(t, 0.25, q)
	require.Equal(t, "no", r.Judge("a quarter", false, "usher", "bolt").Met)
	text := Table([]string{"usher", "bolt"}, map[string]string{"usher": "Usher", "bolt": "Bolt"}, []Row{r.Judge("a quarter", false, "usher", "bolt")})
	require.Equal(t, "| | Usher | Bolt | goal | reached | |\n|---|---|---|---|---|---|\n| commits | 4 | 16 ms | ≤ 8 | a quarter | **no** |\n", text)
}

func TestAPictureIsWellFormed(t *testing.T) {
	for name, p := range map[string]Picture{
		"curves": {Title: "a < b", LogX: true, All: []Curve{{"one & two", [][2]float64{{100, 1}, {1e6, 2}}}, {"flat", [][2]float64{{100, 1}, {1e6, 1}}}}},
		"none":   {Title: "nothing", LogX: true, LogY: true},
		"point":  {All: []Curve{{"one", [][2]float64{{0, 0}}}}, LogY: true},
	} {
		svg := p.SVG()
		require.NotContains(t, svg, "NaN", name)
		require.NotContains(t, svg, "Inf", name)
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else {
				require.NoError(t, err, name)
			}
		}
	}
	svg := Picture{LogX: true, All: []Curve{{"c", [][2]float64{{1, 0}, {10, 1}, {100, 2}}}}}.SVG()
	require.Contains(t, svg, "M70.0 310.0L315.0 175.0L560.0 40.0", "a straight line over a logarithmic axis")
}

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1.2345: "1.23", 9999: "9999", 12_345: "12.3k", 2e6: "2M"} {
		require.Equal(t, want, Short(v))
	}
}
