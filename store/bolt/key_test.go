package bolt

import (
	"bytes"
	"crypto/ed25519"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestTheLogGoesOverToAnotherKey: by an entry that both sign, and it's whole under the new one from then on.
func TestTheLogGoesOverToAnotherKey(t *testing.T) {
	dir := t.TempDir()
	first, second := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)), ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, ed25519.SeedSize))
	writes := func(opt Options, what string) {
		s := open(t, dir, opt)
		require.NoError(t, s.Update(t.Context(), func(tx approvals.Tx) error { return tx.Audit(approvals.Entry{Actor: approvals.Usher, What: what}) }))
		require.NoError(t, s.VerifyLog(t.Context()))
		require.NoError(t, s.Check(t.Context()))
		require.NoError(t, s.Close())
	}
	writes(Options{Key: first}, "written")
	s := open(t, dir, Options{Key: second})
	require.Error(t, s.Update(t.Context(), func(tx approvals.Tx) error {
		return tx.Audit(approvals.Entry{Actor: approvals.Usher, What: approvals.KeyChanged})
	}), "not without the first")
	require.NoError(t, s.Close())
	writes(Options{Key: second, Before: first}, approvals.KeyChanged)
	writes(Options{Key: second, Before: first}, "written")
	writes(Options{Key: second}, "written")
}
