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
	fills(t, dir, 1000, 0.6, "audit", "beside")
}

// fills demands that buckets of so many rows fill more of their pages than a share.
func fills(t *testing.T, dir string, rows int, share float64, buckets ...string) {
	t.Helper()
	within(t, dir, func(tx *bbolt.Tx) {
		for _, bucket := range buckets {
			is := tx.Bucket([]byte(bucket)).Stats()
			require.Equal(t, rows, is.KeyN)
			require.Greater(t, float64(is.LeafInuse)/float64(is.LeafAlloc), share, "how full the pages of %s are", bucket)
		}
	})
}

// within looks into a file that nobody has open.
func within(t *testing.T, dir string, look func(*bbolt.Tx)) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, bolt.File), 0o600, &bbolt.Options{ReadOnly: true})
	require.NoError(t, err)
	defer db.Close()
	require.NoError(t, db.View(func(tx *bbolt.Tx) error { look(tx); return nil }))
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
	fills(t, dir, 500, 0.5, "requests", "state", "person")
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
	info, err := os.Stat(filepath.Join(dir, bolt.File))
	require.NoError(t, err)
	require.Greater(t, info.Size(), int64(5_000_000))
	within(t, dir, func(tx *bbolt.Tx) {
		require.LessOrEqual(t, info.Size()-tx.Size(), int64(1<<20), "beyond the last page")
	})
}

// zeros is chance that chooses nothing.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
