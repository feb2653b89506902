package conform

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// errRefused is what a transaction of the rules says where it wants nothing kept.
var errRefused = errors.New("this is not to be kept")

// bookRules are those of approvals.Book, but for its lists and for trouble.
var bookRules = []rule{
	{"what Update said was kept is there in the next life", func(l *life) {
		for i := range 3 {
			require.EqualValues(l, i+1, l.asked(fmt.Sprint("key", i), "jane@acme.example"))
		}
		head := l.head()
		l.crash()
		require.Equal(l, []int64{3, 2, 1}, l.all())
		require.Equal(l, head, l.head())
		for n := range int64(3) {
			_, expires := l.owed(approvals.ExpireKey(n + 1))
			require.True(l, expires, n+1)
		}
		require.EqualValues(l, 2, l.asked("key1", "jane@acme.example"), "its key leads to it")
	}},
	{"a request is read as it was put", func(l *life) {
		r := request(1, alice, "jane@acme.example", approvals.InDoubt)
		r.Origin = approvals.Origin{Key: "key", Team: "T0ACME", Channel: "C0SEATS", Surface: "slack"}
		r.Reason, r.Nonce = "“quotes”, <links>, 名前 and a line\nbreak", "n0nce"
		r.Doubt = &approvals.Doubt{Since: at(time.Second), Tried: approvals.Sayf("Asked for %v.", approvals.PersonID(alice)), Looks: 3}
		l.has(r)
		l.crash()
		got, err := l.Request(l.Context(), 1)
		l.must(err)
		require.JSONEq(l, asJSON(l, r), asJSON(l, got))
	}},
	{"what fn refuses is returned as it is, and nothing of it is kept", func(l *life) {
		l.asked("key", "jane@acme.example")
		head := l.head()
		err := l.Update(l.Context(), func(tx approvals.Tx) error {
			second := request(2, bob, "lee@acme.example", approvals.Pending)
			second.Origin.Key = "another key"
			err := errors.Join(keep(tx, request(1, alice, "jane@acme.example", approvals.Denied)), keep(tx, second),
				tx.Change(outbox.Promise("report/weekly", at(0))), tx.Change(outbox.Forget(approvals.CardKey(1))))
			if err != nil {
				return err
			}
			return errRefused
		})
		require.Equal(l, errRefused, err)
		for range 2 {
			require.Equal(l, []int64{1}, l.all())
			require.Equal(l, approvals.Pending, l.state(1))
			require.Equal(l, head, l.head())
			for key, want := range map[string]bool{"card/1": true, "expire/1": true, "card/2": false, "report/weekly": false} {
				_, owed := l.owed(key)
				require.Equal(l, want, owed, key)
			}
			_, err = l.Keyed(l.Context(), "another key")
			require.ErrorIs(l, err, approvals.ErrNoRequest)
			l.crash()
		}
	}},
	{"a refusal spares the others of its crowd", func(l *life) {
		answers := crowd(60, func(i int) error {
			if i%3 != 0 {
				_, err := l.ask(fmt.Sprint(i), fmt.Sprintf("p%d@acme.example", i))
				return err
			}
			return l.Update(l.Context(), func(tx approvals.Tx) error {
				// Written, then refused: the writing must not stay.
				return errors.Join(tx.Put(request(1000, bob, "lee@acme.example", approvals.Pending)), errRefused)
			})
		})
		for i, err := range answers {
			if i%3 == 0 {
				require.ErrorIs(l, err, errRefused)
				continue
			}
			l.must(err)
		}
		require.Len(l, l.all(), 40)
		require.EqualValues(l, 40, l.all()[0])
	}},
	{"transactions are as if they ran one after another", func(l *life) {
		l.asked("key", "jane@acme.example")
		for _, err := range crowd(32, func(int) error { return l.Update(l.Context(), oneMoreTry) }) {
			l.must(err)
		}
		r, err := l.Request(l.Context(), 1)
		l.must(err)
		require.Equal(l, 32, r.Attempt, "none wrote over what another had written since it read")
		for _, err := range crowd(32, func(int) error { return l.Update(l.Context(), onlyOne) }) {
			l.must(err)
		}
		require.Equal(l, []int64{2, 1}, l.all(), "only one found that nobody had asked")
	}},
	{"a number nobody has is ErrNoRequest", func(l *life) {
		l.asked("key", "jane@acme.example")
		for _, n := range []int64{-1, 0, 2} {
			_, err := l.Request(l.Context(), n)
			require.ErrorIs(l, err, approvals.ErrNoRequest, n)
		}
	}},
	{"a key finds its request, wherever that stands by then, and one that nobody used is ErrNoRequest", func(l *life) {
		l.asked("key", "jane@acme.example")
		l.do(func(tx approvals.Tx) error {
			r, err := tx.Request(1)
			r.State = approvals.Canceled
			return errors.Join(err, keep(tx, r))
		})
		r, err := l.Keyed(l.Context(), "key")
		l.must(err)
		require.EqualValues(l, 1, r.Number)
		require.Equal(l, approvals.Canceled, r.State)
		l.has(request(2, alice, "lee@acme.example", approvals.Pending))
		for _, key := range []string{"ke", "key2", ""} {
			_, err := l.Keyed(l.Context(), key)
			require.ErrorIs(l, err, approvals.ErrNoRequest, key)
		}
	}},
}

// crowd calls fn so many times at once, and returns each one's answer.
func crowd(many int, fn func(i int) error) []error {
	answers := make([]error, many)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = fn(i) })
	}
	all.Wait()
	return answers
}

// linger lets others run between what a transaction reads and what it writes.
func linger() {
	for range 100 {
		runtime.Gosched()
	}
}

// oneMoreTry counts one up in request 1.
func oneMoreTry(tx approvals.Tx) error {
	r, err := tx.Request(1)
	if err != nil {
		return err
	}
	linger()
	r.Attempt++
	return tx.Put(r)
}

// onlyOne asks for an address unless somebody has.
func onlyOne(tx approvals.Tx) error {
	open, err := tx.OpenFor("seranking", "lee@acme.example")
	if err != nil || len(open) > 0 {
		return err
	}
	linger()
	n, err := tx.Next()
	return errors.Join(err, keep(tx, request(n, bob, "lee@acme.example", approvals.Pending)))
}

func asJSON(l *life, v any) string {
	raw, err := json.Marshal(v)
	l.must(err)
	return string(raw)
}
