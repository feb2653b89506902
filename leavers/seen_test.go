package leavers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
)

// TestALeavingIsKeptOnce: however often Slack says it and however it is found, it is one leaving with one entry of the log, and of
// people of whom it is no news nothing is kept.
func TestALeavingIsKeptOnce(t *testing.T) {
	for name, fails := range map[string][]bool{"no trouble": nil, "kept": {true}, "not kept": {false}} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.all = people(8)
			require.False(t, isRetry(h.sweep(0)))
			h.see(1, false)
			require.Zero(t, h.logged(), "nobody has left")
			h.fails = fails
			h.see(1, true)
			h.fails = nil
			h.see(1, true)
			h.all[1].Active = false
			h.sweep(0)
			require.EqualValues(t, 1, h.logged())
			l := h.leaving(1)
			require.Equal(t, leavers.Gathering, l.State)
			require.Equal(t, h.now, l.Off)
			require.NotEmpty(t, l.Nonce)
			require.True(t, h.owes(leavers.GatherKey(1)))
		})
	}
}

func isRetry(r interface {
	IsRetry() (time.Time, string, bool)
}) bool {
	_, _, retry := r.IsRetry()
	return retry
}

// TestWhoIsBackBeforeAnythingWasAskedNeverLeft: what was to be gathered is not, and leaving again is another leaving.
func TestWhoIsBackBeforeAnythingWasAskedNeverLeft(t *testing.T) {
	h := newHouse(t)
	h.see(1, true)
	h.now = h.now.Add(time.Minute)
	h.see(1, false)
	l := h.leaving(1)
	require.Equal(t, leavers.CalledOff, l.State)
	require.Equal(t, h.now, l.Ended)
	require.False(t, h.owes(leavers.GatherKey(1)))
	require.Empty(t, h.roster().Of)
	h.see(1, true)
	require.Equal(t, leavers.Gathering, h.leaving(2).State)
}

// TestWhoIsBackIsLookedUpWhereTheyAreNamed, before it's kept that they are: with a crash between the two Slack says it again, perhaps to a
// process that never knew that they had left.
func TestWhoIsBackIsLookedUpWhereTheyAreNamed(t *testing.T) {
	h := newHouse(t)
	waits := approvals.Request{Number: 7, State: approvals.Pending, Rule: approvals.Rule{Approvers: []string{string(id(1))}, Need: 1}}
	require.NoError(t, h.store.Update(t.Context(), func(tx approvals.Tx) error { return tx.Put(waits) }))
	h.see(1, true)
	require.False(t, h.owes(approvals.AliveKey(7)), "who hears of it had it looked at already")
	h.fails = []bool{false, false}
	require.Error(t, h.Seen(t.Context(), leavers.Sight{Person: id(1)}, h.now))
	require.Len(t, h.roster().Of, 1, "nor is it kept that they're back")
	h.see(1, false)
	require.True(t, h.owes(approvals.AliveKey(7)))
	require.Empty(t, h.roster().Of)
}

// TestTheSweepFindsWhatWasMissed: who left and who came back while nobody listened; who had left before anybody looked is no news, nor
// is who isn't in the answer at all.
func TestTheSweepFindsWhatWasMissed(t *testing.T) {
	h := newHouse(t)
	h.all = people(8)
	h.all[0].Active = false
	h.sweep(0)
	require.Zero(t, h.roster().Last, "had left before anybody looked")
	h.all[1].Active, h.all[2].Active, h.all[2].Bot = false, false, true
	h.all = h.all[:7]
	h.now = h.now.Add(7 * 24 * time.Hour)
	h.sweep(0)
	require.Len(t, h.roster().Of, 2)
	require.Equal(t, id(1), h.leaving(1).Person)
	require.Len(t, h.roster().Lately, 1, "a bot is nobody of whom too many can leave")
	h.all[1].Active = true
	h.sweep(0)
	require.Equal(t, leavers.CalledOff, h.leaving(1).State)
	h.all = append(h.all, approvals.Person{ID: id(7)})
	h.sweep(0)
	require.Equal(t, id(7), h.leaving(3).Person, "missing from one answer, they were remembered")
}

// TestAnAnswerThatIsNotWholeSaysNothingOfAnybody: lost, empty or half of what it was, it is trouble for the admins, and nobody has
// left.
func TestAnAnswerThatIsNotWholeSaysNothingOfAnybody(t *testing.T) {
	h := newHouse(t)
	h.all = people(9)
	h.sweep(0)
	whole := h.all
	h.mute = true
	require.True(t, isRetry(h.sweep(0)))
	require.Empty(t, h.alarms, "it may pass")
	require.True(t, isRetry(h.sweep(8)))
	require.Equal(t, []string{"people"}, h.alarms)
	h.mute, h.alarms = false, nil
	off := people(9)
	for i := range 5 {
		off[i].Active = false
	}
	for _, h.all = range [][]approvals.Person{nil, whole[:4], off} {
		require.False(t, isRetry(h.sweep(0)))
		require.Zero(t, h.roster().Last)
	}
	require.Equal(t, []string{"people shrunk", "people shrunk", "people shrunk"}, h.alarms)
	off[4].Active = true
	h.all = off
	h.sweep(0)
	require.EqualValues(t, 4, h.roster().Last)
}

// TestTooManyAtOnceAreHeld: nothing of theirs is gathered, nor of those before them who weren't yet, however they were found; who is
// back is none of them.
func TestTooManyAtOnceAreHeld(t *testing.T) {
	h := newHouse(t)
	for i := range 5 {
		h.see(i, true)
		h.now = h.now.Add(time.Minute)
	}
	require.Nil(t, h.roster().Hold)
	require.Equal(t, leavers.Gathering, h.leaving(1).State)
	h.see(5, true)
	h.see(6, true)
	hold := h.roster().Hold
	require.NotNil(t, hold)
	require.Equal(t, []int64{1, 2, 3, 4, 5, 6, 7}, hold.Leavings)
	for n := range int64(7) {
		require.Equal(t, leavers.Held, h.leaving(n+1).State)
		require.False(t, h.owes(leavers.GatherKey(n+1)))
	}
	h.see(2, false)
	require.NotContains(t, h.roster().Hold.Leavings, int64(3))
	require.Equal(t, leavers.CalledOff, h.leaving(3).State)

	slow := newHouse(t)
	for i := range 12 {
		slow.see(i, true)
		slow.now = slow.now.Add(13 * time.Minute)
	}
	require.Nil(t, slow.roster().Hold, "never more than five within an hour")
}

// TestOneWordEndsAHold: an admin's alone, once; a yes gathers for all who wait, a no ends it until they are seen back. What was said
// is remembered, and the same said again is no trouble.
func TestOneWordEndsAHold(t *testing.T) {
	for _, left := range []bool{true, false} {
		h := newHouse(t)
		for i := range 6 {
			h.see(i, true)
		}
		require.Equal(t, approvals.NotAllowed, approvals.CodeOf(h.Word(t.Context(), 1, left, "U0BOB", h.now)))
		h.fails = []bool{true}
		require.NoError(t, h.Word(t.Context(), 1, left, "U0ADMIN", h.now))
		require.NoError(t, h.Word(t.Context(), 1, left, "U0ADMIN", h.now))
		require.Equal(t, approvals.Conflict, approvals.CodeOf(h.Word(t.Context(), 1, !left, "U0ADMIN", h.now)))
		require.Equal(t, approvals.NotFound, approvals.CodeOf(h.Word(t.Context(), 7, left, "U0ADMIN", h.now)))
		now, known, err := h.Held(t.Context(), 1)
		require.NoError(t, err)
		require.True(t, known)
		require.Equal(t, 6, now.Of)
		require.Equal(t, approvals.Actor("U0ADMIN"), now.Word.By)
		for n := range int64(6) {
			require.Equal(t, left, h.leaving(n+1).State == leavers.Gathering)
			require.Equal(t, left, h.owes(leavers.GatherKey(n+1)))
		}
		h.see(0, true)
		require.Zero(t, h.roster().Hold, "it was said of them")
		require.EqualValues(t, 6, h.roster().Last)
	}
}

// TestAHoldIsSaidAgain: those who are held wait for an admin's word, and once a day the admins hear of it again until there is one.
func TestAHoldIsSaidAgain(t *testing.T) {
	h := newHouse(t)
	h.all = people(20)
	h.sweep(0)
	for i := range h.Breaker + 1 {
		h.all[i].Active = false
		h.see(i, true)
	}
	h.now = h.now.Add(23 * time.Hour)
	h.sweep(0)
	require.Empty(t, h.alarms, "it was said today")
	h.now = h.now.Add(24 * time.Hour)
	h.sweep(0)
	require.Equal(t, []string{"people held"}, h.alarms)
	require.NoError(t, h.Word(t.Context(), 1, false, "U0ADMIN", h.now))
	h.now = h.now.Add(24 * time.Hour)
	h.sweep(0)
	require.Len(t, h.alarms, 1, "somebody has said what it was")
}

// TestTheNewestWordCounts: what Slack said of somebody before what is kept of them says nothing, whichever way and however it arrives.
func TestTheNewestWordCounts(t *testing.T) {
	h := newHouse(t)
	h.all = people(8)
	h.sweep(0)
	second := func(n int) time.Time { return h.now.Add(time.Duration(n) * time.Second) }
	h.seeAsOf(1, true, second(2))
	h.seeAsOf(1, false, second(1)) // from when they were back for a moment, and only heard now
	require.Equal(t, leavers.Gathering, h.leaving(1).State)
	h.all[1].Updated = second(1) // as a reading does that began before
	h.sweep(0)
	require.Equal(t, leavers.Gathering, h.leaving(1).State)
	h.seeAsOf(1, false, second(3))
	require.Equal(t, leavers.CalledOff, h.leaving(1).State)
	h.seeAsOf(1, true, second(2))
	h.all[1].Active, h.all[1].Updated = false, second(2)
	h.sweep(0)
	require.EqualValues(t, 1, h.roster().Last)
	h.all[1].Updated = second(3) // within the same second nobody knows the order, and they are asked about rather than missed
	h.sweep(0)
	require.Equal(t, leavers.Gathering, h.leaving(2).State)
}

// TestTwoWordsOfOneSecond: heard in the wrong order they'd make somebody a leaver who is there, so Slack is asked before anything of theirs
// is. What it said of them before doesn't count.
func TestTwoWordsOfOneSecond(t *testing.T) {
	for name, row := range map[string]struct {
		is    approvals.Person
		stays bool
	}{
		"active since that second":     {approvals.Person{Active: true, Updated: time.Unix(1_000_000, 0)}, true},
		"active, and that from before": {approvals.Person{Active: true, Updated: time.Unix(999_999, 0)}, false},
		"gone":                         {approvals.Person{Updated: time.Unix(1_000_000, 0)}, false},
		"Slack doesn't say when":       {approvals.Person{Active: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.is, h.Register, h.Requests.Directory = &row.is, silent{}, whose{}
			h.seeAsOf(1, true, time.Unix(1_000_000, 0))
			h.now = h.now.Add(leavers.DefaultSettles)
			h.Gathering(func() time.Time { return h.now }).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: leavers.GatherKey(1), Made: h.now}})
			require.Equal(t, row.stays, h.leaving(1).State == leavers.CalledOff, "%s", h.leaving(1).State)
		})
	}
}

// TestWhoIsBackIsMissedAgain: whoever came back since the last reading is found by the next one where
// they have left again unheard.
func TestWhoIsBackIsMissedAgain(t *testing.T) {
	h := newHouse(t)
	h.all = people(8)
	h.sweep(0)
	h.see(1, true)
	h.all[1].Active = false
	h.now = h.now.Add(24 * time.Hour)
	h.sweep(0)
	h.see(1, false)
	require.Empty(t, h.roster().Of)
	h.now = h.now.Add(time.Hour)
	h.sweep(0)
	require.Equal(t, id(1), h.leaving(2).Person)
	require.Equal(t, leavers.Gathering, h.leaving(2).State)
}
