package bolt

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
)

func TestGauges(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	for i := range 3 {
		_, err := ask(s, fmt.Sprint("k", i), fmt.Sprintf("p%d@acme.example", i))
		require.NoError(t, err)
	}
	g, err := s.Gauges(ctx)
	require.NoError(t, err)
	require.Equal(t, map[approvals.State]int{approvals.Pending: 3, approvals.Approved: 0, approvals.Running: 0, approvals.InDoubt: 0, approvals.Ending: 0}, g.Open)
	require.EqualValues(t, 3, g.Asked)
	require.Equal(t, map[string]store.Owed{"card": {Count: 3, Oldest: noon}, "expire": {Count: 3, Oldest: noon.Add(time.Hour)}}, g.Owed)

	for range store.TriedOften {
		require.Zero(t, gaugesOf(t, s).Owed["card"].Failing)
		in, err := s.Claim(ctx, "card/1", noon)
		require.NoError(t, err)
		require.NoError(t, s.Finish(ctx, in, outbox.RetryAt(noon, "503"), noon))
	}
	require.Equal(t, 1, gaugesOf(t, s).Owed["card"].Failing)

	for key, id := range map[string]string{"report/a/2026-11-02T09:00": "1", "report/a/2026-11-09T09:00": "2", "report/a/2026-11-16T09:00": "", "report/a/now/x": "3", "report/b/2026-11-23T09:00": "4"} {
		require.NoError(t, s.Promise(ctx, outbox.Promise(key, noon)))
		in, err := s.Claim(ctx, key, noon)
		require.NoError(t, err)
		require.NoError(t, s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{ID: id}), noon))
	}
	r, ok, err := s.LastReceipt(ctx, "report/a/", "report/a/now")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "report/a/2026-11-09T09:00", r.Key, "the last that was posted; not by hand, not another report's")
	_, ok, err = s.LastReceipt(ctx, "report/0/", "report/0/now")
	require.NoError(t, err)
	require.False(t, ok)
	r, ok, err = s.LastReceipt(ctx, "report/b/", "report/b/now")
	require.NoError(t, err)
	require.True(t, ok, "also at the end of the bucket")
	require.Equal(t, "4", r.ID)
}

// TestWhatIsOwedAtOnceIsOldByWhenItWasPromised: its due time, which lies before every clock, says nothing to operators.
func TestWhatIsOwedAtOnceIsOldByWhenItWasPromised(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	require.NoError(t, s.Promise(ctx, outbox.Promise("card/1", noon.Add(-time.Minute)), outbox.AtOnce("card/10", 10, noon.AddDate(1, 0, 0)),
		outbox.AtOnce("card/9", 9, noon.Add(-time.Hour))))
	require.NoError(t, s.Promise(ctx, outbox.AtOnce("card/9", 9, noon)), "owed already, and no later for it")
	g, err := s.Gauges(ctx)
	require.NoError(t, err)
	require.Equal(t, store.Owed{Count: 3, Oldest: noon.Add(-time.Hour)}, g.Owed["card"])
}

func gaugesOf(t *testing.T, s *Store) store.Gauges {
	g, err := s.Gauges(ctx)
	require.NoError(t, err)
	return g
}
