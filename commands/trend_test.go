package commands

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports/history"
)

// remembered is what is remembered of each app.
type remembered map[string]history.Trend

func (r remembered) Trend(_ context.Context, app string, weeks int, now time.Time) (history.Trend, error) {
	if r == nil {
		return history.Trend{}, errors.New("the disk is gone")
	}
	return r[app], nil
}

// weeks are the weeks up to noon, by how many seats were used at the end of each; -1: it couldn't be read.
func weeks(used ...int) history.Trend {
	t := history.Trend{From: noon.AddDate(0, 0, -7*len(used))}
	for i, n := range used {
		p := history.Point{At: noon.AddDate(0, 0, -7*(len(used)-1-i))}
		if n >= 0 {
			p.Known, p.Used, p.Bought, p.Blocked, p.Idle = true, n, 25, 1, 2
		}
		t.Points = append(t.Points, p)
	}
	return t
}

// TestTrend: the first line is enough by itself, each week that is known stands below, and what isn't known is never a number.
func TestTrend(t *testing.T) {
	for want, is := range map[string]history.Trend{
		"SE Ranking · 22 of 25 seats used, +3 in 3 weeks · read 2026-11-23 12:00 UTC\n" +
			"| • 2 Nov 2026: 19 of 25 seats used · 1 blocked by limits · 2 without a website\n" +
			"| • 16 Nov 2026: 20 of 25 seats used · 1 blocked by limits · 2 without a website\n" +
			"| • 23 Nov 2026: 22 of 25 seats used · 1 blocked by limits · 2 without a website\n": weeks(19, -1, 20, 22),
		"SE Ranking · 20 of 25 seats used, −2 in 1 week · read 2026-11-23 12:00 UTC\n" +
			"| • 16 Nov 2026: 22 of 25 seats used · 1 blocked by limits · 2 without a website\n" +
			"| • 23 Nov 2026: 20 of 25 seats used · 1 blocked by limits · 2 without a website\n": weeks(-1, 22, 20),
		"SE Ranking · 20 of 25 seats used, as many as 2 weeks before · read 2026-11-23 12:00 UTC\n" +
			"| • 9 Nov 2026: 20 of 25 seats used · 1 blocked by limits · 2 without a website\n" +
			"| • 23 Nov 2026: 20 of 25 seats used · 1 blocked by limits · 2 without a website\n": weeks(20, -1, 20),
		"SE Ranking · 20 of 25 seats used, with no other week to compare yet · read 2026-11-16 12:00 UTC\n" +
			"| • 16 Nov 2026: 20 of 25 seats used · 1 blocked by limits · 2 without a website\n": weeks(-1, 20, -1),
		"SE Ranking · nothing is known of the last 2 weeks: I couldn't read it.\n" +
			"| I try once a day. /access accounts tries now.\n": weeks(-1, -1),
		"SE Ranking · I remember nothing of it yet.\n" +
			"| I look each app over once a day, early in the morning by UTC. Ask again tomorrow.\n": {},
	} {
		w := newWorld(t)
		w.Past = remembered{"seranking": is}
		require.Equal(t, want, w.says("U0CAROL", "trend app=seranking"))
		require.Equal(t, want, w.says("U0CAROL", "trend"))
	}
}

// TestTrendOfWhatCannotBeRead: an app that doesn't say who has a seat is known by the lists that people import.
func TestTrendOfWhatCannotBeRead(t *testing.T) {
	reply := trendOf(approvals.App{ID: "semrush", Name: "Semrush"}, history.Trend{})
	require.Equal(t, "Semrush · I remember nothing of it yet: it doesn't tell me who's in it.", reply.Head.Plain())
	require.Equal(t, "Give me its own member list now and then, and I'll remember each for its day: /access import semrush", reply.Lines[0].Plain())
	is := weeks(4, 5)
	is.Points[1].Bought = 0
	reply = trendOf(approvals.App{ID: "semrush", Name: "Semrush"}, is)
	require.Equal(t, "Semrush · 5 seats used, +1 in 1 week · read 2026-11-23 12:00 UTC", reply.Head.Plain())
	require.Equal(t, "• 16 Nov 2026: 4 of 25 seats used", reply.Lines[0].Plain())
}

// TestTrendWithoutMemory: nothing is made up.
func TestTrendWithoutMemory(t *testing.T) {
	w := newWorld(t)
	require.Equal(t, "unavailable: What apps were like isn't remembered here.", w.says("U0CAROL", "trend"))
	w.Past = remembered(nil)
	_, err := w.Do(t.Context(), Call{Text: "trend", User: "U0CAROL"}, noon)
	require.ErrorContains(t, err, "the disk is gone")
	require.Contains(t, w.says("U0CAROL", "trend app=serankng"), "I don't know the app “serankng”. Did you mean seranking?")
}
