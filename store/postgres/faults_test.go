package postgres

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/test/postgres"
)

// askAnew keeps a request without looking for one that is there: run twice it is two.
func askAnew(s *Store, key string) (n int64, err error) {
	err = s.Update(ctx, func(tx approvals.Tx) error {
		if n, err = tx.Next(); err != nil {
			return err
		}
		if err := tx.Put(approvals.Request{Number: n, Requester: "U0ALICE", Origin: approvals.Origin{Key: key}, State: approvals.Pending}); err != nil {
			return err
		}
		return tx.Audit(approvals.Entry{Actor: "U0ALICE", What: "asked", Request: n})
	})
	return n, err
}

// once holds what is in a database to requests that were asked once each.
func once(t *testing.T, url string, keys ...string) {
	t.Helper()
	s := open(t, url, Options{})
	for i, key := range keys {
		r, err := s.Keyed(ctx, key)
		require.NoError(t, err)
		require.EqualValues(t, i+1, r.Number)
	}
	list, err := s.Requests(ctx, approvals.Filter{All: true}, 100)
	require.NoError(t, err)
	require.Len(t, list, len(keys))
	head, err := s.Head(ctx)
	require.NoError(t, err)
	require.EqualValues(t, len(keys), head.Seq)
	require.NoError(t, s.Check(ctx))
}

// TestALostCommitIsAskedAfter: what the server committed without being able to say so is not done again, and what it never
// heard of is; the caller sees neither. What was kept and can't be asked after is unknown, and there once it can be read.
func TestALostCommitIsAskedAfter(t *testing.T) {
	all := newShed(t)
	for name, fates := range map[string][]fate{"never heard": {swallowed}, "not answered": {unanswered}, "twice never heard": {swallowed, swallowed},
		"first one, then the other": {swallowed, unanswered}} {
		t.Run(name, func(t *testing.T) {
			url := all.empty(t)
			p, through := between(t, url)
			s := open(t, through, Options{})
			for _, f := range fates {
				p.commits <- f
			}
			n, err := askAnew(s, "key")
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
			require.EqualValues(t, len(fates), p.cut.Load())
			n, err = askAnew(s, "next")
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
			once(t, url, "key", "next")
		})
	}
	t.Run("with no other connection to ask on", func(t *testing.T) {
		url := all.empty(t)
		p, through := between(t, url)
		s := open(t, through, Options{Connections: 1})
		p.commits <- unanswered
		_, err := askAnew(s, "key")
		require.NoError(t, err)
		once(t, url, "key")
	})
	t.Run("kept, and nobody can be asked", func(t *testing.T) {
		url := all.empty(t)
		p, through := between(t, url)
		s := open(t, through, Options{askWithin: 200 * time.Millisecond})
		p.shutAfter.Store(true)
		p.commits <- unanswered
		_, err := ask(s, "key")
		require.ErrorIs(t, err, approvals.ErrUnknownOutcome)
		p.shut.Store(false)
		n, err := ask(s, "key")
		require.NoError(t, err)
		require.EqualValues(t, 1, n, "it finds what was kept")
		once(t, url, "key")
	})
	t.Run("in another history nobody can say", func(t *testing.T) {
		s := open(t, all.empty(t), Options{})
		var kept mark
		require.NoError(t, s.pool.QueryRow(ctx, "select pg_current_xact_id()::text, "+itsHistory).Scan(&kept.xid, &kept.history))
		for asked, want := range map[mark]string{kept: "committed", {kept.xid, "000000FF"}: "", {"3", kept.history}: ""} {
			status, err := s.status(ctx, asked)
			require.NoError(t, err)
			require.Equal(t, want, status, asked)
		}
	})
}

// TestACrowdWhoseCommitsAreLost: each of them is kept once, whichever answer it lost, at two stores through one line.
func TestACrowdWhoseCommitsAreLost(t *testing.T) {
	url := newShed(t).empty(t)
	p, through := between(t, url)
	stores := []*Store{open(t, through, Options{Connections: 3}), open(t, through, Options{Connections: 3})}
	for i := range cap(p.commits) {
		p.commits <- []fate{unanswered, swallowed, unanswered}[i%3]
	}
	var all sync.WaitGroup
	answers := make([]error, 40)
	for i := range answers {
		all.Go(func() { _, answers[i] = askAnew(stores[i%2], fmt.Sprint("key", i)) })
	}
	all.Wait()
	for _, err := range answers {
		require.NoError(t, err)
	}
	require.EqualValues(t, cap(p.commits), p.cut.Load())
	s := open(t, url, Options{})
	list, err := s.Requests(ctx, approvals.Filter{All: true}, 100)
	require.NoError(t, err)
	require.Len(t, list, len(answers))
	require.EqualValues(t, len(answers), list[0].Number)
	verify(t, s)
	require.NoError(t, s.Check(ctx))
}

// TestConnectionsThatBreakBeforeCommit, in the middle of a transaction and while they lie idle, are made anew, and fn is run again.
func TestConnectionsThatBreakBeforeCommit(t *testing.T) {
	all := newShed(t)
	url := all.empty(t)
	p, through := between(t, url)
	s := open(t, through, Options{})
	runs := 0
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
		if runs++; runs == 1 {
			p.cutAll()
		}
		if err := tx.Put(approvals.Request{Number: 1, State: approvals.Pending, Origin: approvals.Origin{Key: "key"}}); err != nil {
			return approvals.ErrNoRequest // whatever fn makes of it
		}
		return tx.Audit(approvals.Entry{Actor: approvals.Usher, What: "asked"})
	}))
	require.Equal(t, 2, runs)
	p.cutAll()
	_, err := s.Keyed(ctx, "key")
	require.NoError(t, err)
	p.cutAll()
	require.NoError(t, s.Promise(ctx, outbox.Promise("card/1", time.Unix(0, 0))))
	once(t, url, "key")
}

// TestAProgramThatIsPausedHoldsNobodyUp for longer than the server waits for it. When it goes on, nothing of what it had
// begun is kept, and it begins anew.
func TestAProgramThatIsPausedHoldsNobodyUp(t *testing.T) {
	url := newShed(t).empty(t)
	paused, other := open(t, url, Options{idle: 300 * time.Millisecond}), open(t, url, Options{})
	runs := 0
	require.NoError(t, paused.Update(ctx, func(tx approvals.Tx) error {
		n, err := tx.Next()
		if err != nil {
			return err
		}
		if runs++; runs == 1 {
			paused.opt.idle = idle // a busy machine may pause the next run too
			if _, err := ask(other, "other"); err != nil {
				return err
			}
		}
		if err := tx.Put(approvals.Request{Number: n, State: approvals.Pending, Origin: approvals.Origin{Key: "paused"}}); err != nil {
			return err
		}
		return tx.Audit(approvals.Entry{Actor: approvals.Usher, What: "asked"})
	}))
	require.Equal(t, 2, runs)
	once(t, url, "other", "paused")
}

// TestACommitWaitsForTheDisk, though the database was told that none need.
func TestACommitWaitsForTheDisk(t *testing.T) {
	for was, want := range map[string]string{"off": "on", "on": "on", "remote_write": "remote_write"} {
		url := postgres.Database(t, "")
		postgres.Exec(t, url, "do $$ begin execute 'alter database ' || current_database() || ' set synchronous_commit = "+was+"'; end $$")
		s := open(t, url, Options{})
		for _, run := range []func(context.Context, func(*txn) error) error{s.decide, s.note} {
			require.NoError(t, run(ctx, func(tx *txn) error {
				is := ""
				_, err := tx.one(&is, "select current_setting('synchronous_commit')")
				require.Equal(t, want, is)
				return err
			}))
		}
	}
}

// TestWhoStopsWaitingLeavesNothingHalf: in the middle of a transaction nothing is kept; once it commits it does, and is said to.
func TestWhoStopsWaitingLeavesNothingHalf(t *testing.T) {
	url := newShed(t).empty(t)
	for _, at := range []string{"in fn", "before commit"} {
		waiting, stop := context.WithCancel(ctx)
		hook := func(point string) error {
			if point == at {
				stop()
			}
			return nil
		}
		s := open(t, url, Options{Hook: hook, Connections: 1})
		err := s.Update(waiting, func(tx approvals.Tx) error {
			if err := tx.Put(approvals.Request{Number: 1, State: approvals.Pending, Origin: approvals.Origin{Key: "key"}}); err != nil {
				return err
			}
			if at == "in fn" {
				stop()
			}
			return tx.Audit(approvals.Entry{Actor: approvals.Usher, What: "asked"})
		})
		if at == "in fn" {
			require.ErrorIs(t, err, context.Canceled)
			require.NotErrorIs(t, err, approvals.ErrUnknownOutcome)
			once(t, url)
			continue
		}
		require.NoError(t, err)
		once(t, url, "key")
	}
}

// TestWhatTheServerTakesBackIsRunAgain: a few times; one that is taken back for ever is busy, and keeps nothing.
func TestWhatTheServerTakesBackIsRunAgain(t *testing.T) {
	all := newShed(t)
	for _, sqlstate := range []string{"40001", "40P01", "55P03"} {
		t.Run(sqlstate, func(t *testing.T) {
			url := all.empty(t)
			s := open(t, url, Options{})
			fails(t, url, sqlstate, 3)
			runs := 0
			require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
				runs++
				return tx.Audit(approvals.Entry{Actor: approvals.Usher, What: "one"})
			}))
			require.Equal(t, 4, runs)
			mends(t, url)
			require.NoError(t, s.Check(ctx))
		})
	}
	url := all.empty(t)
	fails(t, url, "40P01", 1000)
	_, err := ask(open(t, url, Options{}), "key")
	require.ErrorIs(t, err, approvals.ErrBusy)
	mends(t, url)
	once(t, url)
}

// TestADiskThatIsFull is an error that says so, keeps nothing, and is over when it is.
func TestADiskThatIsFull(t *testing.T) {
	url := newShed(t).empty(t)
	s := open(t, url, Options{})
	fails(t, url, "53100", 1000)
	_, err := ask(s, "key")
	require.Equal(t, "53100", code(err))
	require.NotErrorIs(t, err, approvals.ErrUnknownOutcome)
	mends(t, url)
	n, err := ask(s, "key")
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	once(t, url, "key")
}

// fails lets the next so many appendings to the log fail as a server fails.
func fails(t *testing.T, url, sqlstate string, times int) {
	t.Helper()
	mends(t, url)
	for _, sql := range []string{"create sequence public.faults", fmt.Sprintf(`create function public.fault() returns trigger language plpgsql as $$ begin
		if nextval('public.faults') <= %d then raise exception 'as it was told' using errcode = '%s'; end if; return new; end $$`, times, sqlstate),
		"create trigger fault before insert on usher.audit for each row execute function public.fault()"} {
		postgres.Exec(t, url, sql)
	}
}

func mends(t *testing.T, url string) {
	t.Helper()
	for _, sql := range []string{"drop trigger if exists fault on usher.audit", "drop function if exists public.fault", "drop sequence if exists public.faults"} {
		postgres.Exec(t, url, sql)
	}
}
