package postgres

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/test/postgres"
)

// TestTheLogGoesOverToAnotherKey: once, however many write that entry, and whoever has the first key alone writes no more.
func TestTheLogGoesOverToAnotherKey(t *testing.T) {
	first, second := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)), ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, ed25519.SeedSize))
	url := postgres.Database(t, "")
	writes := func(s *Store, what string) error {
		return s.Update(ctx, func(tx approvals.Tx) error { return tx.Audit(approvals.Entry{Actor: approvals.Usher, What: what}) })
	}
	old := open(t, url, Options{Key: first})
	require.NoError(t, writes(old, "written"))
	var both [3]*Store
	for i := range both {
		both[i] = open(t, url, Options{Key: second, Before: first})
	}
	require.ErrorIs(t, writes(both[0], "written"), approvals.ErrSigner, "before the key has changed")
	var at sync.WaitGroup
	for _, s := range both {
		at.Go(func() { assert.NoError(t, writes(s, approvals.KeyChanged)) })
	}
	at.Wait()
	require.ErrorIs(t, writes(old, "written"), approvals.ErrSigner)
	require.ErrorIs(t, writes(open(t, url, Options{}), "written"), approvals.ErrSigner)
	require.NoError(t, writes(both[1], "written"))
	require.NoError(t, writes(open(t, url, Options{Key: second}), "written"))
	var all []string
	require.NoError(t, both[2].AuditLines(ctx, 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		require.NoError(t, json.Unmarshal(line, &e))
		all = append(all, e.What)
		return nil
	}))
	require.Equal(t, []string{"written", approvals.KeyChanged, "written", "written"}, all)
	require.NoError(t, both[0].VerifyLog(ctx))
}
