package conform

import (
	"errors"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// gone is what is left of a request.
func gone(n int64) approvals.Removed {
	return approvals.Removed{Number: n, State: approvals.Denied, Closed: at(0), At: at(time.Hour), Kept: 90 * 24 * time.Hour}
}

// posted leaves a receipt under a key, and nothing owed.
func (l *life) posted(key string) {
	l.Helper()
	l.must(l.Promise(l.Context(), outbox.Promise(key, at(0))))
	in, err := l.Claim(l.Context(), key, at(0))
	l.must(err)
	l.must(l.Finish(l.Context(), in, outbox.DoneWith(outbox.Receipt{Place: "C0APPROVE", ID: "1.1"}), at(0)))
}

// denied are requests that were asked and denied, in a transaction each, and of which nothing is owed.
func (l *life) denied(numbers ...int64) {
	l.Helper()
	for _, n := range numbers {
		l.do(func(tx approvals.Tx) error {
			r := request(n, alice, "jane@acme.example", approvals.Pending)
			r.Origin.Key = fmt.Sprint("key", n)
			err := keep(tx, r)
			r.State = approvals.Denied
			err = errors.Join(err, keep(tx, r))
			for _, key := range []string{approvals.CardKey(n), approvals.TellKey(n, r.State, 0)} {
				err = errors.Join(err, tx.Change(outbox.Forget(key)))
			}
			return err
		})
	}
}

// removedRules are those of what approvals.Tx removes.
var removedRules = []rule{
	{"what was removed is Removed, in the next life too, is listed nowhere, and its key leads nowhere", func(l *life) {
		l.denied(1, 2, 3)
		l.posted("card/1")
		l.posted("card/3")
		l.posted("tell/1/requester/denied")
		l.posted("tell/3/requester/denied")
		l.do(func(tx approvals.Tx) error { return tx.Remove(gone(2), approvals.Traces(2)) })
		for range 2 {
			_, err := l.Request(l.Context(), 2)
			left, removed := errors.AsType[approvals.Removed](err)
			require.True(l, removed, "%v", err)
			require.JSONEq(l, asJSON(l, gone(2)), asJSON(l, left))
			require.ErrorIs(l, err, approvals.ErrNoRequest)
			err = l.Update(l.Context(), func(tx approvals.Tx) error { _, err := tx.Request(2); return err })
			_, removed = errors.AsType[approvals.Removed](err)
			require.True(l, removed, "%v", err)
			_, err = l.Keyed(l.Context(), "key2")
			require.ErrorIs(l, err, approvals.ErrNoRequest)
			l.do(func(tx approvals.Tx) error {
				n, err := tx.Keyed("key2")
				require.Zero(l, n)
				return err
			})
			for _, f := range []approvals.Filter{{Of: alice, All: true}, {State: approvals.Denied}, {All: true, From: 1}} {
				list, err := l.Requests(l.Context(), f, 10)
				l.must(err)
				require.ElementsMatch(l, []int64{1, 3}, numbers(list), "%+v", f)
			}
			l.crash()
		}
	}},
	{"a number whose request was removed isn't given again, were it the last", func(l *life) {
		l.denied(1, 2)
		l.do(func(tx approvals.Tx) error { return tx.Remove(gone(2), approvals.Traces(2)) })
		l.do(func(tx approvals.Tx) error { return tx.Remove(gone(1), approvals.Traces(1)) })
		l.crash()
		require.EqualValues(l, 3, l.asked("key 3", "sam@acme.example"))
	}},
	{"what is removed takes along the receipts under its keys, and no others", func(l *life) {
		l.denied(1)
		for _, key := range []string{"card/1", "card/12", "tell/1/requester/denied", "approver/1/U0B", "report/1", "approver/10/U0B"} {
			l.posted(key)
		}
		l.do(func(tx approvals.Tx) error { return tx.Remove(gone(1), approvals.Traces(1)) })
		for key, want := range map[string]bool{"card/1": false, "card/12": true, "tell/1/requester/denied": false, "approver/1/U0B": false, "report/1": true, "approver/10/U0B": true} {
			_, kept, err := l.Receipt(l.Context(), key)
			l.must(err)
			require.Equal(l, want, kept, key)
		}
	}},
	{"Owed knows what is promised under some keys, and nothing whose key only begins so", func(l *life) {
		for _, key := range []string{"card/12", "approver/3/U0B", "report/weekly"} {
			l.must(l.Promise(l.Context(), outbox.Promise(key, at(time.Hour))))
		}
		for n, want := range map[int64]bool{1: false, 12: true, 3: true, 30: false} {
			l.do(func(tx approvals.Tx) error {
				owed, err := tx.Owed(approvals.Traces(n))
				require.Equal(l, want, owed, n)
				return err
			})
		}
	}},
	{"a removing that is refused removes nothing", func(l *life) {
		l.denied(1)
		l.posted("card/1")
		l.posted("tell/1/requester/denied")
		require.ErrorIs(l, l.Update(l.Context(), func(tx approvals.Tx) error {
			return errors.Join(tx.Remove(gone(1), approvals.Traces(1)), errRefused)
		}), errRefused)
		for range 2 {
			require.Equal(l, approvals.Denied, l.state(1))
			_, kept, err := l.Receipt(l.Context(), "card/1")
			l.must(err)
			require.True(l, kept)
			l.crash()
		}
	}},
	{"From lists a number and higher ones, the oldest first", func(l *life) {
		many(l)
		for _, from := range []int64{1, 40, 99, 100} {
			want := []int64{}
			for n := from; n <= 99 && len(want) < 7; n++ {
				want = append(want, n)
			}
			list, err := l.Requests(l.Context(), approvals.Filter{All: true, From: from}, 7)
			l.must(err)
			require.Equal(l, want, append([]int64{}, numbers(list)...), from)
		}
	}},
}
