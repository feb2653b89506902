package reports

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/reports/history"
)

// diary remembers several days, the oldest first, with what a seat cost.
type diary struct {
	past
	days  []history.Day
	price approvals.Price
}

func (d diary) At(_ context.Context, _ string, when time.Time) (day history.Day, ok bool, err error) {
	for _, one := range d.days {
		if !one.At.After(when) {
			day, ok = one, true
		}
	}
	return day, ok, nil
}

func (d diary) Trend(context.Context, string, int, time.Time) (history.Trend, error) {
	return history.Trend{From: d.days[0].At, Points: []history.Point{{Known: true, Price: d.price}}}, nil
}

// TestAReportOfThePast is compared with the slot before it, and claims nothing of what isn't remembered.
func TestAReportOfThePast(t *testing.T) {
	w := newWorld(t, monday.Add(time.Hour), "weekly: 0 9 * * MON")
	week := 7 * 24 * time.Hour
	jane, lee, kim := seat(1, "jane@acme.example", false), seat(2, "lee@acme.example", true), seat(3, "kim@acme.example", false)
	w.runner.Gatherer.Past = diary{price: approvals.Price{Amount: 1500, Currency: "USD"}, days: []history.Day{day(monday.Add(-2*week), 20, jane, kim), day(monday.Add(-week-time.Hour), 25, jane, lee)}}
	w.vendor.apps[0].Price = approvals.Price{Amount: 9900, Currency: "USD"}
	w.asked = []approvals.Request{asked(3, catalog.Create, approvals.Done, monday.Add(-week-2*time.Hour)), asked(2, catalog.Create, approvals.Done, monday.Add(-2*week-time.Hour))}
	at := func(when string) Report {
		moment, err := ParseWhen(when)
		require.NoError(t, err)
		r, _, err := w.runner.Preview(ctx, "weekly", moment)
		require.NoError(t, err)
		return r
	}
	r := at("2026-11-16T09:00")
	require.True(t, r.Then)
	require.Equal(t, monday.Add(-2*week), r.Since, "the slot before")
	require.Equal(t, monday.Add(-2*week), r.Apps[0].Since)
	require.Equal(t, addresses("lee@acme.example"), r.Apps[0].Changes.Added)
	require.Equal(t, addresses("kim@acme.example"), r.Apps[0].Changes.Removed)
	require.Equal(t, 1, r.EventCount, "what was given since then")
	require.Equal(t, "375 USD a month", r.Cost[0].All.String(), "by the price of then")
	require.True(t, r.Cost[0].IdleUnknown)
	require.Zero(t, r.Head)

	r = at("2026-11-18")
	require.Equal(t, monday.Add(-week), r.Since)
	require.True(t, r.Apps[0].Since.IsZero(), "nobody looked in between, so nobody knows what changed")
	require.Zero(t, r.EventCount)
	require.Empty(t, r.Removed)
	w.runner.Gatherer.Kept = 90 * 24 * time.Hour
	require.Empty(t, at("2026-11-18").Removed)
	w.runner.Gatherer.Kept = 5 * 24 * time.Hour
	require.Equal(t, "5 days", at("2026-11-18").Removed, "what was closed by then may be gone")
}

// TestTheSlotBefore a moment, however seldom a report comes.
func TestTheSlotBefore(t *testing.T) {
	for spec, want := range map[string]string{"0 9 * * MON": "2026-11-16T09:00:00Z", "0 0 29 2 *": "2024-02-29T00:00:00Z", "* * * * *": "2026-11-23T08:59:00Z"} {
		require.Equal(t, moment(t, want), slotBefore(schedule(t, spec, "UTC"), monday), spec)
	}
}
