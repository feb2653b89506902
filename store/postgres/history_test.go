package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/test/postgres"
)

// cut is a database whose end can be cut off under the stores that are open on it, as a failover to a standby does that lacks
// it: a copy of it takes its place. A server's history stands for which of the two it is.
type cut struct {
	*testing.T
	at, copy string
	// told is what people are told of, by the name of the store that told it; mu guards it.
	mu   sync.Mutex
	told map[string][]Failover
}

const ofThisDatabase = "(select oid::text from pg_database where datname = current_database())"

func newCut(t *testing.T) *cut {
	t.Parallel()
	c := &cut{T: t, at: postgres.Database(t, ""), told: map[string][]Failover{}}
	open(t, c.at, Options{}) // so that there is something to copy
	return c
}

// replica opens it as a program does that runs.
func (c *cut) replica(name string) *Store { return open(c, c.at, c.options(name)) }

func (c *cut) options(name string) Options {
	return Options{Life: store.Life{ID: "a life"}, Owner: name, Lease: time.Hour, Random: rand.NewChaCha8([32]byte{}), history: ofThisDatabase,
		Failover: func(f Failover) ([]outbox.Change, error) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.told[name] = append(c.told[name], f)
			return []outbox.Change{outbox.AtOnce(fmt.Sprintf("alarm/failover/%s/%d", name, len(f.Gone)), 0, f.At)}, nil
		},
		Note: func(outbox.Intent) json.RawMessage { return json.RawMessage(`"perhaps"`) }}
}

// follows is how much of it the standby has.
func (c *cut) follows() {
	c.Helper()
	c.drops(name(c, c.at))
	c.copy = postgres.Create(c, c.server(), c.at)
}

// falls puts the standby in its place.
func (c *cut) falls() {
	c.Helper()
	was := name(c, c.at)
	c.drops(was)
	postgres.Exec(c, c.server(), "alter database "+was+" rename to "+was+"_was")
	postgres.Exec(c, c.server(), "alter database "+name(c, c.copy)+" rename to "+was)
	c.Cleanup(func() { postgres.Exec(c, c.server(), "drop database "+was+"_was with (force)") })
}

// drops ends every connection to a database.
func (c *cut) drops(name string) {
	c.Helper()
	postgres.Value(c, c.server(), "select count(pg_terminate_backend(pid, 10000))::text from pg_stat_activity where datname = '"+name+"'")
}

// server is the address of another database on the same server.
func (c *cut) server() string {
	u, err := url.Parse(c.at)
	require.NoError(c, err)
	u.Path = "/postgres"
	return u.String()
}

func name(t *cut, at string) string {
	u, err := url.Parse(at)
	require.NoError(t, err)
	return strings.TrimPrefix(u.Path, "/")
}

// asks opens a request with its card.
func (c *cut) asks(s *Store, who approvals.Actor) (n int64) {
	c.Helper()
	require.NoError(c, s.Update(ctx, func(tx approvals.Tx) (err error) {
		if n, err = tx.Next(); err != nil {
			return err
		}
		if err := tx.Put(approvals.Request{Number: n, State: approvals.Pending, Requester: who.Person(), Asked: time.Now().UTC()}); err != nil {
			return err
		}
		if err := tx.Change(outbox.AtOnce(approvals.CardKey(n), n, time.Now())); err != nil {
			return err
		}
		return tx.Audit(approvals.Entry{At: time.Now(), Actor: who, What: "asked", Request: n, After: approvals.Pending})
	}))
	return n
}

// gone are the entries of which a store told that they are gone: who did what with which request.
func (c *cut) gone(name string) (gone []string) {
	for _, f := range c.told[name] {
		for _, e := range f.Gone {
			gone = append(gone, fmt.Sprintf("%s %s #%d", e.Actor, e.What, e.Request))
		}
	}
	return gone
}

// whole proves the database, and says what the log has of failovers.
func (c *cut) whole(s *Store) (gaps []store.Gap) {
	c.Helper()
	require.NoError(c, s.Check(ctx))
	require.NoError(c, s.VerifyLog(ctx))
	require.NoError(c, s.AuditLines(ctx, 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		require.NoError(c, json.Unmarshal(line, &e))
		if e.What == store.WentOn {
			var gap store.Gap
			require.NoError(c, json.Unmarshal(e.Detail, &gap))
			gaps = append(gaps, gap)
		}
		return nil
	}))
	return gaps
}

// TestWhatAFailoverLostIsFound by whoever kept it, or has read it, each entry once among all.
func TestWhatAFailoverLostIsFound(t *testing.T) {
	c := newCut(t)
	first, second := c.replica("first"), c.replica("second")
	c.asks(first, "U0ALICE")
	c.follows()
	c.asks(first, "U0ALICE")
	c.asks(second, "U0DAVE")
	late := c.replica("late") // has read both
	c.asks(second, "U0ERIN")
	was, err := first.Claim(ctx, approvals.CardKey(1), time.Now())
	require.NoError(t, err)
	c.falls()

	require.NoError(t, late.recognise(ctx), "nobody has anything to keep")
	require.Equal(t, []string{"U0ALICE asked #2", "U0DAVE asked #3"}, c.gone("late"))
	require.True(t, c.told["late"][0].First && c.told["late"][0].Seen)
	require.EqualValues(t, 104, c.asks(first, "U0ALICE"), "no number is given to two")
	require.Empty(t, c.told["first"], "what it knows was told")
	require.EqualValues(t, 105, c.asks(second, "U0ALICE"))
	require.Equal(t, []string{"U0ERIN asked #4"}, c.gone("second"))
	require.False(t, c.told["second"][0].First)
	for _, s := range []*Store{first, second, late} {
		require.NoError(t, s.recognise(ctx))
	}
	require.Len(t, c.told["late"], 1)
	require.Len(t, c.told["second"], 1)

	at := c.told["late"][0].Head
	require.Equal(t, []store.Gap{{Head: at, From: 2, To: 3}, {Head: at, From: 4, To: 4}}, c.whole(first))
	promised(t, first, "alarm/failover/late/2")
	promised(t, first, "alarm/failover/second/1")
	card := promised(t, first, approvals.CardKey(1))
	require.JSONEq(t, `"perhaps"`, string(card.Note))
	require.ErrorIs(t, first.Mark(ctx, was, nil), outbox.ErrGone, "nobody begins anything on a claim that is gone")
	now, err := second.Claim(ctx, card.Key, time.Now())
	require.NoError(t, err)
	require.False(t, now.Claimed.IsZero(), "it may have been posted")
	require.Greater(t, now.Token, was.Token)
}

// TestATokenIsGivenToOne, though the sequence that it is drawn from goes back with a failover.
func TestATokenIsGivenToOne(t *testing.T) {
	c := newCut(t)
	s := c.replica("first")
	c.asks(s, "U0ALICE")
	c.follows()
	var was outbox.Intent
	for range 50 {
		in, err := s.Claim(ctx, approvals.CardKey(1), time.Now())
		require.NoError(t, err)
		was = in
	}
	c.falls()
	now, err := s.Claim(ctx, approvals.CardKey(1), time.Now())
	require.NoError(t, err)
	require.Greater(t, now.Token, was.Token)
}

// TestAFailoverThatLostNothingKnown says so.
func TestAFailoverThatLostNothingKnown(t *testing.T) {
	c := newCut(t)
	s := c.replica("first")
	c.asks(s, "U0ALICE")
	c.follows()
	c.falls()
	require.EqualValues(t, 102, c.asks(s, "U0ALICE"))
	require.Len(t, c.told["first"], 1)
	require.Empty(t, c.told["first"][0].Gone)
	require.True(t, c.told["first"][0].Seen)
	require.Equal(t, []store.Gap{{Head: c.told["first"][0].Head}}, c.whole(s))
}

// TestAFailoverWhileNobodyRan is found at the start, once, and says that nobody can tell what is gone. One that only looks leaves it to
// that, and so does one that decides at rest.
func TestAFailoverWhileNobodyRan(t *testing.T) {
	c := newCut(t)
	s := c.replica("first")
	c.asks(s, "U0ALICE")
	c.follows()
	c.asks(s, "U0ALICE")
	require.NoError(t, s.Close())
	c.falls()
	looks := open(t, c.at, Options{history: ofThisDatabase})
	require.NoError(t, looks.Promise(ctx, outbox.AtOnce("tell/1/x", 1, time.Now())))
	for _, name := range []string{"second", "third"} {
		s = c.replica(name)
		require.Len(t, c.told["second"], 1)
		require.Empty(t, c.told["third"])
		require.Len(t, c.whole(s), 1)
	}
	require.False(t, c.told["second"][0].Seen)
	require.EqualValues(t, 1002, c.asks(s, "U0ALICE"))
	require.NoError(t, looks.Backup(context.Background(), &packed{}), "it moves on as any other")
}

// TestAFailoverThatIsCutOff leaves all of it to the next.
func TestAFailoverThatIsCutOff(t *testing.T) {
	c := newCut(t)
	var cuts atomic.Bool
	opt := c.options("first")
	opt.Hook = func(point string) error {
		if cuts.Load() && point == "before commit" {
			return errors.New("struck")
		}
		return nil
	}
	first, second := open(t, c.at, opt), c.replica("second")
	c.asks(second, "U0ALICE")
	c.follows()
	c.asks(second, "U0ALICE")
	c.falls()
	cuts.Store(true)
	require.ErrorContains(t, first.recognise(ctx), "struck")
	require.Empty(t, c.whole(open(t, c.at, Options{history: ofThisDatabase})), "nothing of it was kept")
	require.NoError(t, second.recognise(ctx))
	require.True(t, c.told["second"][0].First)
	require.Equal(t, []string{"U0ALICE asked #2"}, c.gone("second"))
	require.Len(t, c.whole(second), 1)
}

// TestTwoThatFindAFailoverAtOnce: the second waits for the first, and then knows what that found.
func TestTwoThatFindAFailoverAtOnce(t *testing.T) {
	c := newCut(t)
	reached, release := make(chan struct{}), make(chan struct{})
	var armed atomic.Bool
	opt := c.options("first")
	opt.Hook = func(point string) error {
		if point == "before commit" && armed.CompareAndSwap(true, false) {
			close(reached)
			<-release
		}
		return nil
	}
	first, second := open(t, c.at, opt), c.replica("second")
	c.asks(first, "U0ALICE")
	c.follows()
	c.asks(first, "U0DAVE")
	c.asks(second, "U0ERIN")
	c.falls()
	armed.Store(true)
	found := make(chan error, 2)
	go func() { found <- first.recognise(ctx) }()
	<-reached
	go func() { found <- second.recognise(ctx) }()
	require.Eventually(t, func() bool {
		return postgres.Value(t, c.server(), "select count(*)::text from pg_stat_activity where wait_event_type = 'Lock' and datname = '"+name(c, c.at)+"'") == "1"
	}, time.Minute, 5*time.Millisecond)
	close(release)
	require.NoError(t, errors.Join(<-found, <-found))
	require.Equal(t, []string{"U0DAVE asked #2"}, c.gone("first"))
	require.Equal(t, []string{"U0ERIN asked #3"}, c.gone("second"))
	next := c.told["second"][0]
	require.False(t, next.First)
	require.EqualValues(t, 1, next.Number, "the last request of the copy, and not of what has begun since")
	require.Equal(t, []int64{2}, next.Told)
}

// TestARestoreBeforeAFailoverIsAudited, though nobody ran between the two.
func TestARestoreBeforeAFailoverIsAudited(t *testing.T) {
	c := newCut(t)
	s := c.replica("first")
	c.asks(s, "U0ALICE")
	require.NoError(t, s.Close())
	postgres.Exec(t, c.at, `insert into usher.meta values ('restored', '{"at":"2026-11-23T11:00:00Z","by":"os:ada","number":1}')`)
	c.follows()
	c.falls()
	s = c.replica("second")
	require.Len(t, c.whole(s), 1)
	require.Equal(t, "2", postgres.Value(t, c.at, `select count(*)::text from usher.audit where convert_from(line, 'UTF8') like '%database %'`))
}

// TestAStandbyThatTakesOver is the same with a server's own standby: another timeline is another history.
func TestAStandbyThatTakesOver(t *testing.T) {
	t.Parallel()
	was := postgres.Own(t)
	by := postgres.Follower(t, was)
	c := &cut{T: t, told: map[string][]Failover{}}
	var p *proxy
	p, c.at = between(t, postgres.Create(t, was.URL("postgres"), ""))
	opt := c.options("first")
	opt.history = ""
	s := open(t, c.at, opt)
	c.asks(s, "U0ALICE")
	postgres.Fall(t, by, was)
	c.asks(s, "U0ALICE")
	require.NoError(t, was.Kill())
	postgres.Promote(t, by)
	p.to(by.Address())
	require.EqualValues(t, 103, c.asks(s, "U0ALICE"))
	require.Equal(t, []string{"U0ALICE asked #2"}, c.gone("first"))
	require.Len(t, c.whole(s), 1)
}

// TestAnOrdinaryUserMayReadTheHistory: who owns the database and nothing else can run on it.
func TestAnOrdinaryUserMayReadTheHistory(t *testing.T) {
	t.Parallel()
	at := postgres.Database(t, "")
	c := &cut{T: t, at: at}
	postgres.Exec(t, at, "do $$ begin create role ordinary login; exception when duplicate_object or unique_violation then null; end $$")
	postgres.Exec(t, at, "alter database "+name(c, at)+" owner to ordinary")
	u, err := url.Parse(at)
	require.NoError(t, err)
	u.User = url.User("ordinary")
	s := open(t, u.String(), Options{Life: store.Life{ID: "a life"}})
	require.EqualValues(t, 1, c.asks(s, "U0ALICE"))
	require.NotEmpty(t, postgres.Value(t, at, "select history from usher.gate"))
}

func promised(t *testing.T, s *Store, key string) outbox.Intent {
	t.Helper()
	list, err := s.Intents(ctx, key)
	require.NoError(t, err)
	require.NotEmpty(t, list)
	return list[0]
}

type packed struct{ n int }

func (p *packed) Write(raw []byte) (int, error) { p.n += len(raw); return len(raw), nil }
