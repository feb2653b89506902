package conform

import (
	"errors"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reviews"
)

// reviewRules are those of reviews.Book.
var reviewRules = []rule{
	{"Review is what was kept last under its number, and Reviews which there are, together with the audit entry and the promise, in the next life too", func(l *life) {
		_, err := l.Review(l.Context(), 1)
		require.ErrorIs(l, err, reviews.ErrNone)
		for i := range 2 {
			r := reviews.Review{Number: 1, App: "semrush", State: reviews.Open, Lines: []reviews.Line{{Email: "jane@acme.example", Round: i}}}
			l.must(l.Revise(l.Context(), func(tx reviews.Tx) error {
				err := errors.Join(tx.KeepReview(r), tx.KeepReview(reviews.Review{Number: 2, App: "another"}), tx.KeepReviews(reviews.Index{Last: 2, Live: []int64{1}}),
					tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "answered"}), tx.Change(outbox.Promise("reviewing/1/end", at(0))))
				got, err2 := tx.Review(1)
				require.JSONEq(l, asJSON(l, r), asJSON(l, got), "it reads what it has itself written")
				return errors.Join(err, err2)
			}))
			for range 2 {
				got, err := l.Review(l.Context(), 1)
				l.must(err)
				require.JSONEq(l, asJSON(l, r), asJSON(l, got))
				index, err := l.Reviews(l.Context())
				l.must(err)
				require.Equal(l, reviews.Index{Last: 2, Live: []int64{1}}, index)
				require.EqualValues(l, i+1, l.head().Seq)
				known, err := l.Known(l.Context(), "reviewing/")
				l.must(err)
				require.Equal(l, []string{"reviewing/1/end"}, known)
				l.crash()
			}
		}
	}},
	{"what Revise refuses is returned as it is, and nothing of it is kept", func(l *life) {
		require.Equal(l, errRefused, l.Revise(l.Context(), func(tx reviews.Tx) error {
			l.must(errors.Join(tx.KeepReview(reviews.Review{Number: 1}), tx.KeepReviews(reviews.Index{Last: 1}), tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "began"})))
			return errRefused
		}))
		for range 2 {
			_, err := l.Review(l.Context(), 1)
			require.ErrorIs(l, err, reviews.ErrNone)
			index, err := l.Reviews(l.Context())
			l.must(err)
			require.Zero(l, index)
			require.Zero(l, l.head())
			l.crash()
		}
	}},
}
