package bolt

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
)

func open(t testing.TB, dir string, opt Options) *Store {
	t.Helper()
	opt.Log = slog.New(slog.DiscardHandler)
	s, err := Open(dir, opt)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// ask puts a request into the book the way the Desk does.
func ask(s *Store, key, email string) (n int64, err error) {
	err = s.Update(ctx, func(tx approvals.Tx) error {
		if n, err = tx.Keyed(key); n != 0 || err != nil {
			return err
		}
		if n, err = tx.Next(); err != nil {
			return err
		}
		r := approvals.Request{Number: n, Origin: approvals.Origin{Key: key}, Requester: "U0ALICE", Action: catalog.Create,
			App: approvals.App{ID: "seranking"}, Change: approvals.Change{Email: email}, Asked: noon, Expires: noon.Add(time.Hour), State: approvals.Pending}
		if err := tx.Put(r); err != nil {
			return err
		}
		if err := tx.Audit(approvals.Entry{At: noon, Actor: "U0ALICE", What: "asked", Request: n, After: r.State}); err != nil {
			return err
		}
		return errors.Join(tx.Change(outbox.Promise(approvals.CardKey(n), noon)), tx.Change(outbox.Promise(approvals.ExpireKey(n), r.Expires)))
	})
	return n, err
}

func TestAPanicInATransactionIsAnError(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	require.ErrorContains(t, s.Update(ctx, func(approvals.Tx) error { panic("oh") }), "panic in a transaction: oh")
	_, err := ask(s, "k", "jane@acme.example")
	require.NoError(t, err)
}

// TestWhoStopsWaitingInTheQueueIsNotServed: when the turn comes of what they asked, it is not run.
func TestWhoStopsWaitingInTheQueueIsNotServed(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	hold, held := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { _ = s.Update(ctx, func(approvals.Tx) error { close(held); <-hold; return nil }) })
	<-held
	waiting, leave := context.WithCancel(ctx)
	answer := make(chan error)
	go func() { answer <- s.Update(waiting, func(approvals.Tx) error { panic("nobody waits for it") }) }()
	for len(s.ops) == 0 {
		runtime.Gosched() // it is on its way into the queue
	}
	leave()
	err := <-answer
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, approvals.ErrUnknownOutcome)
	close(hold)
	all.Wait()
	require.NoError(t, s.Check(ctx))
}

func TestOpenErrorsAreSentences(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	_, err := Open(dir, Options{LockWait: time.Millisecond})
	require.ErrorIs(t, err, ErrLocked)
	require.ErrorContains(t, err, "is `usher run` already running?")
	require.NoError(t, s.Close())

	damaged := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(damaged, File), make([]byte, 1<<15), 0o600))
	_, err = Open(damaged, Options{})
	require.ErrorIs(t, err, ErrDamaged)
	require.ErrorContains(t, err, "usher restore")

	newer := t.TempDir()
	require.NoError(t, open(t, newer, Options{}).Close())
	db, err := bbolt.Open(filepath.Join(newer, File), 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(bMeta).Put(kVersion, []byte("99")) }))
	require.NoError(t, db.Close())
	_, err = Open(newer, Options{})
	require.ErrorIs(t, err, ErrNewer)
}

func TestTheFileIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	open(t, dir, Options{})
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, File): 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, want, info.Mode().Perm(), path)
	}
}

func TestCheckSeesDamage(t *testing.T) {
	for name, hurt := range map[string]func(tx *bbolt.Tx) error{
		"index row lost":     func(tx *bbolt.Tx) error { return tx.Bucket(bState).Delete(append(prefix("pending"), number(1)...)) },
		"index row extra":    func(tx *bbolt.Tx) error { return tx.Bucket(bPerson).Put(append(prefix("U0X"), number(1)...), nil) },
		"card forgotten":     func(tx *bbolt.Tx) error { return (&txn{tx: tx}).drop("card/1") },
		"timer forgotten":    func(tx *bbolt.Tx) error { return (&txn{tx: tx}).drop("expire/1") },
		"due row lost":       func(tx *bbolt.Tx) error { k, _ := tx.Bucket(bDue).Cursor().First(); return tx.Bucket(bDue).Delete(k) },
		"audit changed":      func(tx *bbolt.Tx) error { return tx.Bucket(bAudit).Put(number(1), []byte(`{"seq":1}`)) },
		"audit cut":          func(tx *bbolt.Tx) error { return tx.Bucket(bAudit).Delete(number(1)) },
		"request unreadable": func(tx *bbolt.Tx) error { return tx.Bucket(bRequests).Put(number(1), []byte("{")) },
		"state changed without audit": func(tx *bbolt.Tx) error {
			x := &txn{tx: tx}
			r, err := x.Request(1)
			r.State = approvals.Canceled
			return errors.Join(err, x.Put(r), x.drop("expire/1"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir(), Options{})
			_, err := ask(s, "k", "jane@acme.example")
			require.NoError(t, err)
			require.NoError(t, s.Check(ctx))
			require.NoError(t, s.db.Update(hurt))
			require.Error(t, s.Check(ctx))
		})
	}
}
