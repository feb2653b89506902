package postgres

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
)

// These rooms keep what they know on the shelf, under the names that it has in bolt's file, and decide as approvals does.
var (
	_ register.Book = (*Store)(nil)
	_ leavers.Book  = (*Store)(nil)
	_ joiners.Book  = (*Store)(nil)
	_ reviews.Book  = (*Store)(nil)
)

const (
	onRoster  = "leavers/roster"
	onActive  = "leavers/active"
	onRolls   = "joiners/rolls"
	onReviews = "review/index"
)

func onRegister(app string) string { return "register/" + app }
func onLeaving(n int64) string     { return fmt.Sprintf("leavers/%d", n) }
func onComing(n int64) string      { return fmt.Sprintf("joiners/%d", n) }
func onReview(n int64) string      { return fmt.Sprintf("review/%d", n) }

// or is the error for what there is none of.
func or(there bool, err, none error) error {
	if err == nil && !there {
		return none
	}
	return err
}

// Record implements register.Book.
func (s *Store) Record(ctx context.Context, fn func(register.Tx) error) error {
	return s.decide(ctx, func(t *txn) error { return fn(t) })
}

// Register implements register.Book.
func (s *Store) Register(ctx context.Context, app string) (k register.Kept, err error) {
	_, err = s.decoded(ctx, onRegister(app), &k)
	return k, err
}

// Register implements register.Tx.
func (t *txn) Register(app string) (k register.Kept, err error) {
	_, err = t.shelved("shelf", onRegister(app), &k)
	return k, err
}

// KeepRegister implements register.Tx.
func (t *txn) KeepRegister(app string, k register.Kept) error {
	return t.setJSON("shelf", onRegister(app), k)
}

// Alter implements leavers.Book.
func (s *Store) Alter(ctx context.Context, fn func(leavers.Tx) error) error {
	return s.decide(ctx, func(t *txn) error { return fn(t) })
}

// Roster implements leavers.Book.
func (s *Store) Roster(ctx context.Context) (r leavers.Roster, err error) {
	_, err = s.decoded(ctx, onRoster, &r)
	return r, err
}

// Leaving implements leavers.Book.
func (s *Store) Leaving(ctx context.Context, n int64) (l leavers.Leaving, err error) {
	there, err := s.decoded(ctx, onLeaving(n), &l)
	return l, or(there, err, fmt.Errorf("leaving %d: %w", n, leavers.ErrNone))
}

// Roster implements leavers.Tx.
func (t *txn) Roster() (r leavers.Roster, err error) {
	_, err = t.shelved("shelf", onRoster, &r)
	return r, err
}

// KeepRoster implements leavers.Tx.
func (t *txn) KeepRoster(r leavers.Roster) error { return t.setJSON("shelf", onRoster, r) }

// Active implements leavers.Tx.
func (t *txn) Active() (a leavers.Active, err error) {
	_, err = t.shelved("shelf", onActive, &a)
	return a, err
}

// KeepActive implements leavers.Tx.
func (t *txn) KeepActive(a leavers.Active) error { return t.setJSON("shelf", onActive, a) }

// Leaving implements leavers.Tx.
func (t *txn) Leaving(n int64) (l leavers.Leaving, err error) {
	there, err := t.shelved("shelf", onLeaving(n), &l)
	return l, or(there, err, fmt.Errorf("leaving %d: %w", n, leavers.ErrNone))
}

// KeepLeaving implements leavers.Tx.
func (t *txn) KeepLeaving(l leavers.Leaving) error {
	return t.setJSON("shelf", onLeaving(l.Number), l)
}

// Admit implements joiners.Book.
func (s *Store) Admit(ctx context.Context, fn func(joiners.Tx) error) error {
	return s.decide(ctx, func(t *txn) error { return fn(t) })
}

// Rolls implements joiners.Book.
func (s *Store) Rolls(ctx context.Context) (r joiners.Rolls, err error) {
	_, err = s.decoded(ctx, onRolls, &r)
	return r, err
}

// Coming implements joiners.Book.
func (s *Store) Coming(ctx context.Context, n int64) (c joiners.Coming, err error) {
	there, err := s.decoded(ctx, onComing(n), &c)
	return c, or(there, err, fmt.Errorf("coming %d: %w", n, joiners.ErrNone))
}

// Rolls implements joiners.Tx.
func (t *txn) Rolls() (r joiners.Rolls, err error) {
	_, err = t.shelved("shelf", onRolls, &r)
	return r, err
}

// KeepRolls implements joiners.Tx.
func (t *txn) KeepRolls(r joiners.Rolls) error { return t.setJSON("shelf", onRolls, r) }

// Coming implements joiners.Tx.
func (t *txn) Coming(n int64) (c joiners.Coming, err error) {
	there, err := t.shelved("shelf", onComing(n), &c)
	return c, or(there, err, fmt.Errorf("coming %d: %w", n, joiners.ErrNone))
}

// KeepComing implements joiners.Tx.
func (t *txn) KeepComing(c joiners.Coming) error { return t.setJSON("shelf", onComing(c.Number), c) }

// Revise implements reviews.Book.
func (s *Store) Revise(ctx context.Context, fn func(reviews.Tx) error) error {
	return s.decide(ctx, func(t *txn) error { return fn(t) })
}

// Reviews implements reviews.Book.
func (s *Store) Reviews(ctx context.Context) (i reviews.Index, err error) {
	_, err = s.decoded(ctx, onReviews, &i)
	return i, err
}

// Review implements reviews.Book.
func (s *Store) Review(ctx context.Context, n int64) (r reviews.Review, err error) {
	there, err := s.decoded(ctx, onReview(n), &r)
	return r, or(there, err, reviews.ErrNone)
}

// Reviews implements reviews.Tx.
func (t *txn) Reviews() (i reviews.Index, err error) {
	_, err = t.shelved("shelf", onReviews, &i)
	return i, err
}

// KeepReviews implements reviews.Tx.
func (t *txn) KeepReviews(i reviews.Index) error { return t.setJSON("shelf", onReviews, i) }

// Review implements reviews.Tx.
func (t *txn) Review(n int64) (r reviews.Review, err error) {
	there, err := t.shelved("shelf", onReview(n), &r)
	return r, or(there, err, reviews.ErrNone)
}

// KeepReview implements reviews.Tx.
func (t *txn) KeepReview(r reviews.Review) error { return t.setJSON("shelf", onReview(r.Number), r) }
