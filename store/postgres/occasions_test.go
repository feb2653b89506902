package postgres

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/units"
)

// tally counts what happened under a name.
type tally struct {
	mu sync.Mutex
	of map[string]int
}

func (c *tally) one(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[name]++
}

// replica is the planners of one process, over its store and by its clock.
type replica struct {
	s     *Store
	now   time.Time
	c     *tally
	plan  *reports.Planner
	polls *units.Polls
	read  *directory.Readings
}

// Read implements units.Meter, and never is enough left.
func (r *replica) Read(context.Context) units.Reading {
	r.c.one("units at " + r.now.Truncate(time.Hour).Format("2T15"))
	return units.Reading{At: r.now, Left: 10}
}

// Notices and Note implement units.Meter.
func (r *replica) Notices() []units.Notice       { return nil }
func (r *replica) Note(time.Time) approvals.Text { return nil }

// source is the directory of a replica.
type source struct{ *replica }

// Read implements directory.Source.
func (s source) Read(context.Context, []directory.Record, string) (directory.Answer, error) {
	s.c.one("directory at " + s.now.Format("2"))
	return directory.Answer{People: []directory.Record{{ID: "ann", Addresses: []string{"ann@acme.example"}}}}, nil
}

func newReplica(t *testing.T, url, name string, c *tally) *replica {
	r := &replica{s: open(t, url, Options{Owner: name, Lease: time.Hour}), c: c}
	slots, err := reports.ParseSchedule("0 */6 * * *", "")
	require.NoError(t, err)
	clock, log := func() time.Time { return r.now }, slog.New(slog.DiscardHandler)
	r.plan = &reports.Planner{Reports: []reports.Config{{Name: "often", Schedule: slots, Channel: "C0REPORTS"}}, Memory: r.s, Box: r.s, Now: clock, Log: log, Wake: func() {}}
	r.polls = &units.Polls{Apps: []units.App{{ID: "semrush", Name: "Semrush", Slots: slots, Settings: units.Settings{WarnAt: []units.Limit{{Units: 100}}}, Meter: r}}, Memory: r.s, Box: r.s, Now: clock, Log: log}
	r.read = &directory.Readings{Directories: []directory.Directory{{Name: "Okta", Origin: "okta acme", Source: source{r}}}, Memory: r.s, Box: r.s, Now: clock, Log: log}
	return r
}

// plans has everything planned that is planned of its own accord, and the admins told of something.
func (r *replica) plans(t *testing.T) {
	polled, stop := context.WithCancel(ctx)
	r.polls.Wake = stop // one pass
	r.polls.Run(polled)
	read, stop := context.WithCancel(ctx)
	r.read.Wake = stop
	r.read.Run(read)
	r.polls.Wake, r.read.Wake = func() {}, func() {}
	changes, err := courier.Alarms("socket-mode", approvals.Sayf("It's off."), []approvals.PersonID{"U0CAROL"}, r.now)
	require.NoError(t, err)
	require.NoError(t, r.s.Promise(ctx, changes...))
	require.NoError(t, r.plan.Plan(ctx))
}

// works carries out what is due and nobody else is at work on.
func (r *replica) works(t *testing.T) {
	doers := map[string]outbox.Doer{units.Kind: r.polls, directory.Kind: r.read}
	for _, kind := range []string{reports.Kind, units.Kind, directory.Kind, approvals.KindWarning, courier.KindAlarm} {
		due, _, err := r.s.Due(ctx, kind, r.now, 10)
		require.NoError(t, err)
		for _, in := range due {
			in, err := r.s.Claim(ctx, in.Key, r.now)
			if err != nil {
				require.ErrorIs(t, err, outbox.ErrGone)
				continue
			}
			result := outbox.DoneWith(outbox.Receipt{ID: "said"})
			if doer := doers[kind]; doer != nil {
				result = doer.Do(ctx, outbox.NewJob(in, r.s))
			} else {
				r.c.one(in.Key)
			}
			require.NoError(t, r.s.Finish(ctx, in, result, r.now))
		}
	}
}

// TestEveryOccasionIsOnceAmongAll: three replicas, whose clocks differ, plan everything at the same moments and carry out what they find,
// for three days but for some hours. Each slot is posted once, also the one that was missed, read once for, and each warning and alarm said once.
func TestEveryOccasionIsOnceAmongAll(t *testing.T) {
	url := newShed(t).empty(t)
	c := &tally{of: map[string]int{}}
	var all []*replica
	for _, name := range []string{"one", "two", "three"} {
		all = append(all, newReplica(t, url, name, c))
	}
	start := time.Date(2026, 11, 23, 0, 30, 0, 0, time.UTC)
	for hour := range 72 {
		if hour > 37 && hour < 44 {
			continue // all of them are down, and a slot is missed
		}
		for _, step := range []func(r *replica){func(r *replica) { r.plans(t) }, func(r *replica) { r.works(t) }} {
			var together sync.WaitGroup
			for i, r := range all {
				r.now = start.Add(time.Duration(hour)*time.Hour + time.Duration(i)*time.Minute)
				together.Go(func() { step(r) })
			}
			together.Wait()
		}
	}
	want := map[string]int{}
	for day := 23; day <= 26; day++ {
		for _, h := range []int{0, 6, 12, 18} {
			at := time.Date(2026, 11, day, h, 0, 0, 0, time.UTC)
			if at.After(start) && at.Before(start.Add(71*time.Hour)) {
				want["report/often/"+at.Format("2006-01-02T15:04")]++
			}
		}
	}
	for name, n := range c.of {
		require.Equal(t, 1, n, name)
	}
	for name := range want {
		require.Contains(t, c.of, name)
	}
}
