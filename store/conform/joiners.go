package conform

import (
	"errors"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/outbox"
)

// joinerRules are those of joiners.Book.
var joinerRules = []rule{
	{"Rolls and Coming are what was kept last, together with the audit entry and the promises, in the next life too", func(l *life) {
		for i, state := range []joiners.State{joiners.Waiting, joiners.Offered} {
			rolls := joiners.Rolls{Last: 2, Of: map[approvals.GroupID]joiners.Roll{"S0SEO": {At: at(0), People: []approvals.PersonID{"U0SAM"}}}}
			one := joiners.Coming{Number: 2, Person: "U0SAM", Into: "S0SEO", At: at(0), State: state}
			l.must(l.Admit(l.Context(), func(tx joiners.Tx) error {
				l.must(errors.Join(tx.KeepRolls(rolls), tx.KeepComing(one), tx.Change(outbox.Promise("welcome/2", at(time.Hour))),
					tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "came"})))
				got, err := tx.Coming(2)
				require.JSONEq(l, asJSON(l, one), asJSON(l, got), "it reads what it has itself written")
				return err
			}))
			for range 2 {
				is, err := l.Rolls(l.Context())
				l.must(err)
				require.JSONEq(l, asJSON(l, rolls), asJSON(l, is))
				got, err := l.Coming(l.Context(), 2)
				l.must(err)
				require.JSONEq(l, asJSON(l, one), asJSON(l, got))
				_, err = l.Coming(l.Context(), 20)
				require.ErrorIs(l, err, joiners.ErrNone, "another's")
				require.EqualValues(l, i+1, l.head().Seq)
				owed, err := l.Known(l.Context(), "welcome/2")
				l.must(err)
				require.Equal(l, []string{"welcome/2"}, owed)
				l.crash()
			}
		}
	}},
	{"what Admit refuses is returned as it is, and nothing of it is kept", func(l *life) {
		require.Equal(l, errRefused, l.Admit(l.Context(), func(tx joiners.Tx) error {
			l.must(errors.Join(tx.KeepRolls(joiners.Rolls{Last: 1}), tx.KeepComing(joiners.Coming{Number: 1}), tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "came"})))
			return errRefused
		}))
		for range 2 {
			is, err := l.Rolls(l.Context())
			l.must(err)
			require.Zero(l, is)
			_, err = l.Coming(l.Context(), 1)
			require.ErrorIs(l, err, joiners.ErrNone)
			require.Zero(l, l.head())
			l.crash()
		}
	}},
}
