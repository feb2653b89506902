package conform

import (
	"errors"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// turnRules are those of approvals.Tx about whose turn it is.
var turnRules = []rule{
	{"Turn is who was kept last of an app, in the next life too, and what is refused changes none", func(l *life) {
		turn := func(app string) (id approvals.PersonID) {
			l.do(func(tx approvals.Tx) (err error) { id, err = tx.Turn(app); return err })
			return id
		}
		require.Empty(l, turn("semrush"))
		for _, id := range []approvals.PersonID{bob, alice} {
			l.do(func(tx approvals.Tx) error {
				err := tx.KeepTurn("semrush", id)
				got, err2 := tx.Turn("semrush")
				require.Equal(l, id, got, "it reads what it has itself written")
				return errors.Join(err, err2)
			})
			require.ErrorIs(l, l.Update(l.Context(), func(tx approvals.Tx) error {
				return errors.Join(tx.KeepTurn("semrush", "U0REFUSED"), errRefused)
			}), errRefused)
			l.crash()
			require.Equal(l, id, turn("semrush"))
			require.Empty(l, turn("alkami"), "another app's")
			require.Empty(l, turn("sem"))
		}
	}},
}
