package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/cargo"
)

// Closed is why nobody may decide in the database, or nil.
func (s *Store) Closed(ctx context.Context) (c *cargo.Closed, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		c, err = closedIn(tx)
		return err
	})
	return c, err
}

// decides refuses to open a database to decide in it, where it has moved or hasn't wholly arrived.
func (s *Store) decides() error {
	c, err := s.Closed(context.Background())
	if err == nil && c != nil {
		return c
	}
	return err
}

func closedIn(tx *bbolt.Tx) (*cargo.Closed, error) {
	raw := tx.Bucket(bMeta).Get(kClosed)
	if raw == nil {
		return nil, nil
	}
	var c cargo.Closed
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, fmt.Errorf("decode whether the database has moved: %w", err)
	}
	return &c, nil
}

func arrivalsIn(tx *bbolt.Tx) (all []cargo.Arrival, err error) {
	raw := tx.Bucket(bMeta).Get([]byte(cargo.Arrivals))
	if raw == nil {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("decode how the database came here: %w", err)
	}
	return all, nil
}

// auditArrivals writes each move that ended in this file into the audit log, once, when the bot opens the database. Where it
// may not write the log's next entry (see auditRestore) it waits.
func (s *Store) auditArrivals() error {
	var all []cargo.Arrival
	fits := false
	err := s.db.View(func(tx *bbolt.Tx) (err error) {
		if all, err = arrivalsIn(tx); err != nil || !cargo.Unaudited(all) {
			return err
		}
		fits, err = s.continues(tx)
		return err
	})
	if err != nil || !fits {
		return err
	}
	return s.db.Update(func(tx *bbolt.Tx) error {
		t := &txn{tx: tx, signs: s.signing()}
		for i, a := range all {
			if a.Audited {
				continue
			}
			all[i].Audited = true
			e, err := a.Entry()
			if err == nil {
				err = t.Audit(e)
			}
			if err != nil {
				return err
			}
		}
		return t.putJSON(bMeta, []byte(cargo.Arrivals), all)
	})
}

// continues reports whether the log is whole, and our key may write its next entry.
func (s *Store) continues(tx *bbolt.Tx) (bool, error) {
	_, line := tx.Bucket(bAudit).Cursor().Last()
	fits, err := store.Signs(s.opt.Key, line)
	if !fits || err != nil {
		return false, err
	}
	_, err = s.verified(context.Background(), tx)
	if errors.Is(err, store.ErrLog) {
		return false, nil // VerifyLog will say so
	}
	return err == nil, err
}
