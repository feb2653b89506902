package bolt

import (
	"context"
	"fmt"
	"strconv"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/joiners"
)

var _ joiners.Book = (*Store)(nil)

// What is kept of people who come stands where what is kept of those who leave does. It was added while the schema was 4: who reads
// a file without it finds that nobody has come, and that no group was ever read.
const kRolls = "joiners/rolls"

func comingOf(n int64) string { return "joiners/" + strconv.FormatInt(n, 10) }

// Admit implements joiners.Book.
func (s *Store) Admit(ctx context.Context, fn func(joiners.Tx) error) error {
	return s.update(ctx, func(t *txn) error { return fn(t) })
}

// Rolls implements joiners.Book.
func (s *Store) Rolls(ctx context.Context) (r joiners.Rolls, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		r, err = (&txn{tx: tx}).Rolls()
		return err
	})
	return r, err
}

// Coming implements joiners.Book.
func (s *Store) Coming(ctx context.Context, n int64) (c joiners.Coming, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		c, err = (&txn{tx: tx}).Coming(n)
		return err
	})
	return c, err
}

// Rolls implements joiners.Tx.
func (t *txn) Rolls() (r joiners.Rolls, err error) {
	_, err = t.shelved(kRolls, &r)
	return r, err
}

// KeepRolls implements joiners.Tx.
func (t *txn) KeepRolls(r joiners.Rolls) error { return t.putJSON(bReports, []byte(kRolls), r) }

// Coming implements joiners.Tx.
func (t *txn) Coming(n int64) (c joiners.Coming, err error) {
	there, err := t.shelved(comingOf(n), &c)
	if err == nil && !there {
		err = fmt.Errorf("coming %d: %w", n, joiners.ErrNone)
	}
	return c, err
}

// KeepComing implements joiners.Tx.
func (t *txn) KeepComing(c joiners.Coming) error {
	return t.putJSON(bReports, []byte(comingOf(c.Number)), c)
}
