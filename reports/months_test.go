package reports

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// Seven months over both changes of the clocks, with the outbox's own worker and timers, a program
// that is restarted every few days at odd hours, and a Slack that loses answers.
func TestMonthsOfMorningsAreOneReportEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := moment(t, "2026-09-01T00:00:00Z")
		offset := time.Until(begin)
		clock := func() time.Time { return time.Now().Add(offset) }
		w := newWorld(t, begin)
		w.configure("morning", "30 1 * * *", "Europe/London") // comes twice on one night on the wall
		w.configure("week", "0 9 * * MON", "America/New_York")
		end := moment(t, "2027-04-01T00:00:00Z")
		for life := 0; clock().Before(end); life++ {
			w.slack.losses = life % 2
			w.live(clock, time.Duration(50+7*(life%9))*time.Hour)
			<-time.After(time.Duration(life%5) * 5 * time.Hour) // down for up to 20 hours
		}
		perReport := map[string][]string{}
		for _, p := range w.slack.posts {
			perReport[p.Name] = append(perReport[p.Name], p.Slot)
		}
		for _, c := range w.reports {
			var want []string
			for slot, at, _ := c.Schedule.Next(begin); at.Before(clock()); slot, at, _ = c.Schedule.Next(at) {
				want = append(want, slot)
			}
			require.Equal(t, want, perReport[c.Name])
		}
		require.Greater(t, len(perReport["morning"]), 210)
	})
}

// live is one life of the program, with everything that the wiring would run.
func (w *world) live(clock func() time.Time, long time.Duration) {
	ctx, stop := context.WithTimeout(ctx, long)
	defer stop()
	log := slog.New(slog.DiscardHandler)
	worker := &outbox.Worker{Box: w.store, Now: clock, Log: log, MaxSleep: time.Hour}
	w.planner = &Planner{Reports: w.reports, Memory: w.store, Box: w.store, Now: clock, Log: log, Wake: worker.Wake}
	w.runner = &Runner{Planner: w.planner, Gatherer: &Gatherer{Seats: &w.vendor, Requests: w, Memory: w.store}, Poster: courier{w, clock}}
	worker.Add(outbox.Lane{Kind: Kind, Doer: w.runner, Width: 1})
	go w.planner.Run(ctx)
	worker.Run(ctx)
	synctest.Wait()
}

// courier is the world's Slack under a clock that goes by itself.
type courier struct {
	w     *world
	clock func() time.Time
}

func (c courier) PostReport(ctx context.Context, job outbox.Job, channel string, r Report) outbox.Result {
	c.w.now = c.clock()
	return c.w.slack.PostReport(ctx, job, channel, r)
}

func (c courier) PostOwn(ctx context.Context, job outbox.Job, o Own) outbox.Result {
	c.w.now = c.clock()
	return c.w.slack.PostOwn(ctx, job, o)
}
