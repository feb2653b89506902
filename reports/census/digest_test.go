package census_test

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/census"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/stops"
)

var seRanking = approvals.App{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}

// crowd is a vendor of many accounts that holds none of them, and the channel in which reports of it are posted. From week to week
// some go, some come and some are blocked or not any more.
type crowd struct {
	testing.TB
	n, week int
	blind   bool // its memory isn't looked at
	now     time.Time
	store   *bolt.Store
	posted  []reports.Report
	most    uint64 // of the heap, above what it was at first
	base    uint64
	reads   int
}

// account is the i-th account in a week; ok is false where it isn't there.
func (c *crowd) account(i, week int) (s approvals.Seat, ok bool) {
	draw := uint32(i)*2654435761 + uint32(i)>>7
	s = approvals.Seat{ID: strconv.Itoa(36000 + i), Email: fmt.Sprintf("somebody.%06d@acme.example", draw%1_000_000), FirstName: "Some", LastName: strconv.Itoa(i), Sort: "client", Holds: 1,
		Blocked: (draw>>8+uint32(week)*uint32(i%50/49))%11 == 0}
	came, went := i%1000 == 7, i%1000 == 11
	return s, week == 1 && !came || week == 2 && !went
}

func (c *crowd) Apps() []approvals.App { return []approvals.App{seRanking} }

func (c *crowd) Seats(context.Context, string, bool) (l approvals.SeatList, err error) {
	c.Errorf("nobody reads the whole list")
	return l, nil
}

func (c *crowd) Page(_ context.Context, _, from string) (p approvals.SeatPage, err error) {
	i, _ := strconv.Atoi(from)
	for ; i < c.n && len(p.Seats) < 100; i++ {
		if s, ok := c.account(i, c.week); ok {
			p.Seats = append(p.Seats, s)
		}
	}
	if i < c.n {
		p.Next = strconv.Itoa(i)
	}
	if c.reads++; c.reads%(c.n/500+1) == 0 {
		c.sample()
	}
	return p, nil
}

func (c *crowd) Requests(context.Context, approvals.Filter, int) ([]approvals.Request, error) {
	return nil, nil
}

func (c *crowd) PostReport(_ context.Context, job outbox.Job, channel string, r reports.Report) outbox.Result {
	c.sample()
	c.posted = append(c.posted, r)
	return outbox.DoneWith(outbox.Receipt{Key: job.Key, Place: channel, ID: "17.1"})
}

func (c *crowd) PostOwn(_ context.Context, job outbox.Job, _ reports.Own) outbox.Result {
	c.Fatalf("%s is somebody's own", job.Key)
	return outbox.Result{}
}

func (c *crowd) sample() {
	if c.blind {
		return
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if c.base == 0 {
		c.base = m.HeapAlloc
	}
	c.most = max(c.most, max(m.HeapAlloc, c.base)-c.base)
}

// report lets the slot of a week come.
func (c *crowd) report(week int) reports.Report {
	c.Helper()
	if c.store == nil {
		c.store = stops.Store(c.TB)
	}
	clock, log := func() time.Time { return c.now }, slog.New(slog.DiscardHandler)
	schedule, err := reports.ParseSchedule("0 9 * * MON", "")
	require.NoError(c, err)
	planner := &reports.Planner{Reports: []reports.Config{{Name: "weekly", Schedule: schedule, Channel: "C0REPORTS"}}, Memory: c.store, Box: c.store, Now: clock, Log: log, Wake: func() {}}
	runner := &reports.Runner{Planner: planner, Poster: c, Gatherer: &reports.Gatherer{Seats: c, Requests: c, Memory: c.store,
		Walker: &census.Censuses{Vendors: c, Shelf: c.store, Now: clock, Log: log}}}
	c.now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).AddDate(0, 0, 7*(week-1))
	require.NoError(c, planner.Plan(c.Context()))
	c.week, c.now = week, c.now.Add(21*time.Hour)
	c.sample()
	due, _, err := c.store.Due(c.Context(), reports.Kind, c.now, 9)
	require.NoError(c, err)
	require.Len(c, due, 1)
	in, err := c.store.Claim(c.Context(), due[0].Key, c.now)
	require.NoError(c, err)
	result := runner.Do(c.Context(), outbox.NewJob(in, c.store))
	require.NotNil(c, result.Receipt(), "%v", result)
	require.NoError(c, c.store.Finish(c.Context(), in, result, c.now))
	require.Len(c, c.posted, week)
	return c.posted[week-1]
}

// some are the first of the addresses for which it is so that their account was and is there, and how many there are in all.
func (c *crowd) some(is func(was, there bool, before, now approvals.Seat) bool) (emails []string, all int) {
	for i := range c.n {
		before, was := c.account(i, 1)
		now, there := c.account(i, 2)
		if is(was, there, before, now) {
			emails = append(emails, now.Email)
		}
	}
	slices.Sort(emails)
	return slices.Clip(emails[:min(len(emails), 1000)]), len(emails)
}

// TestADigestIsExact with 250 and with 100,000 accounts: how many there are, exactly those that are blocked, and exactly those that
// came, went, were blocked, and are not any more, since the week before.
func TestADigestIsExact(t *testing.T) {
	for _, n := range []int{250, 100_000} {
		c := &crowd{TB: t, n: n}
		first := c.report(1).Apps[0]
		require.True(t, first.Since.IsZero())
		a := c.report(2).Apps[0]
		_, used := c.some(func(_, there bool, _, _ approvals.Seat) bool { return there })
		require.Equal(t, used, a.Used)
		blocked, all := c.some(func(_, there bool, _, now approvals.Seat) bool { return there && now.Blocked })
		require.Equal(t, all, a.BlockedCount)
		require.Greater(t, all, n/20)
		var named []string
		for _, b := range a.Blocked {
			named = append(named, b.Email)
		}
		require.Equal(t, blocked, named)
		_, usedBefore := c.some(func(was, _ bool, _, _ approvals.Seat) bool { return was })
		require.Equal(t, usedBefore, a.Changes.UsedBefore)
		require.Equal(t, first.Used, usedBefore)
		for what, row := range map[string]struct {
			got reports.Names
			is  func(was, there bool, before, now approvals.Seat) bool
		}{
			"came": {a.Changes.Added, func(was, there bool, _, _ approvals.Seat) bool { return !was && there }},
			"went": {a.Changes.Removed, func(was, there bool, _, _ approvals.Seat) bool { return was && !there }},
			"newly blocked": {a.Changes.NewlyBlocked, func(was, there bool, before, now approvals.Seat) bool {
				return there && now.Blocked && !(was && before.Blocked)
			}},
			"no longer blocked": {a.Changes.Unblocked, func(was, there bool, before, now approvals.Seat) bool {
				return was && there && before.Blocked && !now.Blocked
			}},
		} {
			want, count := c.some(row.is)
			require.Equal(t, count, row.got.Count, what)
			require.Equal(t, want, row.got.First, what)
			if n > 250 {
				require.NotZero(t, count, what)
			}
		}
		names, err := c.store.Pieces(t.Context(), "")
		require.NoError(t, err)
		require.LessOrEqual(t, len(names), 2+2*(n/100+1), "the head, the pins, and two censuses")
	}
}

// TestADigestStaysFlatInMemory: ten times as many accounts need hardly more room, from the first page to the posted report, also where there is
// a report before to compare with.
func TestADigestStaysFlatInMemory(t *testing.T) {
	most := map[int]uint64{}
	for _, n := range []int{10_000, 100_000} {
		c := &crowd{TB: t, n: n}
		c.report(1)
		c.report(2)
		most[n] = c.most
	}
	t.Logf("%d KB with 10,000 accounts, %d KB with 100,000", most[10_000]>>10, most[100_000]>>10)
	require.Less(t, most[100_000], most[10_000]+10<<20)
}
