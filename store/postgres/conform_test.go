package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/cargo"
	"github.com/usherbot/usher/store/conform"
	"github.com/usherbot/usher/test/postgres"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

var ctx = context.Background()

// open opens a database, and closes it when the test ends.
func open(t testing.TB, url string, opt Options) *Store {
	t.Helper()
	s, err := Open(ctx, apiclient.Secret(url), opt)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// shed is databases with the schema and nothing in them. To empty one that was used is cheaper than to make another.
type shed struct {
	testing.TB
	free chan string
}

func newShed(t testing.TB) *shed { return &shed{t, make(chan string, 16)} }

// empty is one that nobody else has until the test ends.
func (s *shed) empty(t testing.TB) (url string) {
	select {
	case url = <-s.free:
	default:
		url = postgres.Database(s, "") // of the whole test, to outlive this one
		made, err := Open(ctx, apiclient.Secret(url), Options{})
		require.NoError(t, err)
		require.NoError(t, made.Close())
	}
	t.Cleanup(func() {
		postgres.Exec(t, url, "truncate usher.requests, usher.seen, usher.audit, usher.intents, usher.receipts, usher.meta, usher.shelf, usher.removed, usher.beside, usher.pace, usher.locks, usher.nodes")
		postgres.Exec(t, url, "update usher.gate set number = 0, closed = null")
		postgres.Exec(t, url, "update usher.head set seq = 0, hash = ''")
		s.free <- url
	})
	return url
}

// TestWhatAStoreMustBe holds the database to all that rooms ask of a store. A life ends by being killed: the next one has
// connections of its own, nobody closes those of the last before the test ends, and what that held has lapsed. Each log must be whole in
// the end.
func TestWhatAStoreMustBe(t *testing.T) {
	all := newShed(t)
	conform.Store(t, func(t testing.TB) conform.Place {
		p := &place{TB: t, url: all.empty(t), lease: time.Hour}
		return conform.Place{Open: func(name string) store.Store { return p.open(name) }, Beside: func() store.Store { return p.life("") }, Lapse: func() { runOut(t, p.url) },
			Break: p.breaks.Break, Fill: func(during func()) { fill(during, p.last) }, Shut: p.shut}
	})
}

// place is where the lives of one database are.
type place struct {
	testing.TB
	url    string
	lease  time.Duration
	last   *Store
	lives  int
	breaks conform.Breaks
}

func (p *place) open(name string) *Store {
	runOut(p, p.url)
	s := p.life(name)
	p.Cleanup(func() { require.NoError(p, s.Check(ctx)) })
	p.last = s
	return s
}

// life is a store that has an owner of its own.
func (p *place) life(name string) *Store {
	p.lives++
	return open(p, p.url, Options{Queue: 64, Connections: 4, Hook: p.breaks.Hook, Owner: fmt.Sprint("life ", p.lives), Lease: p.lease, Life: store.Life{ID: name}})
}

// shut closes the database beneath the last life.
func (p *place) shut(mark cargo.Closed) (store.Store, error) {
	b, err := Reach(ctx, apiclient.Secret(p.url), Leaving)
	require.NoError(p, err)
	require.NoError(p, errors.Join(b.Shut(ctx, mark), b.Release()))
	_, refused := Open(ctx, apiclient.Secret(p.url), Options{})
	s, err := OpenReadOnly(ctx, apiclient.Secret(p.url))
	require.NoError(p, err)
	p.Cleanup(func() { require.NoError(p, s.Close()) })
	return s, refused
}

// fill lets transactions hold all the places of each store.
func fill(during func(), stores ...*Store) {
	hold := make(chan struct{})
	var all sync.WaitGroup
	defer all.Wait()
	defer close(hold)
	for _, s := range stores {
		for range cap(s.room) {
			all.Go(func() { _ = s.Update(ctx, func(approvals.Tx) error { <-hold; return nil }) })
		}
		for len(s.room) < cap(s.room) {
			runtime.Gosched()
		}
	}
	during()
}
