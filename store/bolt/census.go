package bolt

import (
	"bytes"
	"context"
	"strings"

	"go.etcd.io/bbolt"
)

// shelf is where the pages of censuses stand: among what reports showed last, under names that begin as those of no report and no reader of one can. They were added
// while the schema stayed: who reads a file without them finds that nobody has walked over an app, and walks.
const shelf = "/census/"

// Pieces lists what is kept of censuses under names that begin so, in their order (census.Shelf, which this room can't import).
func (s *Store) Pieces(ctx context.Context, pre string) (names []string, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		names = nil
		c := tx.Bucket(bReports).Cursor()
		for k, _ := c.Seek([]byte(shelf + pre)); k != nil && bytes.HasPrefix(k, []byte(shelf+pre)); k, _ = c.Next() {
			names = append(names, strings.TrimPrefix(string(k), shelf))
		}
		return nil
	})
	return names, err
}

// Piece is what is kept of a census under a name, or nil.
func (s *Store) Piece(ctx context.Context, name string) ([]byte, error) {
	return s.Snapshot(ctx, shelf+name)
}

// Shelve keeps pieces of censuses and drops others, in one transaction.
func (s *Store) Shelve(ctx context.Context, keep map[string][]byte, drop []string) error {
	return s.update(ctx, func(t *txn) error {
		for _, name := range drop {
			if err := t.delete(bReports, []byte(shelf+name)); err != nil {
				return err
			}
		}
		for name, raw := range keep {
			if err := t.put(bReports, []byte(shelf+name), raw); err != nil {
				return err
			}
		}
		return nil
	})
}
