package bolt

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// kLife is where a database keeps its name.
var kLife = []byte("life")

// Life names a database from its making to its end, in backups and after a restoring too. What is posted
// outside bears it where no request is named, so that a database which begins anew takes nothing of another
// one for its own.
type Life struct {
	ID string `json:"id"`
	// Since is when it was named, where it was made by a version that named none; zero: when it was made.
	Since time.Time `json:"since,omitzero"`
}

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
func (l Life) name(tx *bbolt.Tx) error {
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
	return s.db.Update(s.opt.Life.name)
}
