package view

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/reports/history"
)

// trendTo is an app with points up to noon, a week apart; -1: it wasn't read.
func trendTo(from time.Time, used ...int) commands.Trended {
	t := commands.Trended{App: seRanking(), Trend: history.Trend{From: from}}
	for i, n := range used {
		p := history.Point{At: clock(9, 0).AddDate(0, 0, -7*(len(used)-1-i))}
		if n >= 0 {
			p.Known, p.Used, p.Bought, p.Blocked = true, n, 25, i%2
		}
		t.Points = append(t.Points, p)
	}
	return t
}

// TestATrendIsDrawn: in Slack's own chart with plain lines to stand in its place, and said in words; what isn't known is a gap, and named.
func TestATrendIsDrawn(t *testing.T) {
	long := clock(9, 0).AddDate(0, 0, -100)
	for name, c := range map[string]struct {
		is   commands.Trended
		says []string
		not  string
	}{
		"whole":        {trendTo(long, 18, 19, 22), []string{"• used: 18 (9 Nov) → 22 (23 Nov)", "• bought: 25", "• blocked by limits: 0 (9 Nov) → 0 (23 Nov)"}, "Not known"},
		"a gap":        {trendTo(long, 18, -1, 22), []string{"• used: 18 (9 Nov) → 22 (23 Nov)", "Not known: 16 Nov"}, "couldn't be read"},
		"a late start": {trendTo(clock(9, 0).AddDate(0, 0, -7), -1, 18, 22), []string{"I've remembered it since 16 Nov."}, "couldn't be read"},
		"blind first":  {trendTo(long, -1, -1, 22), []string{"Until 16 Nov it couldn't be read.", "• used: 22 (23 Nov)"}, "remembered it since"},
	} {
		m := Reply(commands.Reply{Head: say("*SE Ranking* · 22 of 25 seats used"), Trend: &c.is})
		held(t, m)
		for _, words := range c.says {
			require.Contains(t, m.Text, words, name)
		}
		require.NotContains(t, m.Text, c.not, name)
	}
}

// TestSeatsThatNobodySaidAreNotZero: of the weeks before somebody said how many seats are bought that isn't known, and what was used then
// is drawn all the same.
func TestSeatsThatNobodySaidAreNotZero(t *testing.T) {
	is := trendTo(clock(9, 0).AddDate(0, 0, -100), 18, 19, 22)
	is.Points[0].Bought, is.Points[1].Bought = 0, 0
	m := Reply(commands.Reply{Head: say("*SE Ranking* · 22 of 25 seats used"), Trend: &is})
	native, plain := string(held(t, m)), string(JSON(m.Plain))
	require.Contains(t, m.Text, "• bought: 25 (23 Nov)")
	require.Contains(t, m.Text, "• used: 18 (9 Nov) → 22 (23 Nov)")
	require.NotContains(t, m.Text+plain, "bought: 0")
	require.Contains(t, plain, "··▅ bought · 25 (23 Nov)")
	require.Contains(t, native, `"data_visualization"`)
	require.Contains(t, native, `{"label":"9 Nov","value":18}`)
	require.Contains(t, native, "bought: 25 (23 Nov), not known before")
	require.NotContains(t, native, "Not known, so it isn't in the chart")
	for i := range is.Points {
		is.Points[i].Bought = 0
	}
	require.NotContains(t, Reply(commands.Reply{Head: say("*SE Ranking*"), Trend: &is}).Text, "bought")
}

// TestUnitsAreDrawn: a point for each two days until now, the last reading of them, what wasn't read is a gap, and one point is no line. In
// a digest they come after the seats, and where those have both of Slack's own charts they are drawn plainly.
func TestUnitsAreDrawn(t *testing.T) {
	b := lowUnits().Balance
	at := clock(9, 0)
	for _, l := range []struct{ ago, left int }{{31, 1}, {28, 90_000}, {27, 89_500}, {25, 80_000}, {3, 60_000}, {0, 48_000}} {
		b.Lately = append(b.Lately, approvals.Level{At: at.AddDate(0, 0, -l.ago), Left: int64(l.left)})
	}
	is := commands.Trended{App: seRanking(), Units: &b, At: at}
	m := Reply(commands.Reply{Head: say("*SE Ranking*"), Trend: &is})
	require.Contains(t, string(held(t, m)), `{"label":"26 Oct","value":90000}`)
	require.Contains(t, m.Text, "SE Ranking units, the last 30 days\n• left: 90,000 (26 Oct) → 48,000 (23 Nov)\nNot known: 1 Nov, 3 Nov")
	require.Contains(t, string(JSON(m.Plain)), "left · 90,000 (26 Oct) → 48,000 (23 Nov)")
	r := fullReport()
	r.Apps[0].Balance = &b
	require.Contains(t, Report(r, nil).Text, "SE Ranking units, the last 30 days\n• left: 90,000")
	other := r.Apps[0]
	other.App.ID, other.Balance = "other", nil
	r.Apps = append(r.Apps, other)
	m = Report(r, nil)
	require.Equal(t, 2, strings.Count(string(held(t, m)), `"data_visualization"`))
	require.Contains(t, string(JSON(m.Blocks)), "SE Ranking units, the last 30 days")
	b.Lately = b.Lately[:2]
	require.NotContains(t, Reply(commands.Reply{Head: say("*SE Ranking*"), Trend: &is}).Text, "the last 30 days")
}
