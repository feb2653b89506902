package conform

import (
	"errors"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// stockRules are those of approvals.Tx about an app's seats.
var stockRules = []rule{
	{"OpenIn lists what is not terminal about one app, and nothing of one that begins so", func(l *life) {
		for i, s := range everyState {
			l.has(request(int64(i)+1, bob, "jane@acme.example", s))
		}
		for i, app := range []string{"seranking2", "ser", "semrush"} {
			elsewhere := request(int64(len(everyState)+i)+1, bob, "jane@acme.example", approvals.Pending)
			elsewhere.App.ID = app
			l.has(elsewhere)
		}
		last := int64(len(everyState)) + 4
		l.has(request(last, alice, "lee@acme.example", approvals.Approved))
		got := l.inTx(func(tx approvals.Tx) ([]approvals.Request, error) { return tx.OpenIn("seranking") })
		slices.Sort(got)
		require.Equal(l, []int64{1, 2, 3, 4, 10, last}, got)
		l.do(func(tx approvals.Tx) error {
			err := keep(tx, request(last, alice, "lee@acme.example", approvals.Done))
			all, err2 := tx.OpenIn("seranking")
			require.Len(l, all, 5, "it reads what it has itself written")
			return errors.Join(err, err2)
		})
	}},
	{"DoneIn lists what was done about one app, and what is over of that, oldest first", func(l *life) {
		for i, s := range everyState {
			l.has(request(int64(i)+1, bob, "jane@acme.example", s))
		}
		elsewhere := request(int64(len(everyState))+1, bob, "jane@acme.example", approvals.Done)
		elsewhere.App.ID = "ser"
		l.has(elsewhere)
		last := int64(len(everyState)) + 2
		l.has(request(last, alice, "lee@acme.example", approvals.Running))
		l.do(func(tx approvals.Tx) error {
			err := keep(tx, request(last, alice, "lee@acme.example", approvals.Done))
			all, err2 := tx.DoneIn("seranking")
			var got []int64
			for _, r := range all {
				got = append(got, r.Number)
				require.Contains(l, []approvals.State{approvals.Done, approvals.Ended}, r.State)
			}
			require.Len(l, got, 3, "it reads what it has itself written")
			require.IsIncreasing(l, got)
			return errors.Join(err, err2)
		})
	}},
	{"Stock is what was kept last of an app, in the next life too, and what is refused changes none", func(l *life) {
		stock := func(app string) (s approvals.Stock) {
			l.do(func(tx approvals.Tx) (err error) { s, err = tx.Stock(app); return err })
			return s
		}
		require.Zero(l, stock("seranking"))
		for tickets, seats := range []approvals.SeatCount{{Used: 3, Of: 5, At: at(0)}, {Used: 4, Of: 5, At: at(time.Hour)}} {
			s := approvals.Stock{Seats: seats, Counted: []int64{7, 9}[tickets:], Changed: at(time.Minute), Tickets: int64(tickets)}
			l.do(func(tx approvals.Tx) error {
				err := tx.KeepStock("seranking", s)
				got, err2 := tx.Stock("seranking")
				require.JSONEq(l, asJSON(l, s), asJSON(l, got), "it reads what it has itself written")
				return errors.Join(err, err2)
			})
			require.ErrorIs(l, l.Update(l.Context(), func(tx approvals.Tx) error {
				return errors.Join(tx.KeepStock("seranking", approvals.Stock{Tickets: 99}), errRefused)
			}), errRefused)
			l.crash()
			require.JSONEq(l, asJSON(l, s), asJSON(l, stock("seranking")))
			require.Zero(l, stock("semrush"), "another app's")
			require.Zero(l, stock("ser"))
		}
	}},
}
