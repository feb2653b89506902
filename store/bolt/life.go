package bolt

import (
	"context"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/store"
)

// kLife is where a database keeps its name.
var kLife = []byte("life")

// Life names a database from its making to its end.
type Life = store.Life

// Life is the database's name; its zero value where nobody gave it one.
func (s *Store) Life(ctx context.Context) (l Life, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		l, err = lifeIn(tx)
		return err
	})
	return l, err
}

func lifeIn(tx *bbolt.Tx) (l Life, err error) {
	raw := tx.Bucket(bMeta).Get(kLife)
	if raw == nil {
		return l, nil
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		return l, fmt.Errorf("decode the database's name: %w", err)
	}
	return l, nil
}

// name gives a database its name; "" is none.
func name(tx *bbolt.Tx, l Life) error {
	if l.ID == "" {
		return nil
	}
	return (&txn{tx: tx}).putJSON(bMeta, kLife, l)
}

// nameLife names a database that an earlier version made. A crash leaves it as it was, and the next start
// names it.
func (s *Store) nameLife() error {
	var l Life
	err := s.db.View(func(tx *bbolt.Tx) (err error) {
		l, err = lifeIn(tx)
		return err
	})
	if err != nil || l.ID != "" || s.opt.Life.ID == "" {
		return err
	}
	return s.db.Update(func(tx *bbolt.Tx) error { return name(tx, s.opt.Life) })
}
