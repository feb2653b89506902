package bolt

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/leavers"
)

var _ leavers.Book = (*Store)(nil)

// What is kept of people who leave stands among what reports showed last, as the register does: no report can be called so. It was
// added while the schema was 4: who reads a file without it finds that nobody has left.
const (
	kRoster = "leavers/roster"
	kActive = "leavers/active"
)

func leavingOf(n int64) string { return "leavers/" + strconv.FormatInt(n, 10) }

// Alter implements leavers.Book.
func (s *Store) Alter(ctx context.Context, fn func(leavers.Tx) error) error {
	return s.update(ctx, func(t *txn) error { return fn(t) })
}

// Roster implements leavers.Book.
func (s *Store) Roster(ctx context.Context) (r leavers.Roster, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		r, err = (&txn{tx: tx}).Roster()
		return err
	})
	return r, err
}

// Leaving implements leavers.Book.
func (s *Store) Leaving(ctx context.Context, n int64) (l leavers.Leaving, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		l, err = (&txn{tx: tx}).Leaving(n)
		return err
	})
	return l, err
}

// Roster implements leavers.Tx.
func (t *txn) Roster() (r leavers.Roster, err error) {
	_, err = t.shelved(kRoster, &r)
	return r, err
}

// KeepRoster implements leavers.Tx.
func (t *txn) KeepRoster(r leavers.Roster) error { return t.putJSON(bReports, []byte(kRoster), r) }

// Active implements leavers.Tx.
func (t *txn) Active() (a leavers.Active, err error) {
	_, err = t.shelved(kActive, &a)
	return a, err
}

// KeepActive implements leavers.Tx.
func (t *txn) KeepActive(a leavers.Active) error { return t.putJSON(bReports, []byte(kActive), a) }

// Leaving implements leavers.Tx.
func (t *txn) Leaving(n int64) (l leavers.Leaving, err error) {
	there, err := t.shelved(leavingOf(n), &l)
	if err == nil && !there {
		err = fmt.Errorf("leaving %d: %w", n, leavers.ErrNone)
	}
	return l, err
}

// KeepLeaving implements leavers.Tx.
func (t *txn) KeepLeaving(l leavers.Leaving) error {
	return t.putJSON(bReports, []byte(leavingOf(l.Number)), l)
}

// shelved reads what stands under a name; false: nothing does.
func (t *txn) shelved(name string, v any) (there bool, err error) {
	raw := t.tx.Bucket(bReports).Get([]byte(name))
	if raw == nil {
		return false, nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return false, fmt.Errorf("decode %s: %w", name, err)
	}
	return true, nil
}
