package postgres

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// another is a transaction by hand, which holds what it wrote until it ends.
func another(t *testing.T, url string) pgx.Tx {
	t.Helper()
	conn, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(ctx) })
	tx, err := conn.Begin(ctx)
	require.NoError(t, err)
	return tx
}

// held waits until somebody waits for what tx holds.
func held(t *testing.T, tx pgx.Tx) {
	t.Helper()
	require.Eventually(t, func() (waits bool) {
		err := tx.QueryRow(ctx, "select exists (select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid)))").Scan(&waits)
		return err == nil && waits
	}, 20*time.Second, 2*time.Millisecond)
}

// TestWhatWasKeptBetweenALookAndAPromiseIsNotPromisedAgain: somebody looks whether an occasion is owed or was kept, and before they
// write that it's owed another promises it, carries it out and leaves a receipt.
func TestWhatWasKeptBetweenALookAndAPromiseIsNotPromisedAgain(t *testing.T) {
	url := newShed(t).empty(t)
	s := open(t, url, Options{})
	const key = "report/weekly/2026-11-23T09:00"
	first := another(t, url)
	_, err := first.Exec(ctx, "insert into usher.intents (key, kind, due, line) values ($1, 'report', 0, '{}')", key)
	require.NoError(t, err)

	promised := make(chan error, 1)
	go func() { promised <- s.Promise(ctx, outbox.PromiseOnce(key, noon)) }()
	held(t, first)
	_, err = first.Exec(ctx, "delete from usher.intents where key = $1", key)
	require.NoError(t, err)
	_, err = first.Exec(ctx, "insert into usher.receipts (key, line) values ($1, '{}')", key)
	require.NoError(t, err)
	require.NoError(t, first.Commit(ctx))

	require.NoError(t, <-promised)
	list, err := s.Intents(ctx, "report/")
	require.NoError(t, err)
	require.Empty(t, list)
}

// TestAnOccasionIsPromisedOnceAmongAll: several stores promise the same occasions at the same moment, over and over, while others carry
// them out. Each is carried out once.
func TestAnOccasionIsPromisedOnceAmongAll(t *testing.T) {
	url := newShed(t).empty(t)
	var done sync.Map
	var all sync.WaitGroup
	life, stop := context.WithCancel(ctx)
	for _, owner := range []string{"first", "second", "third"} {
		s := open(t, url, Options{Owner: owner, Lease: time.Hour})
		all.Go(func() {
			for n := 0; life.Err() == nil; n++ {
				key := "report/weekly/" + string(rune('a'+n%20))
				if err := s.Promise(ctx, outbox.PromiseOnce(key, noon)); err != nil {
					t.Error(err)
				}
				in, err := s.Claim(ctx, key, noon)
				if err != nil {
					continue
				}
				if _, twice := done.LoadOrStore(key, owner); twice {
					t.Error(key, "was carried out twice")
				}
				if err := s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{ID: owner}), noon); err != nil {
					t.Error(err)
				}
			}
		})
	}
	require.Eventually(t, func() bool { n := 0; done.Range(func(any, any) bool { n++; return true }); return n == 20 }, 30*time.Second, 10*time.Millisecond)
	stop()
	all.Wait()
}
