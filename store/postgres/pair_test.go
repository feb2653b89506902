package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports/census"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/conform"
)

// pair is two stores on one database, of which each call goes to the other one than the last.
type pair struct {
	*Store
	other *Store
	calls *atomic.Int64
}

func (p pair) next() *Store {
	if p.calls.Add(1)%2 == 0 {
		return p.Store
	}
	return p.other
}

func (p pair) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	return p.next().Update(ctx, fn)
}
func (p pair) Request(ctx context.Context, n int64) (approvals.Request, error) {
	return p.next().Request(ctx, n)
}
func (p pair) Keyed(ctx context.Context, key string) (approvals.Request, error) {
	return p.next().Keyed(ctx, key)
}
func (p pair) Requests(ctx context.Context, f approvals.Filter, limit int) ([]approvals.Request, error) {
	return p.next().Requests(ctx, f, limit)
}
func (p pair) Due(ctx context.Context, kind string, now time.Time, limit int) ([]outbox.Intent, time.Time, error) {
	return p.next().Due(ctx, kind, now, limit)
}
func (p pair) Claim(ctx context.Context, key string, now time.Time) (outbox.Intent, error) {
	return p.next().Claim(ctx, key, now)
}
func (p pair) Mark(ctx context.Context, in outbox.Intent, note json.RawMessage) error {
	return p.next().Mark(ctx, in, note)
}
func (p pair) Finish(ctx context.Context, in outbox.Intent, result outbox.Result, now time.Time) error {
	return p.next().Finish(ctx, in, result, now)
}
func (p pair) Promise(ctx context.Context, changes ...outbox.Change) error {
	return p.next().Promise(ctx, changes...)
}
func (p pair) Head(ctx context.Context) (approvals.Head, error) { return p.next().Head(ctx) }
func (p pair) Shelve(ctx context.Context, keep map[string][]byte, drop []string) error {
	return p.next().Shelve(ctx, keep, drop)
}
func (p pair) KeepDay(ctx context.Context, app, last, day string, figures, accounts []byte) (bool, error) {
	return p.next().KeepDay(ctx, app, last, day, figures, accounts)
}

var (
	_ history.Memory = pair{}
	_ census.Shelf   = pair{}
)

// TestTwoStoresOnOneDatabaseAreOneStore: what one says was kept the other reads, and a crowd is as one after another,
// whichever of the two each of it came to.
func TestTwoStoresOnOneDatabaseAreOneStore(t *testing.T) {
	all := newShed(t)
	conform.Store(t, func(t testing.TB) conform.Place {
		p := &place{TB: t, url: all.empty(t)}
		var both pair
		return conform.Place{Break: p.breaks.Break, Fill: func(during func()) { fill(during, both.Store, both.other) },
			Open: func(name string) store.Store {
				both = pair{p.open(name), p.open(name), &atomic.Int64{}}
				return both
			}}
	})
}

// TestTheLogIsOneChainUnderManyWriters, those that pass no gate too: the head is theirs one after another.
func TestTheLogIsOneChainUnderManyWriters(t *testing.T) {
	url := newShed(t).empty(t)
	stores := []*Store{open(t, url, Options{}), open(t, url, Options{}), open(t, url, Options{})}
	var all sync.WaitGroup
	answers := make([]error, 60)
	var runs atomic.Int64
	for i := range answers {
		all.Go(func() {
			answers[i] = stores[i%3].note(ctx, func(tx *txn) error {
				runs.Add(1)
				for n := range 9 { // more than AuditLines reads at once
					if err := tx.Audit(approvals.Entry{Actor: approvals.Usher, What: fmt.Sprint(i, n)}); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
	all.Wait()
	for _, err := range answers {
		require.NoError(t, err)
	}
	require.Less(t, runs.Load(), int64(2*len(answers)), "they waited for each other, and hardly one was refused for following where another had")
	head, err := stores[0].Head(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 9*len(answers), head.Seq)
	require.NoError(t, stores[1].Check(ctx))
	verify(t, stores[2])
}

// verify reads the log as whoever exports it does, and holds each line to what was hashed.
func verify(t *testing.T, s *Store) {
	t.Helper()
	v := approvals.Head{}
	require.NoError(t, s.AuditLines(ctx, 0, func(seq int64, line []byte) error {
		var e approvals.Entry
		require.NoError(t, json.Unmarshal(line, &e))
		sealed, next, err := approvals.Seal(e, v, nil)
		require.NoError(t, err)
		require.Equal(t, string(sealed), string(line), "as it was sealed, to the nanosecond")
		require.Equal(t, seq, next.Seq)
		v = next
		return nil
	}))
	head, err := s.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, head, v)
}

// TestAForkOfTheLogIsRefused, even by somebody who locks nothing: each entry is followed once.
func TestAForkOfTheLogIsRefused(t *testing.T) {
	url := newShed(t).empty(t)
	s := open(t, url, Options{})
	at := time.Date(2026, 11, 23, 9, 0, 0, 123456789, time.UTC)
	for range 2 {
		require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
			return tx.Audit(approvals.Entry{At: at, Actor: approvals.Usher, What: "one", Detail: json.RawMessage(`{"b":1,"a":2}`)})
		}))
	}
	_, err := s.pool.Exec(ctx, "insert into usher.audit (seq, prev, hash, line) select 3, prev, 'another', line from usher.audit where seq = 2")
	require.Equal(t, "23505", code(err))
	verify(t, s)
}
