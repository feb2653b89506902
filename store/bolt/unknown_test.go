package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	byapi "github.com/usherbot/usher/provision/seranking"
)

// failing is a store whose next commit fails at a point of the Hook, once armed.
func failing(t *testing.T, point string) (s *Store, arm func()) {
	t.Helper()
	armed := false
	s = open(t, t.TempDir(), Options{Hook: func(at string) error {
		if armed && at == point {
			armed = false
			return errors.New("input/output error")
		}
		return nil
	}})
	return s, func() { armed = true }
}

// TestARefusalThatRestsOnALostCommitIsNotTold: two in one group, the second refused because of what
// the first wrote. The commit fails, so the second may not hear of something that is not so.
func TestARefusalThatRestsOnALostCommitIsNotTold(t *testing.T) {
	s, arm := failing(t, "before commit")
	hold, held := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { _ = s.Update(ctx, func(approvals.Tx) error { close(held); <-hold; return nil }) })
	<-held
	arm()
	all.Go(func() {
		_, err := ask(s, "k", "jane@acme.example")
		require.ErrorIs(t, err, approvals.ErrUnknownOutcome)
	})
	for len(s.ops) == 0 {
		// The first is on its way into the queue.
	}
	decided := errors.New("it is asked already")
	all.Go(func() {
		err := s.Update(ctx, func(tx approvals.Tx) error {
			if _, err := tx.Request(1); err == nil {
				return decided
			}
			return nil
		})
		require.ErrorIs(t, err, approvals.ErrUnknownOutcome)
		require.NotErrorIs(t, err, decided)
	})
	for len(s.ops) < 2 {
		// So is the second.
	}
	close(hold)
	all.Wait()
	_, err := s.Request(ctx, 1)
	require.ErrorIs(t, err, approvals.ErrNoRequest)
}

// TestWhatWasKeptIsNotRefusedToTheOneWhoDidIt: the commit says that it failed and was kept; running
// it once more finds its own work, and that is a yes.
func TestWhatWasKeptIsNotRefusedToTheOneWhoDidIt(t *testing.T) {
	s, arm := failing(t, "after commit")
	desk := &approvals.Desk{Apps: []approvals.App{{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}}, Book: s, Directory: everybody{}, Wake: func() {}, Log: slog.New(slog.DiscardHandler)}
	_, err := ask(s, "k", "jane@acme.example")
	require.NoError(t, err)
	arm()
	r, err := desk.Override(ctx, 1, approvals.Overridden{By: approvals.OSUser("root"), Yes: true, Reason: "Bob is away"}, "socket", noon)
	require.NoError(t, err)
	require.Equal(t, approvals.Approved, r.State)
	arm()
	r, err = desk.Record(ctx, 1, approvals.Begun{}, noon.Add(time.Second))
	require.NoError(t, err)
	require.Equal(t, approvals.Running, r.State)
	_, err = desk.Record(ctx, 1, approvals.Begun{}, noon.Add(time.Minute))
	require.ErrorIs(t, err, approvals.ErrNotNow, "another run of the same deed is past that")
	require.NoError(t, s.Check(ctx))
}

// TestWhoHasGoneIsNotServedOnceMore: a group is run again without the one that failed, and by then nobody waits for another of it. What
// their function set was theirs to read from the moment they went.
func TestWhoHasGoneIsNotServedOnceMore(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	hold, held, gone := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { _ = s.Update(ctx, func(approvals.Tx) error { close(held); <-hold; return nil }) })
	<-held
	waiting, leave := context.WithCancel(ctx)
	all.Go(func() {
		runs := 0 // the race detector sees whether it is set by anybody after Update
		err := s.Update(waiting, func(tx approvals.Tx) error { runs++; return tx.Audit(approvals.Entry{Actor: "U0ALICE", What: "asked"}) })
		runs++
		require.ErrorIs(t, err, approvals.ErrUnknownOutcome)
		require.Equal(t, 2, runs)
		close(gone)
	})
	for len(s.ops) < 1 {
		runtime.Gosched() // it is on its way into the queue
	}
	own := errors.New("no")
	all.Go(func() {
		err := s.Update(ctx, func(tx approvals.Tx) error {
			leave()
			<-gone
			return errors.Join(own, tx.Audit(approvals.Entry{Actor: "U0BOB", What: "asked"}))
		})
		require.ErrorIs(t, err, own)
	})
	for len(s.ops) < 2 {
		runtime.Gosched() // so is this
	}
	close(hold)
	all.Wait()
	head, err := s.Head(ctx)
	require.NoError(t, err)
	require.Zero(t, head.Seq, "nothing was kept of either")
}

// TestAFileTakenAwayIsNotMadeAnew: a store that must reopen its file and does not find it says so, and
// whoever comes first goes on when it is back, be it only to read.
func TestAFileTakenAwayIsNotMadeAnew(t *testing.T) {
	s, arm := failing(t, "after commit")
	_, err := ask(s, "a", "jane@acme.example")
	require.NoError(t, err)
	require.NoError(t, os.Rename(s.path, s.path+".away"))
	arm()
	_, err = ask(s, "b", "jane@acme.example")
	require.ErrorIs(t, err, approvals.ErrUnknownOutcome)
	_, err = s.Request(ctx, 1)
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = ask(s, "c", "jane@acme.example")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NotErrorIs(t, err, approvals.ErrUnknownOutcome, "nothing can have been kept")
	require.NoFileExists(t, s.path)
	require.NoError(t, os.Rename(s.path+".away", s.path))
	r, err := s.Request(ctx, 2)
	require.NoError(t, err)
	require.Equal(t, "b", r.Origin.Key)
	require.NoError(t, s.Check(ctx))
}

// TestADamagedFileIsAnErrorNotACrash: cut short, emptied, or a page of it overwritten. A page that
// nobody uses may be anything.
func TestADamagedFileIsAnErrorNotACrash(t *testing.T) {
	whole := filled(t)
	pages := len(whole) / os.Getpagesize()
	seen := 0
	for p := range pages {
		for _, with := range []byte{0, 0xff} {
			hurt := bytes.Clone(whole)
			copy(hurt[p*os.Getpagesize():], bytes.Repeat([]byte{with}, os.Getpagesize()))
			if err := opened(t, hurt); err != nil {
				seen++
			}
		}
		if err := opened(t, whole[:p*os.Getpagesize()]); p < pages/2 {
			require.ErrorIs(t, err, ErrDamaged, "cut to %d pages", p)
		}
	}
	require.Greater(t, seen, pages, "of %d pages overwritten twice", pages)
	require.NoError(t, opened(t, whole))
}

// filled is the file of a database with many requests in it.
func filled(t *testing.T) []byte {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	for i := range 60 {
		_, err := ask(s, fmt.Sprint(i), "jane@acme.example")
		require.NoError(t, err)
	}
	require.NoError(t, s.Close())
	raw, err := os.ReadFile(filepath.Join(dir, File))
	require.NoError(t, err)
	return raw
}

// opened is what comes of opening and checking a file.
func opened(t *testing.T, raw []byte) error {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, File), raw, 0o600))
	s, err := Open(dir, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return errors.Join(s.Check(ctx), s.Close())
}
