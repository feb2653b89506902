package conform

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// pieces are what is on the shelf.
func (t *table) pieces() map[string][]byte {
	if t.does == "takes a report for a piece" {
		return t.snapshots
	}
	return t.shelf
}

// Pieces implements census.Shelf.
func (s *sloppy) Pieces(_ context.Context, pre string) (names []string, err error) {
	s.read(func(t *table) {
		names = slices.Sorted(maps.Keys(t.pieces()))
		if t.does == "lists pieces backwards" {
			slices.Reverse(names)
		}
	})
	return slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, pre) }), nil
}

// Piece implements census.Shelf.
func (s *sloppy) Piece(_ context.Context, name string) ([]byte, error) {
	return s.bytes(name, func(t *table) map[string][]byte { return t.pieces() }), nil
}

// Shelve implements census.Shelf.
func (s *sloppy) Shelve(ctx context.Context, keep map[string][]byte, drop []string) error {
	return s.commit(ctx, func(t *table) error {
		for _, name := range drop {
			if t.does != "keeps what is to be dropped" {
				delete(t.pieces(), name)
			}
			if t.does == "drops what begins so too" {
				maps.DeleteFunc(t.pieces(), func(n string, _ []byte) bool { return strings.HasPrefix(n, name) })
			}
		}
		for name, raw := range keep {
			if err := t.put(t.pieces(), name, raw); err != nil {
				return err
			}
		}
		return nil
	})
}
