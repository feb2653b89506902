package conform

import (
	"context"

	"github.com/usherbot/usher/reviews"
)

// Revise implements reviews.Book.
func (s *sloppy) Revise(ctx context.Context, fn func(reviews.Tx) error) error {
	return s.commit(ctx, func(t *table) error { return fn(&sloppyTx{table: t, was: t.clone()}) })
}

// Reviews implements reviews.Book.
func (s *sloppy) Reviews(context.Context) (i reviews.Index, err error) {
	s.read(func(t *table) { i = t.index })
	return i, nil
}

// Review implements reviews.Book.
func (s *sloppy) Review(_ context.Context, n int64) (r reviews.Review, err error) {
	s.read(func(t *table) { r, err = t.review(n) })
	return r, err
}

func (t *table) review(n int64) (reviews.Review, error) {
	r, known := t.reviews[n]
	if !known {
		return r, reviews.ErrNone
	}
	return r, nil
}

func (t *sloppyTx) Reviews() (reviews.Index, error) { return t.reads().index, nil }

func (t *sloppyTx) KeepReviews(i reviews.Index) error {
	t.index = i
	return nil
}

func (t *sloppyTx) Review(n int64) (reviews.Review, error) { return t.reads().review(n) }

func (t *sloppyTx) KeepReview(r reviews.Review) error {
	if _, kept := t.reviews[r.Number]; !kept || t.does != "keeps a review for good" {
		t.reviews[r.Number] = r
	}
	return nil
}
