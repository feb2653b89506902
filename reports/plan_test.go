package reports

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

const weekly = "weekly: 0 9 * * MON"

func TestTheFirstStartPlansTheFutureOnly(t *testing.T) {
	w := newWorld(t, monday.Add(time.Hour), weekly)
	require.Len(t, w.intents(), 1)
	w.until(monday.Add(6 * 24 * time.Hour))
	require.Empty(t, w.slack.said())
	require.Equal(t, []string{"report/weekly/2026-11-30T09:00"}, w.intents())
	w.until(monday.Add(15 * 24 * time.Hour))
	require.Equal(t, []string{"2026-11-30T09:00", "2026-12-07T09:00"}, w.slack.said())
	require.Equal(t, monday.Add(7*24*time.Hour), w.slack.posts[0].at)
}

func TestAMissedSlotIsMadeUpOnceWithinADay(t *testing.T) {
	for name, c := range map[string]struct {
		spec string
		down time.Duration // from monday, when the program starts again
		want []string
	}{
		"on the minute":              {weekly, 0, []string{"2026-11-23T09:00"}},
		"an hour late":               {weekly, time.Hour, []string{"2026-11-23T09:00"}},
		"23 hours late":              {weekly, 23 * time.Hour, []string{"2026-11-23T09:00"}},
		"24 hours late is too late":  {weekly, 24 * time.Hour, []string{}},
		"25 hours late is too late":  {weekly, 25 * time.Hour, []string{}},
		"of several the last one":    {"daily: 0 9 * * *", 75 * time.Hour, []string{"2026-11-26T09:00"}},
		"of many the last one":       {"hourly: 0 * * * *", 5*time.Hour + time.Minute, []string{"2026-11-23T14:00"}},
		"five weeks and a bit later": {weekly, 5*7*24*time.Hour + time.Hour, []string{"2026-12-28T09:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, monday.Add(-time.Hour-time.Minute), c.spec)
			w.startAt(monday.Add(c.down))
			require.Equal(t, c.want, w.slack.said())
			require.Len(t, w.intents(), 1, "the next slot, and nothing else, is owed")
			w.startAt(w.now.Add(time.Second))
			require.Equal(t, c.want, w.slack.said(), "made up once")
			require.NoError(t, w.planner.Plan(ctx))
			require.Len(t, w.intents(), 1, "what is too late is not promised over and over")
			_, next, _ := w.reports[0].Schedule.Next(w.now)
			w.until(next)
			require.Len(t, w.slack.said(), len(c.want)+1, "and the chain goes on")
		})
	}
}

func TestAReportThatIsConfiguredNoMoreIsNotPosted(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), weekly, "other: 0 9 * * MON")
	both := w.reports
	w.reports = both[1:]
	w.startAt(monday.Add(-time.Minute))
	w.until(monday.Add(time.Hour))
	require.Equal(t, []string{"report/other/2026-11-23T09:00"}, keys(w), "its old promise ends in silence")
	require.Equal(t, []string{"report/other/2026-11-30T09:00"}, w.intents())
	w.reports = both
	w.startAt(monday.Add(2 * time.Hour))
	require.Len(t, w.slack.posts, 1, "what it missed while it was out is not made up")
	w.until(monday.Add(7 * 24 * time.Hour))
	require.Equal(t, []string{"report/other/2026-11-23T09:00", "report/other/2026-11-30T09:00", "report/weekly/2026-11-30T09:00"}, keys(w))
}

func keys(w *world) []string {
	var out []string
	for _, p := range w.slack.posts {
		out = append(out, p.key)
	}
	return out
}

func TestAnotherScheduleBeginsAnew(t *testing.T) {
	w := newWorld(t, monday.Add(-48*time.Hour), weekly)
	w.reports[0].Schedule = schedule(t, "30 8 * * *", "Europe/London")
	w.startAt(monday.Add(-10 * time.Minute)) // 08:50: 08:30 was never promised to anybody
	w.until(monday.Add(20 * time.Hour))
	require.Empty(t, w.slack.said(), "nor is 09:00 a slot any more")
	w.until(monday.Add(24 * time.Hour))
	require.Equal(t, []string{"2026-11-24T08:30"}, w.slack.said())
}

func TestAnotherZoneMovesTheSlotThatIsPromised(t *testing.T) {
	for name, c := range map[string]struct{ before, after, at string }{
		"earlier": {"America/New_York", "Europe/London", "2026-11-23T09:00:00Z"},
		"later":   {"Europe/London", "America/New_York", "2026-11-23T14:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, monday.Add(-48*time.Hour))
			w.configure("weekly", "0 9 * * MON", c.before)
			w.start()
			w.reports[0].Schedule = schedule(t, "0 9 * * MON", c.after)
			w.startAt(monday.Add(-24 * time.Hour))
			w.until(monday.Add(24 * time.Hour))
			require.Equal(t, []string{"2026-11-23T09:00"}, w.slack.said())
			require.Equal(t, moment(t, c.at), w.slack.posts[0].at)
		})
	}
}

func TestASlotThatAnotherZoneMovesIntoThePastIsNotPosted(t *testing.T) {
	w := newWorld(t, monday.Add(-48*time.Hour))
	w.configure("weekly", "0 9 * * MON", "America/New_York")
	w.start()
	w.reports[0].Schedule = schedule(t, "0 9 * * MON", "Europe/London")
	w.startAt(monday.Add(3 * time.Hour)) // 09:00 in London is over, 09:00 in New York to come
	w.until(monday.Add(24 * time.Hour))
	require.Empty(t, w.slack.said())
}

func TestAClockThatIsSetNeitherRepeatsNorLosesASlot(t *testing.T) {
	t.Run("back over a posted slot", func(t *testing.T) {
		w := newWorld(t, monday.Add(-time.Hour), "daily: 0 9 * * *")
		w.until(monday.Add(time.Minute))
		w.startAt(monday.Add(-30 * time.Minute))
		w.until(monday.Add(49 * time.Hour))
		require.Equal(t, []string{"2026-11-23T09:00", "2026-11-24T09:00", "2026-11-25T09:00"}, w.slack.said())
	})
	t.Run("years ahead and back", func(t *testing.T) {
		w := newWorld(t, monday.Add(-time.Hour), "daily: 0 9 * * *")
		w.now = monday.Add(4*365*24*time.Hour + time.Hour)
		w.work()
		require.Equal(t, []string{"2030-11-22T09:00"}, w.slack.said(), "the clock said so")
		w.startAt(monday.Add(-30 * time.Minute))
		w.until(monday.Add(25 * time.Hour))
		require.Equal(t, []string{"2030-11-22T09:00", "2026-11-23T09:00", "2026-11-24T09:00"}, w.slack.said())
	})
	t.Run("first start in the future", func(t *testing.T) {
		w := newWorld(t, monday.Add(365*24*time.Hour), "daily: 0 9 * * *")
		w.startAt(monday.Add(-30 * time.Minute))
		w.until(monday)
		require.Equal(t, []string{"2026-11-23T09:00"}, w.slack.said())
	})
}

func TestADamagedSnapshotIsBegunAnew(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), weekly)
	require.NoError(t, w.store.KeepSnapshot(ctx, "weekly", []byte("{torn")))
	w.startAt(monday.Add(-time.Minute))
	w.until(monday)
	require.Equal(t, []string{"2026-11-23T09:00"}, w.slack.said())
	require.Equal(t, "2026-11-23T09:00", w.snapshot("weekly").Slot)
}

func TestPlanningTwicePromisesOnce(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), weekly)
	before, err := w.store.Intents(ctx, Kind)
	require.NoError(t, err)
	require.NoError(t, w.planner.Plan(ctx))
	after, err := w.store.Intents(ctx, Kind)
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.Equal(t, outbox.Intent{Key: "report/weekly/2026-11-23T09:00", Due: monday, Made: monday, Rev: after[0].Rev}, after[0])
}

// paused is a Memory whose next amendment is made only after something else has happened.
type paused struct {
	Memory
	during func()
}

func (p *paused) AmendSnapshot(ctx context.Context, report string, was, raw []byte) (bool, error) {
	if during := p.during; during != nil {
		p.during = nil
		during()
	}
	return p.Memory.AmendSnapshot(ctx, report, was, raw)
}

// TestASecondProcessForgetsNoReportThatTheFirstPosted: one begins at the same moment as another, and is paused between what it reads and
// what it keeps; the other posts the first slot meanwhile.
func TestASecondProcessForgetsNoReportThatTheFirstPosted(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour))
	w.configure("weekly", "0 9 * * MON", "Europe/London")
	second := *w.planner
	second.Reports = w.reports
	late := &paused{second.Memory, func() { w.start(); w.until(monday) }}
	second.Memory = late
	require.NoError(t, second.Plan(ctx))
	require.Nil(t, late.during)
	require.Equal(t, "2026-11-23T09:00", w.snapshot("weekly").Slot)
	require.Equal(t, []string{"report/weekly/2026-11-30T09:00"}, w.intents())
	require.Equal(t, []string{"2026-11-23T09:00"}, w.slack.said())
}
