package bolt

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/cargo"
	"github.com/usherbot/usher/store/conform"
)

// TestWhatAStoreMustBe holds the file to all that rooms ask of a store. A life ends by being killed: the next one has
// a copy of the file as it stands, which nobody closed. Each file must be whole in the end.
func TestWhatAStoreMustBe(t *testing.T) {
	conform.Store(t, func(t testing.TB) conform.Place {
		p := &place{TB: t}
		return conform.Place{Open: p.open, Break: p.breaks.Break, Fill: func(during func()) { fill(p.last, during) }, Shut: p.shut}
	})
}

// place is where the lives of one database are, each in a folder of its own.
type place struct {
	testing.TB
	last   *Store
	breaks conform.Breaks
}

func (p *place) open(name string) store.Store {
	dir := p.TempDir()
	if p.last != nil {
		raw, err := os.ReadFile(p.last.path)
		require.NoError(p, err)
		require.NoError(p, os.WriteFile(filepath.Join(dir, File), raw, 0o600))
	}
	s := open(p, dir, Options{Queue: 64, Hook: p.breaks.Hook, Life: Life{ID: name}})
	p.Cleanup(func() { require.NoError(p, s.Check(ctx)) })
	p.last = s
	return s
}

// shut closes a copy of the file, as a program finds it that moves it after the last one was killed.
func (p *place) shut(mark cargo.Closed) (store.Store, error) {
	dir := p.TempDir()
	raw, err := os.ReadFile(p.last.path)
	require.NoError(p, err)
	require.NoError(p, os.WriteFile(filepath.Join(dir, File), raw, 0o600))
	b, err := Reach(ctx, dir)
	require.NoError(p, err)
	require.NoError(p, errors.Join(b.Shut(ctx, mark), b.Release()))
	_, refused := Open(dir, Options{})
	s, err := OpenReadOnly(dir)
	require.NoError(p, err)
	p.Cleanup(func() { require.NoError(p, s.Close()) })
	return s, refused
}

// fill lets one transaction hold the writer, and others all the places of the queue.
func fill(s *Store, during func()) {
	hold, held := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	defer all.Wait()
	defer close(hold)
	all.Go(func() { _ = s.Update(ctx, func(approvals.Tx) error { close(held); <-hold; return nil }) })
	<-held
	for range cap(s.ops) {
		all.Go(func() { _ = s.Update(ctx, func(approvals.Tx) error { return nil }) })
	}
	for len(s.ops) < cap(s.ops) {
		runtime.Gosched()
	}
	during()
}
