package postgres

import (
	"context"
	"errors"
	"fmt"
)

// ErrReplaced says that somebody restored a backup into the database while a store had it open, as can happen to a program that's paused.
// What such a program remembers is of the database before, so it keeps nothing more.
var ErrReplaced = errors.New("a backup was restored into this database while this Usher stood still, so it keeps nothing any more: start it anew")

// remember notes when the database was restored last, for as long as the store is open. It is called before anybody else has the store.
func (s *Store) remember(ctx context.Context) error {
	return s.note(ctx, func(t *txn) error {
		s.restored = &t.restored.At
		return nil
	})
}

// beneath refuses a transaction where another database is there than the one that was opened. One that goes on from a copy of itself
// is the same: whoever runs on it finds that and goes on with it (goes_on.go).
func (s *Store) beneath(t *txn) error {
	if s.restored == nil || t.restored.Copy || s.restored.Equal(t.restored.At) {
		return nil
	}
	return ErrReplaced
}

// Silent are the programs on the database that haven't ended in order and aren't heard of any more: they were killed, or are paused.
func (b *Berth) Silent(ctx context.Context) ([]Node, error) {
	if !b.there {
		return nil, nil
	}
	list, err := rowsOf[Node](b.conn.Query(ctx, "select "+node+" from usher.nodes where until <= clock_timestamp() order by since, id"))
	if err != nil {
		return nil, fmt.Errorf("see who ran on the database: %w", err)
	}
	return list, nil
}
