package conform

import (
	"errors"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
)

// leaverRules are those of leavers.Book.
var leaverRules = []rule{
	{"Roster, Active and Leaving are what was kept last, together with the audit entry and the promises, in the next life too", func(l *life) {
		for i, name := range []string{"Sam", "Sam Field"} {
			roster := leavers.Roster{Last: 2, Of: map[approvals.PersonID]int64{"U0SAM": 2}, Lately: []leavers.Sighting{{Leaving: 2, At: at(0)}}}
			active := leavers.Active{At: at(0), People: []approvals.PersonID{"U0BOB"}}
			one := leavers.Leaving{Number: 2, Person: "U0SAM", Name: name, By: approvals.Usher, Heard: at(0), State: leavers.Gathering}
			l.must(l.Alter(l.Context(), func(tx leavers.Tx) error {
				l.must(errors.Join(tx.KeepRoster(roster), tx.KeepActive(active), tx.KeepLeaving(one), tx.Change(outbox.Promise("gather/2", at(time.Hour))),
					tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "left"})))
				got, err := tx.Leaving(2)
				require.JSONEq(l, asJSON(l, one), asJSON(l, got), "it reads what it has itself written")
				return err
			}))
			for range 2 {
				is, err := l.Roster(l.Context())
				l.must(err)
				require.JSONEq(l, asJSON(l, roster), asJSON(l, is))
				got, err := l.Leaving(l.Context(), 2)
				l.must(err)
				require.JSONEq(l, asJSON(l, one), asJSON(l, got))
				l.must(l.Alter(l.Context(), func(tx leavers.Tx) error {
					is, err := tx.Active()
					require.JSONEq(l, asJSON(l, active), asJSON(l, is))
					return err
				}))
				_, err = l.Leaving(l.Context(), 20)
				require.ErrorIs(l, err, leavers.ErrNone, "another's")
				require.EqualValues(l, i+1, l.head().Seq)
				owed, err := l.Known(l.Context(), "gather/2")
				l.must(err)
				require.Equal(l, []string{"gather/2"}, owed)
				l.crash()
			}
		}
	}},
	{"what Alter refuses is returned as it is, and nothing of it is kept", func(l *life) {
		require.Equal(l, errRefused, l.Alter(l.Context(), func(tx leavers.Tx) error {
			l.must(errors.Join(tx.KeepRoster(leavers.Roster{Last: 1}), tx.KeepLeaving(leavers.Leaving{Number: 1}), tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "left"})))
			return errRefused
		}))
		for range 2 {
			is, err := l.Roster(l.Context())
			l.must(err)
			require.Zero(l, is)
			_, err = l.Leaving(l.Context(), 1)
			require.ErrorIs(l, err, leavers.ErrNone)
			require.Zero(l, l.head())
			l.crash()
		}
	}},
}
