package bolt

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

func owed(t *testing.T, s *Store, key string) (outbox.Intent, bool) {
	t.Helper()
	list, err := s.Intents(ctx, key)
	require.NoError(t, err)
	for _, in := range list {
		if in.Key == key {
			return in, true
		}
	}
	return outbox.Intent{}, false
}

// TestShowAnew: what people decide by is owed at once and has no place any more; what is settled, and
// what is told once, stays as it is.
func TestShowAnew(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	keys := map[int64][]string{}
	for i, state := range []approvals.State{approvals.Pending, approvals.InDoubt, approvals.Failed, approvals.Denied} {
		n, err := ask(s, string(state), string(state)+"@acme.example")
		require.NoError(t, err)
		require.EqualValues(t, i+1, n)
		keys[n] = []string{approvals.CardKey(n), approvals.AdminKey(n, "U0ADMIN"), approvals.TellKey(n, state, 0)}
		for _, key := range keys[n] {
			require.NoError(t, s.Promise(ctx, outbox.Promise(key, noon)))
			in, err := s.Claim(ctx, key, noon)
			require.NoError(t, err)
			require.NoError(t, s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{Place: "C1", ID: "1.1"}), noon))
		}
		require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
			r, err := tx.Request(n)
			require.NoError(t, err)
			r.State = state
			return tx.Put(r)
		}))
	}
	require.NoError(t, s.Promise(ctx, outbox.Promise("card/1", noon.Add(15*time.Minute)))) // whether it still stands is looked at then
	require.NoError(t, s.ShowAnew(ctx, noon))
	anew := map[string]bool{"card/1": true, "admin/1/U0ADMIN": true, "card/2": true, "admin/2/U0ADMIN": true, "admin/3/U0ADMIN": true}
	for _, all := range keys {
		for _, key := range all {
			in, due := owed(t, s, key)
			_, stands, err := s.Receipt(ctx, key)
			require.NoError(t, err)
			require.Equal(t, anew[key], due, key)
			require.Equal(t, !anew[key], stands, key)
			require.Equal(t, anew[key], due && outbox.IsAtOnce(in.Due), key)
		}
	}
}
