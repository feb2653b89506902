package history

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestAWeekWithoutAReadingIsAGap: and not a zero; what is from before anything was remembered is none of those weeks.
func TestAWeekWithoutAReadingIsAGap(t *testing.T) {
	w := newWorld(t)
	for n := range 20 {
		w.seats = append(w.seats, seat(n, n == 3))
	}
	from := w.now
	for day := range 70 {
		if day < 21 || day > 37 { // it gave no answer for more than two weeks
			w.look()
		}
		if day%10 == 0 {
			w.seats = append(w.seats, seat(100+day, false))
		}
		w.now = w.now.Add(24 * time.Hour)
	}
	w.now = w.now.Add(-24 * time.Hour)
	trend, err := w.Trend(w.ctx, w.app.ID, Weeks, w.now)
	require.NoError(t, err)
	require.Len(t, trend.Points, 12)
	require.Equal(t, from, trend.From)
	var used []int
	for i, p := range trend.Points {
		if p.Known {
			require.Equal(t, approvals.Price{Amount: 2000, Currency: "USD"}, p.Price)
			require.Equal(t, []int{25, 1}, []int{p.Bought, p.Blocked})
		}
		used = append(used, p.Used)
		require.Less(t, w.now.Add(-7*24*time.Hour*time.Duration(11-i)).Sub(p.At), 7*24*time.Hour)
	}
	require.Equal(t, []int{0, 0, 21, 22, 22, 0, 0, 25, 25, 26, 27, 27}, used)
	require.Equal(t, []time.Time{trend.Points[5].At, trend.Points[6].At}, trend.Gaps())
	first, last, ok := trend.Ends()
	require.True(t, ok)
	require.Equal(t, []int{21, 27}, []int{first.Used, last.Used})
	require.Equal(t, 29, trend.With(Point{At: w.now, Known: true, Used: 29}).Points[11].Used)
	require.Equal(t, 27, trend.Points[11].Used)
}

// TestNothingRememberedIsNoTrend: not even of gaps.
func TestNothingRememberedIsNoTrend(t *testing.T) {
	w := newWorld(t)
	trend, err := w.Trend(w.ctx, w.app.ID, Weeks, w.now)
	require.NoError(t, err)
	require.Zero(t, trend.From)
	require.Empty(t, trend.Gaps())
	_, _, ok := trend.Ends()
	require.False(t, ok)
}

// TestSinceSaysWhatIsKnown: what was so before anybody looked, and what began while nobody could, isn't given a day.
func TestSinceSaysWhatIsKnown(t *testing.T) {
	at := time.Date(2026, 9, 3, 3, 30, 0, 0, time.UTC)
	require.Equal(t, "since 3 Sep 2026", Since{At: at, After: at.Add(-24 * time.Hour)}.Say().Plain())
	require.Equal(t, "since before 3 Sep 2026", Since{At: at, Before: true}.Say().Plain())
	require.Equal(t, "since some time between 30 Aug 2026 and 3 Sep 2026", Since{At: at, Before: true, After: at.Add(-4 * 24 * time.Hour)}.Say().Plain())
	require.Equal(t, "since when isn't known", Since{}.Say().Plain())
}
