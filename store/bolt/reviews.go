package bolt

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/reviews"
)

var _ reviews.Book = (*Store)(nil)

// Reviews stand beside what reports and lists showed last, under names that no report can have. They were added while the schema
// was 4: who reads a file without them finds that there never was one.
var kReviews = []byte("review/index")

func reviewOf(n int64) []byte { return strconv.AppendInt([]byte("review/"), n, 10) }

// Revise implements reviews.Book.
func (s *Store) Revise(ctx context.Context, fn func(reviews.Tx) error) error {
	return s.update(ctx, func(t *txn) error { return fn(t) })
}

// Reviews implements reviews.Book.
func (s *Store) Reviews(ctx context.Context) (i reviews.Index, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		i, err = (&txn{tx: tx}).Reviews()
		return err
	})
	return i, err
}

// Review implements reviews.Book.
func (s *Store) Review(ctx context.Context, n int64) (r reviews.Review, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		r, err = (&txn{tx: tx}).Review(n)
		return err
	})
	return r, err
}

// Reviews implements reviews.Tx.
func (t *txn) Reviews() (i reviews.Index, err error) {
	raw := t.tx.Bucket(bReports).Get(kReviews)
	if raw == nil {
		return i, nil
	}
	if err := json.Unmarshal(raw, &i); err != nil {
		return i, fmt.Errorf("decode which reviews there are: %w", err)
	}
	return i, nil
}

// KeepReviews implements reviews.Tx.
func (t *txn) KeepReviews(i reviews.Index) error { return t.putJSON(bReports, kReviews, i) }

// Review implements reviews.Tx.
func (t *txn) Review(n int64) (r reviews.Review, err error) {
	raw := t.tx.Bucket(bReports).Get(reviewOf(n))
	if raw == nil {
		return r, reviews.ErrNone
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("decode review %d: %w", n, err)
	}
	return r, nil
}

// KeepReview implements reviews.Tx.
func (t *txn) KeepReview(r reviews.Review) error { return t.putJSON(bReports, reviewOf(r.Number), r) }
