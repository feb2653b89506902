package reports

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Every commit and every outward call, before and after: the program is stopped there and started
// again, at once or after a while, and the slot is posted once and the next one is owed.
func TestACrashAnywhereNeitherLosesNorRepeatsASlot(t *testing.T) {
	for _, away := range []time.Duration{0, time.Hour} {
		crashes := 0
		for stop := 1; ; stop++ {
			w := newWorld(t, monday.Add(-time.Hour), weekly)
			w.Effects, w.Stop = 0, stop
			if !w.Crashes(func() { w.startAt(monday) }) {
				break
			}
			crashes++
			w.Stop = 0
			w.startAt(monday.Add(away))
			w.until(monday.Add(time.Hour))
			require.Equal(t, []string{"2026-11-23T09:00"}, w.slack.said(), "stopped at effect %d", stop)
			require.Equal(t, []string{"report/weekly/2026-11-30T09:00"}, w.intents(), "stopped at effect %d", stop)
			require.Equal(t, "2026-11-23T09:00", w.snapshot("weekly").Slot)
			require.Len(t, w.snapshot("weekly").Apps["seranking"].Accounts, 2)
		}
		require.GreaterOrEqual(t, crashes, 14, "all commits and calls are among the points")
	}
}

func TestACrashAtTheFirstStartStillPlans(t *testing.T) {
	for stop := 1; stop <= 4; stop++ {
		w := newWorld(t, monday.Add(-time.Hour))
		w.configure("weekly", "0 9 * * MON", "Europe/London")
		w.Effects, w.Stop = 0, stop
		require.True(t, w.Crashes(w.start))
		w.Stop = 0
		w.startAt(monday.Add(-time.Minute))
		w.until(monday)
		require.Equal(t, []string{"2026-11-23T09:00"}, w.slack.said())
	}
}

func TestWhatChangedIsSinceTheLastSlot(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), weekly)
	w.asked = []approvals.Request{{Number: 12, State: approvals.Pending}, {Number: 9, State: approvals.InDoubt}}
	w.until(monday)
	first := w.slack.posts[0]
	require.True(t, first.Apps[0].Since.IsZero())
	require.Equal(t, []string{"two@acme.example"}, blocked(first.Apps[0]))
	require.EqualValues(t, 12, first.Waiting[0].Number)
	require.EqualValues(t, 9, first.Stuck[0].Number)
	w.vendor.seats["seranking"] = []approvals.Seat{seat(1, "one@acme.example", true), seat(3, "three@acme.example", false)}
	require.NoError(t, w.manual.Post(ctx, "weekly", "C0ELSE", "t1", "U0CAROL"))
	w.until(monday.Add(7 * 24 * time.Hour))
	require.Len(t, w.slack.posts, 3)
	for _, p := range w.slack.posts[1:] {
		require.Equal(t, monday, p.Apps[0].Since, "a report asked for by hand is not what the next is compared with")
		require.Equal(t, Changes{UsedBefore: 2, Added: addresses("three@acme.example"), Removed: addresses("two@acme.example"),
			NewlyBlocked: addresses("one@acme.example")}, p.Apps[0].Changes)
	}
}

func TestAVendorThatCannotBeReadIsAskedForTenMinutes(t *testing.T) {
	t.Run("and tells all when it is back", func(t *testing.T) {
		w := newWorld(t, monday.Add(-time.Hour), weekly)
		w.vendor.dark = map[string]int{"seranking": 3}
		w.until(monday.Add(time.Hour))
		require.Len(t, w.slack.posts, 1)
		require.Nil(t, w.slack.posts[0].Apps[0].Unreadable)
		require.Equal(t, monday.Add(140*time.Second), w.slack.posts[0].at)
	})
	t.Run("and then the report says so, and what it still knows", func(t *testing.T) {
		w := newWorld(t, monday.Add(-time.Hour), weekly)
		w.vendor.apps = append(w.vendor.apps, approvals.App{ID: "other", Name: "Other", Entry: seranking.Entry})
		w.vendor.seats["other"] = []approvals.Seat{seat(1, "one@acme.example", true)}
		w.until(monday) // something to compare with
		w.asked = []approvals.Request{{Number: 12, State: approvals.Pending}}
		w.vendor.dark = map[string]int{"seranking": 1000}
		w.until(monday.Add(8 * 24 * time.Hour))
		require.Len(t, w.slack.posts, 2)
		p := w.slack.posts[1]
		require.Equal(t, monday.Add(7*24*time.Hour+10*time.Minute), p.at)
		require.NotContains(t, p.Apps[0].Unreadable.Plain(), "hush")
		require.Contains(t, p.Apps[0].Unreadable.Plain(), "no usable answer")
		require.Equal(t, []string{"one@acme.example"}, blocked(p.Apps[1]))
		require.Len(t, p.Waiting, 1)
		w.vendor.dark = nil
		w.until(monday.Add(14 * 24 * time.Hour))
		require.Equal(t, monday, w.slack.posts[2].Apps[0].Since, "compared with when it was last read")
	})
	t.Run("but not past the next slot", func(t *testing.T) {
		w := newWorld(t, monday.Add(-time.Hour), "often: */2 * * * *")
		w.vendor.dark = map[string]int{"seranking": 1000}
		w.until(monday.Add(-40 * time.Minute))
		require.Equal(t, []string{"2026-11-23T08:02", "2026-11-23T08:18"}, w.slack.said(), "one that comes that often leaves out those between")
	})
	t.Run("and for a minute when somebody waits", func(t *testing.T) {
		w := newWorld(t, monday.Add(-time.Hour), weekly)
		w.vendor.dark = map[string]int{"seranking": 1000}
		require.NoError(t, w.manual.Post(ctx, "weekly", "C0ELSE", "t1", "U0CAROL"))
		w.until(monday.Add(-59 * time.Minute))
		require.Len(t, w.slack.posts, 1)
	})
}

func TestAStoppingProgramPostsNothingHalfRead(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), weekly)
	w.now = monday
	stopping, stop := context.WithCancel(ctx)
	stop()
	in, err := w.store.Claim(ctx, "report/weekly/2026-11-23T09:00", w.now)
	require.NoError(t, err)
	// The store's own calls are refused as well once ctx has ended; only the reading is of interest here.
	_, result, ok := w.runner.read(stopping, outbox.NewJob(in, w.store), Wish{}, 0, nil)
	require.False(t, ok)
	at, _, retry := result.IsRetry()
	require.True(t, retry)
	require.Equal(t, w.now, at)
}

func TestASlackThatFailsIsTriedUntilTheNextSlot(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), "daily: 0 9 * * *")
	w.slack.refusals = 3
	w.until(monday.Add(2 * time.Hour))
	require.Equal(t, monday.Add(90*time.Minute), w.slack.posts[0].at)
	w.slack.refusals = 100 // 50 hours
	w.until(monday.Add(80 * time.Hour))
	require.Equal(t, []string{"2026-11-23T09:00", "2026-11-26T09:00"}, w.slack.said(), "one is enough to catch up")
	w.slack.losses = 1
	w.until(monday.Add(97 * time.Hour))
	require.Len(t, w.slack.said(), 3, "a lost answer is looked for")
	require.Equal(t, "2026-11-27T09:00", w.snapshot("daily").Slot)
}

func TestASlotThatMayHaveBeenPostedIsNeverPromisedAgain(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), "daily: 0 9 * * *")
	w.slack.losses = 1
	w.until(monday)
	w.startAt(monday.Add(24 * time.Hour)) // before Slack was asked again
	require.Equal(t, []string{"2026-11-23T09:00", "2026-11-24T09:00"}, w.slack.said())
	w.startAt(monday.Add(time.Hour)) // the clock is set back
	w.until(monday.Add(48 * time.Hour))
	require.Equal(t, []string{"2026-11-23T09:00", "2026-11-24T09:00", "2026-11-25T09:00"}, w.slack.said())
}

func TestASlotThatThePosterGivesUpStaysGivenUp(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), weekly)
	w.slack.mute = true
	w.until(monday)
	require.Empty(t, w.snapshot("weekly").Slot)
	w.slack.mute = false
	w.startAt(monday.Add(time.Hour))
	require.Empty(t, w.slack.said())
	w.until(monday.Add(7 * 24 * time.Hour))
	require.Equal(t, []string{"2026-11-30T09:00"}, w.slack.said())
}

// forgetful is a Memory that keeps no snapshot.
type forgetful struct{ Memory }

func (forgetful) KeepSnapshot(context.Context, string, []byte) error {
	return approvals.ErrUnknownOutcome
}

func TestAPostIsNotRepeatedBecauseItsSnapshotIsLost(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), weekly)
	w.planner.Memory = forgetful{w.planner.Memory}
	w.until(monday.Add(time.Hour))
	require.Equal(t, []string{"2026-11-23T09:00"}, w.slack.said())
	require.Empty(t, w.snapshot("weekly").Slot)
	require.Equal(t, []string{"report/weekly/2026-11-30T09:00"}, w.intents())
}

func TestKeysThatNameNothingEnd(t *testing.T) {
	w := newWorld(t, monday, weekly)
	stray := []string{"report", "report/weekly", "report/weekly/now", "report/weekly/gibberish", "report/nobody/now/x", "report/weekly/now/bodyless"}
	for _, key := range stray {
		require.NoError(t, w.store.Promise(ctx, outbox.Promise(key, w.now)))
	}
	w.work()
	require.Equal(t, []string{"report/weekly/2026-11-30T09:00"}, w.intents())
	require.Empty(t, w.slack.posts)
}
