package bolt_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

// TestTheLogFillsItsPages: what is added one entry at a time, as it is in life, leaves little room behind into which nothing will ever
// come. bbolt keeps room for two rows on each page.
func TestTheLogFillsItsPages(t *testing.T) {
	dir := ramdisk.Folder(t)
	s, err := bolt.Open(dir, bolt.Options{Log: slog.New(slog.DiscardHandler), Random: zeros{}})
	require.NoError(t, err)
	for i := range 1000 {
		require.NoError(t, s.Update(context.Background(), func(tx approvals.Tx) error { return tx.Audit(entryOf(i)) }))
	}
	require.NoError(t, s.Close())
	db, err := bbolt.Open(filepath.Join(dir, bolt.File), 0o600, &bbolt.Options{ReadOnly: true})
	require.NoError(t, err)
	defer db.Close()
	require.NoError(t, db.View(func(tx *bbolt.Tx) error {
		for _, bucket := range []string{"audit", "beside"} {
			is := tx.Bucket([]byte(bucket)).Stats()
			require.Equal(t, 1000, is.KeyN)
			require.Greater(t, float64(is.LeafInuse)/float64(is.LeafAlloc), 0.6, "how full the pages of %s are", bucket)
		}
		return nil
	}))
}

// TestRequestsFillTheirPages: each is asked, and grows by its vote before the next comes, as in life. Of pages left half empty by bbolt
// two fit on one, and with room for one to grow three do.
func TestRequestsFillTheirPages(t *testing.T) {
	dir := ramdisk.Folder(t)
	s, err := bolt.Open(dir, bolt.Options{Log: slog.New(slog.DiscardHandler), Random: zeros{}})
	require.NoError(t, err)
	for i := range 500 {
		r := approvals.Request{Number: int64(i + 1), Requester: "U0ALICE", Reason: strings.Repeat("r", 300), State: approvals.Pending, Asked: time.Unix(int64(i), 0)}
		require.NoError(t, s.Update(context.Background(), func(tx approvals.Tx) error { return tx.Put(r) }))
		r.State, r.Votes = approvals.Denied, []approvals.Vote{{By: "U0BOB"}}
		require.NoError(t, s.Update(context.Background(), func(tx approvals.Tx) error { return tx.Put(r) }))
	}
	require.NoError(t, s.Close())
	db, err := bbolt.Open(filepath.Join(dir, bolt.File), 0o600, &bbolt.Options{ReadOnly: true})
	require.NoError(t, err)
	defer db.Close()
	require.NoError(t, db.View(func(tx *bbolt.Tx) error {
		for _, bucket := range []string{"requests", "state", "person"} {
			is := tx.Bucket([]byte(bucket)).Stats()
			require.Equal(t, 500, is.KeyN)
			require.Greater(t, float64(is.LeafInuse)/float64(is.LeafAlloc), 0.5, "how full the pages of %s are", bucket)
		}
		return nil
	}))
}

// TestAFileGrowsInSmallSteps: what it has beyond its last page is a megabyte at the most, where bbolt would double it.
func TestAFileGrowsInSmallSteps(t *testing.T) {
	dir := ramdisk.Folder(t)
	s, err := bolt.Open(dir, bolt.Options{Log: slog.New(slog.DiscardHandler), Random: zeros{}})
	require.NoError(t, err)
	for i := range 50 {
		e := entryOf(i)
		e.Why = []string{strings.Repeat("w", 100_000)}
		require.NoError(t, s.Update(context.Background(), func(tx approvals.Tx) error { return tx.Audit(e) }))
	}
	require.NoError(t, s.Close())
	path := filepath.Join(dir, bolt.File)
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	require.NoError(t, err)
	defer db.Close()
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Greater(t, info.Size(), int64(5_000_000))
	require.NoError(t, db.View(func(tx *bbolt.Tx) error {
		require.LessOrEqual(t, info.Size()-tx.Size(), int64(1<<20), "beyond the last page")
		return nil
	}))
}

// zeros is chance that chooses nothing.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
