package bolt_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

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

// zeros is chance that chooses nothing.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
