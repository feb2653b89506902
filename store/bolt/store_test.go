package bolt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
)

func open(t *testing.T, dir string, opt Options) *Store {
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
		r := approvals.Request{Number: n, Origin: approvals.Origin{Key: key}, Requester: "U0ALICE", Action: approvals.Create,
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

func TestRequestsSurviveReopening(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	for i := range 5 {
		n, err := ask(s, fmt.Sprint("key", i), "Jane@Acme.example")
		require.NoError(t, err)
		require.EqualValues(t, i+1, n)
	}
	require.NoError(t, s.Check(ctx))
	require.NoError(t, s.Close())
	s = open(t, dir, Options{})
	require.NoError(t, s.Check(ctx))
	again, err := ask(s, "key3", "jane@acme.example")
	require.NoError(t, err)
	require.EqualValues(t, 4, again, "an origin key finds its request after a restart")
	list, err := s.Requests(ctx, approvals.Filter{Of: "U0ALICE"}, 3)
	require.NoError(t, err)
	require.Equal(t, []int64{5, 4, 3}, []int64{list[0].Number, list[1].Number, list[2].Number})
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
		open, err := tx.OpenFor("seranking", " jane@ACME.example ")
		require.Len(t, open, 5)
		return err
	}))
}

func TestAFailedFunctionLeavesNothingAndSparesTheOthers(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	boom := errors.New("boom")
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			err := s.Update(ctx, func(tx approvals.Tx) error {
				n, err := tx.Next()
				if err != nil {
					return err
				}
				if i%3 == 0 {
					// Written, then refused: the writing must not stay.
					return errors.Join(boom, tx.Put(approvals.Request{Number: n + 1000, State: approvals.Pending}))
				}
				return nil
			})
			if i%3 == 0 {
				require.ErrorIs(t, err, boom)
				return
			}
			_, err = ask(s, fmt.Sprint(i), fmt.Sprintf("p%d@acme.example", i))
			require.NoError(t, err)
		})
	}
	all.Wait()
	require.NoError(t, s.Check(ctx))
	list, err := s.Requests(ctx, approvals.Filter{}, 100)
	require.NoError(t, err)
	require.Len(t, list, 40)
}

func TestAPanicInATransactionIsAnError(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	require.ErrorContains(t, s.Update(ctx, func(approvals.Tx) error { panic("oh") }), "panic in a transaction: oh")
	_, err := ask(s, "k", "jane@acme.example")
	require.NoError(t, err)
}

func TestACommitErrorMeansUnknownAndTheNextReadTellsTheTruth(t *testing.T) {
	for _, row := range []struct {
		point string
		kept  bool
	}{{"before commit", false}, {"after commit", true}} {
		t.Run(row.point, func(t *testing.T) {
			fail := false
			s := open(t, t.TempDir(), Options{Hook: func(point string) error {
				if fail && point == row.point {
					fail = false
					return errors.New("input/output error")
				}
				return nil
			}})
			fail = true
			_, err := ask(s, "k", "jane@acme.example")
			require.ErrorIs(t, err, approvals.ErrUnknownOutcome)
			_, err = s.Request(ctx, 1)
			require.Equal(t, row.kept, err == nil)
			n, err := ask(s, "k", "jane@acme.example")
			require.NoError(t, err)
			require.EqualValues(t, 1, n, "asking again under the same key makes no second request")
			require.NoError(t, s.Check(ctx))
		})
	}
}

func TestAFullQueueIsBusy(t *testing.T) {
	hold, held := make(chan struct{}), make(chan struct{})
	s := open(t, t.TempDir(), Options{Queue: 1})
	var all sync.WaitGroup
	all.Go(func() {
		_ = s.Update(ctx, func(approvals.Tx) error { close(held); <-hold; return nil })
	})
	<-held
	early, cancel := context.WithCancel(ctx)
	all.Go(func() {
		err := s.Update(early, func(approvals.Tx) error { return nil })
		require.ErrorIs(t, err, context.Canceled)
	})
	for len(s.ops) == 0 {
		// The second transaction is on its way into the queue.
	}
	require.ErrorIs(t, s.Update(ctx, func(approvals.Tx) error { return nil }), approvals.ErrBusy)
	cancel()
	close(hold)
	all.Wait()
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
