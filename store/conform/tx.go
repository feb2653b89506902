package conform

import (
	"errors"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// txRules are those of approvals.Tx.
var txRules = []rule{
	{"Request is ErrNoRequest for a number nobody has", func(l *life) {
		l.asked("key", "jane@acme.example")
		for _, n := range []int64{-1, 0, 2} {
			err := l.Update(l.Context(), func(tx approvals.Tx) error { _, err := tx.Request(n); return err })
			require.ErrorIs(l, err, approvals.ErrNoRequest, n)
		}
	}},
	{"it reads what it has itself written", func(l *life) {
		r := request(1, alice, "jane@acme.example", approvals.Pending)
		r.Origin.Key = "key"
		var got seen
		l.do(func(tx approvals.Tx) error { return errors.Join(keep(tx, r), got.read(tx, 1, "key")) })
		require.Equal(l, seen{state: approvals.Pending, keyed: 1, next: 2, waiting: 1, about: []int64{1}, latest: 1}, got)
		r.State = approvals.Denied
		l.do(func(tx approvals.Tx) error { return errors.Join(keep(tx, r), got.read(tx, 1, "key")) })
		require.Equal(l, seen{state: approvals.Denied, keyed: 1, next: 2, about: []int64{}, latest: 1}, got)
	}},
	{"numbers start at 1 and leave no gap, whatever was refused and whoever was killed", func(l *life) {
		next := func() (n int64) {
			l.do(func(tx approvals.Tx) (err error) { n, err = tx.Next(); return err })
			return n
		}
		require.EqualValues(l, 1, next())
		require.EqualValues(l, 1, next(), "one that is not used is not used up")
		for want := range int64(4) {
			err := l.Update(l.Context(), func(tx approvals.Tx) error {
				n, err := tx.Next()
				return errors.Join(err, keep(tx, request(n, bob, "lee@acme.example", approvals.Pending)), errRefused)
			})
			require.ErrorIs(l, err, errRefused)
			l.crash()
			require.Equal(l, want+1, l.asked(fmt.Sprint(want), "jane@acme.example"))
		}
	}},
	{"numbers leave no gap in a crowd either", func(l *life) {
		for _, err := range crowd(40, func(i int) error { _, err := l.ask(fmt.Sprint(i), "jane@acme.example"); return err }) {
			l.must(err)
		}
		require.Len(l, l.all(), 40)
		require.EqualValues(l, 40, l.all()[0])
	}},
	{"Keyed is 0 for a key nobody used", func(l *life) {
		l.asked("key", "jane@acme.example")
		l.has(request(2, alice, "lee@acme.example", approvals.Pending))
		var got []int64
		l.do(func(tx approvals.Tx) error {
			got = nil
			for _, key := range []string{"key", "ke", "key2", ""} {
				n, err := tx.Keyed(key)
				if got = append(got, n); err != nil {
					return err
				}
			}
			return nil
		})
		require.Equal(l, []int64{1, 0, 0, 0}, got)
	}},
	{"a key is remembered for two months, however much is asked in them", func(l *life) {
		l.asked("key", "jane@acme.example")
		for n, asked := range []time.Time{at(20 * 24 * time.Hour), at(40 * 24 * time.Hour), at(0).AddDate(0, 2, 0)} {
			r := request(int64(n)+2, bob, "lee@acme.example", approvals.Pending)
			r.Asked, r.Origin.Key = asked, fmt.Sprint("later", n)
			l.has(r)
			require.EqualValues(l, 1, l.asked("key", "jane@acme.example"), asked)
		}
	}},
	{"Put replaces what stood under the number", func(l *life) {
		l.has(request(1, alice, "jane@acme.example", approvals.Pending), request(2, alice, "lee@acme.example", approvals.Pending))
		l.has(request(1, alice, "jane@acme.example", approvals.Denied))
		l.crash()
		require.Equal(l, []int64{2, 1}, l.all())
		require.Equal(l, approvals.Denied, l.state(1))
		require.Equal(l, approvals.Pending, l.state(2))
	}},
	{"Waiting counts the pending requests of one person", func(l *life) {
		many(l)
		for _, p := range []approvals.PersonID{alice, abigail, bob, "U0"} {
			l.do(func(tx approvals.Tx) error {
				n, err := tx.Waiting(p)
				require.Equal(l, len(expected(approvals.Filter{Of: p, State: approvals.Pending})), n, p)
				return err
			})
		}
	}},
	{"Latest counts the requests of one person from the newest, in whatever state", func(l *life) {
		many(l)
		for _, p := range []approvals.PersonID{alice, abigail, bob, "U0"} {
			want := append([]int64{0}, expected(approvals.Filter{Of: p, All: true})...)
			for n := range len(want) + 1 {
				latest := l.inTx(func(tx approvals.Tx) ([]approvals.Request, error) {
					r, ok, err := tx.Latest(p, n)
					if !ok {
						return nil, err
					}
					return []approvals.Request{r}, err
				})
				if n == 0 || n == len(want) {
					require.Empty(l, latest, "%s has no %d-th", p, n)
					continue
				}
				require.Equal(l, []int64{want[n]}, latest, "the %d-th latest of %s", n, p)
			}
		}
	}},
	{"OpenFor lists what is not over about an address, however it is written, oldest first", func(l *life) {
		for i, s := range everyState {
			l.has(request(int64(i)+1, bob, "Jane@Acme.example", s))
		}
		elsewhere := request(12, bob, "jane@acme.example", approvals.Pending)
		elsewhere.App.ID = "semrush"
		l.has(elsewhere, request(13, bob, "jane@acme.example.org", approvals.Pending), request(14, alice, "jane@ACME.example", approvals.Running))
		for email, want := range map[string][]int64{" jane@ACME.example ": {1, 2, 3, 4, 10, 14}, "jane@acme": {}, "": {}} {
			require.Equal(l, want, l.inTx(func(tx approvals.Tx) ([]approvals.Request, error) { return tx.OpenFor("seranking", email) }), email)
		}
	}},
	{"each entry of the log follows the last, in the order of the transactions", func(l *life) {
		entry := func(what string) approvals.Entry {
			return approvals.Entry{At: at(0), Actor: approvals.Usher, What: what}
		}
		var want approvals.Head
		for _, what := range []string{"one", "two", "three"} {
			_, next, err := approvals.Seal(entry(what), want, nil)
			l.must(err)
			want = next
		}
		l.do(func(tx approvals.Tx) error { return errors.Join(tx.Audit(entry("one")), tx.Audit(entry("two"))) })
		require.ErrorIs(l, l.Update(l.Context(), func(tx approvals.Tx) error { return errors.Join(tx.Audit(entry("never")), errRefused) }), errRefused)
		l.crash()
		l.do(func(tx approvals.Tx) error { return tx.Audit(entry("three")) })
		require.Equal(l, want, l.head())
		for _, err := range crowd(20, func(int) error {
			return l.Update(l.Context(), func(tx approvals.Tx) error { return tx.Audit(entry("more")) })
		}) {
			l.must(err)
		}
		require.EqualValues(l, 23, l.head().Seq)
	}},
	{"Absences are those that were kept last, in their order, in the next life too, and what is refused changes none", func(l *life) {
		away := func() (all []approvals.Absence) {
			l.do(func(tx approvals.Tx) (err error) { all, err = tx.Absences(); return err })
			return all
		}
		require.Empty(l, away())
		first := approvals.Absence{Person: bob, Deputy: alice, Since: at(0), Until: at(time.Hour)}
		second := approvals.Absence{Person: alice, Since: at(time.Minute), Until: at(2 * time.Hour)}
		for _, all := range [][]approvals.Absence{{first}, {second, first}, {second}} {
			l.do(func(tx approvals.Tx) error {
				err := tx.KeepAbsences(all)
				got, err2 := tx.Absences()
				require.JSONEq(l, asJSON(l, all), asJSON(l, got), "it reads what it has itself written")
				return errors.Join(err, err2)
			})
			require.ErrorIs(l, l.Update(l.Context(), func(tx approvals.Tx) error { return errors.Join(tx.KeepAbsences(nil), errRefused) }), errRefused)
			require.JSONEq(l, asJSON(l, all), asJSON(l, away()))
			l.crash()
			require.JSONEq(l, asJSON(l, all), asJSON(l, away()))
		}
		l.do(func(tx approvals.Tx) error { return tx.KeepAbsences(nil) })
		require.Empty(l, away())
	}},
	{"Change makes and drops a promise together with the state", func(l *life) {
		l.has(request(1, alice, "jane@acme.example", approvals.Pending))
		l.do(func(tx approvals.Tx) error {
			return errors.Join(keep(tx, request(1, alice, "jane@acme.example", approvals.Approved)),
				tx.Change(outbox.Forget("deed/1")), tx.Change(outbox.Promise("deed/1", at(time.Hour))))
		})
		_, expires := l.owed("expire/1")
		require.False(l, expires)
		deed, owed := l.owed("deed/1")
		require.True(l, owed)
		require.Equal(l, at(time.Hour), deed.Due, "dropped and made again in the same transaction")
	}},
}

// seen is what a transaction reads of Alice's request for jane@acme.example.
type seen struct {
	state       approvals.State
	keyed, next int64
	waiting     int
	about       []int64
	latest      int64
}

func (s *seen) read(tx approvals.Tx, n int64, key string) error {
	r, err := tx.Request(n)
	keyed, err2 := tx.Keyed(key)
	next, err3 := tx.Next()
	waiting, err4 := tx.Waiting(alice)
	about, err5 := tx.OpenFor("seranking", "jane@acme.example")
	latest, _, err6 := tx.Latest(alice, 1)
	*s = seen{r.State, keyed, next, waiting, numbers(about), latest.Number}
	return errors.Join(err, err2, err3, err4, err5, err6)
}

// inTx are the numbers of what a transaction lists.
func (l *life) inTx(list func(approvals.Tx) ([]approvals.Request, error)) (out []int64) {
	l.Helper()
	l.do(func(tx approvals.Tx) error {
		all, err := list(tx)
		out = numbers(all)
		return err
	})
	return out
}
