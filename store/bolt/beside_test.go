package bolt

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
)

// TestWhatIsKeptBesideTheLogIsWhatWasWritten: an entry has no address in it, and what is beside another, changed or gone is found.
func TestWhatIsKeptBesideTheLogIsWhatWasWritten(t *testing.T) {
	s := open(t, t.TempDir(), Options{Random: rand.NewChaCha8([32]byte{})})
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
		return tx.Audit(approvals.Entry{Actor: "U0ALICE", What: "asked", Detail: json.RawMessage(`{"app":"seranking","email":"jane@acme.example"}`)})
	}))
	require.NoError(t, s.Check(ctx))
	require.Contains(t, string(entries(t, s)[0].Detail), `{"app":"seranking","email":"~0"}`)
	var beside []byte
	require.NoError(t, s.AuditBeside(ctx, 1, func(_ int64, raw []byte) error { beside = bytes.Clone(raw); return nil }))
	require.Contains(t, string(beside), "jane@acme.example")
	put := func(seq int64, raw []byte) {
		require.NoError(t, s.db.Update(func(tx *bbolt.Tx) error {
			if raw == nil {
				return tx.Bucket(bBeside).Delete(number(seq))
			}
			return tx.Bucket(bBeside).Put(number(seq), raw)
		}))
	}
	put(2, beside)
	require.ErrorContains(t, s.Check(ctx), "something is kept beside 1 entries that there aren't")
	put(2, nil)
	put(1, bytes.Replace(beside, []byte("jane"), []byte("john"), 1))
	require.ErrorContains(t, s.Check(ctx), "entry 1: what is kept beside it is not what was written")
	put(1, nil)
	require.ErrorContains(t, s.Check(ctx), "entry 1: what is kept beside it is not what was written")
	put(1, beside)
	require.NoError(t, s.Check(ctx))
}
