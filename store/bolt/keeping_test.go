package bolt

import (
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// settledUp carries out what is promised of requests, but for what keeps to its time.
func settledUp(t *testing.T, s *Store) {
	t.Helper()
	owed, err := s.Intents(ctx, "")
	require.NoError(t, err)
	for _, in := range owed {
		if slices.Contains([]string{approvals.KindDeed, approvals.KindExpire, approvals.KindLapse}, outbox.Kind(in.Key)) || in.Due.After(newYear) {
			continue
		}
		claimed, err := s.Claim(ctx, in.Key, newYear.AddDate(0, 1, 0))
		require.NoError(t, err)
		require.NoError(t, s.Finish(ctx, claimed, outbox.DoneWith(outbox.Receipt{Place: "C0APPROVE", ID: "1.1"}), newYear))
	}
}

// keeping is what removes what was closed more than 90 days before now.
func keeping(s *Store, now time.Time) *approvals.Keeping {
	return &approvals.Keeping{Desk: deskOn(s, 1), Box: s, For: 90 * 24 * time.Hour, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
}

// TestClosedRequestsAreRemoved: what is closed goes with what hangs on it, and its number with a word; what is open, what somebody has, and what
// something is promised of stays. A day later nothing is left to do.
func TestClosedRequestsAreRemoved(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	inEveryState(t, s)
	head := must[approvals.Head](t)(s.Head(ctx))
	now := newYear.AddDate(1, 0, 0)
	job := outbox.Job{Intent: outbox.Intent{Key: approvals.KeepKey("2000-12-31")}}
	require.True(t, keeping(s, now).Do(ctx, job).IsDone())
	require.Equal(t, head, must[approvals.Head](t)(s.Head(ctx)), "cards are owed of all of them still, so nothing is removed")

	settledUp(t, s)
	require.True(t, keeping(s, now).Do(ctx, job).IsDone())
	require.NoError(t, s.Check(ctx))
	gone := map[approvals.State]bool{approvals.Denied: true, approvals.Expired: true, approvals.Canceled: true}
	for i, stage := range stages {
		n := int64(i + 1)
		r, err := deskOn(s, 1).Request(ctx, n)
		if !gone[stage.state] {
			require.NoError(t, err, stage.name)
			require.Equal(t, stage.state, r.State)
			continue
		}
		require.Equal(t, approvals.NotFound, approvals.CodeOf(err), stage.name)
		require.Regexp(t, `#\d+ was closed .* and removed .*, as your company keeps requests for 90 days\. The audit log still has it`, err.Error())
		for _, key := range approvals.Traces(n) {
			require.Empty(t, must[[]string](t)(s.Known(ctx, key+"/")))
		}
	}
	lines := entries(t, s)
	last := lines[len(lines)-1]
	require.Equal(t, "closed requests removed", last.What)
	require.Equal(t, approvals.Usher, last.Actor)
	var of struct{ Requests []int64 }
	require.NoError(t, json.Unmarshal(last.Detail, &of))
	require.Len(t, of.Requests, len(gone))
	require.Len(t, lines, int(head.Seq)+1, "entries stay")

	require.True(t, keeping(s, now).Do(ctx, job).IsDone())
	require.EqualValues(t, head.Seq+1, must[approvals.Head](t)(s.Head(ctx)).Seq)
	_, err := deskOn(s, 1).Vote(ctx, of.Requests[0], yes("U0BOB"), now)
	require.Equal(t, approvals.NotFound, approvals.CodeOf(err))
	backup := backedUp(t, s)
	require.Equal(t, int64(len(stages)), must[Contents](t)(VerifyBackup(ctx, backup)).Number)
}

// TestRemovingIsKeptOnceWhateverTheDiskSays: a commit that may have been kept is looked for, and leaves one entry.
func TestRemovingIsKeptOnceWhateverTheDiskSays(t *testing.T) {
	for _, kept := range []bool{true, false} {
		p := &place{TB: t}
		s := p.open(t.TempDir()).(*Store)
		inEveryState(t, s)
		settledUp(t, s)
		require.NoError(t, s.Promise(ctx, outbox.PromiseOnce(approvals.KeepKey("2001-01-01"), newYear.AddDate(1, 0, 1))))
		before := must[approvals.Head](t)(s.Head(ctx))
		p.breaks.Break(kept)
		require.True(t, keeping(s, newYear.AddDate(1, 0, 0)).Do(ctx, outbox.Job{}).IsDone())
		require.False(t, p.breaks.Pending(), "a commit has failed")
		require.EqualValues(t, before.Seq+1, must[approvals.Head](t)(s.Head(ctx)).Seq)
	}
}

func entries(t *testing.T, s *Store) (all []approvals.Entry) {
	t.Helper()
	require.NoError(t, s.AuditLines(ctx, 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		err := json.Unmarshal(line, &e)
		all = append(all, e)
		return errors.Join(err)
	}))
	return all
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		require.NoError(t, err)
		return v
	}
}
