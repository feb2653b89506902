package postgres

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/test/postgres"
)

// TestShowAnew: what people decide by is owed at once and has no place any more, also what ends later; what is settled, and what is told
// once, stays as it is.
func TestShowAnew(t *testing.T) {
	s := open(t, postgres.Database(t, ""), Options{})
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	states := []approvals.State{approvals.Pending, approvals.InDoubt, approvals.Failed, approvals.Denied, approvals.Done, approvals.Done}
	var all []string
	for i, state := range states {
		n := int64(i + 1)
		require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
			r := approvals.Request{Number: n, State: state, Asked: now}
			if i == 5 {
				r.EndsAt = now.Add(time.Hour)
			}
			return tx.Put(r)
		}))
		for _, key := range []string{approvals.CardKey(n), approvals.AdminKey(n, "U0ADMIN"), approvals.TellKey(n, state, 0)} {
			require.NoError(t, s.Promise(ctx, outbox.Promise(key, now)))
			in, err := s.Claim(ctx, key, now)
			require.NoError(t, err)
			require.NoError(t, s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{Place: "C1", ID: "1.1"}), now))
			all = append(all, key)
		}
	}
	require.NoError(t, s.Promise(ctx, outbox.Promise("card/1", now.Add(15*time.Minute)))) // whether it still stands is looked at then
	require.NoError(t, s.ShowAnew(ctx, now))
	anew := map[string]bool{"card/1": true, "admin/1/U0ADMIN": true, "card/2": true, "admin/2/U0ADMIN": true, "admin/3/U0ADMIN": true, "card/6": true, "admin/6/U0ADMIN": true}
	for _, key := range all {
		owed, err := s.Intents(ctx, key)
		require.NoError(t, err)
		_, stands, err := s.Receipt(ctx, key)
		require.NoError(t, err)
		require.Equal(t, anew[key], len(owed) > 0, key)
		require.Equal(t, !anew[key], stands, key)
		for _, in := range owed {
			require.True(t, outbox.IsAtOnce(in.Due), key)
		}
	}
}

// TestCut: whoever is connected finds another way in by itself.
func TestCut(t *testing.T) {
	url := postgres.Database(t, "")
	s := open(t, url, Options{})
	n, err := Cut(ctx, apiclient.Secret(url))
	require.NoError(t, err)
	require.Positive(t, n)
	require.NoError(t, s.Promise(ctx, outbox.Promise("card/1", time.Now())))
	_, err = Cut(ctx, "postgres://usher@127.0.0.1:1/none?sslmode=disable")
	require.ErrorIs(t, err, approvals.ErrAway)
}
