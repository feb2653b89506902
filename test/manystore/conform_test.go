package manystore_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/conform"
	"github.com/usherbot/usher/test/manystore"
)

// TestWhatAStoreMustBe holds the stand-in to what store/postgres is held to, alone and as several stores on one database.
func TestWhatAStoreMustBe(t *testing.T) {
	conform.Store(t, func(t testing.TB) conform.Place {
		p := &place{TB: t, d: manystore.New(ramdisk.Folder(t), manystore.Options{Now: time.Now, Lease: time.Hour})}
		return conform.Place{Open: func(name string) store.Store { p.d.Lapse(); return p.open(name) }, Beside: func() store.Store { return p.open("") },
			Lapse: p.d.Lapse, Break: p.breaks.Break}
	})
}

// place is where the programs of one database are. None of them is closed before the test ends.
type place struct {
	testing.TB
	d      *manystore.Database
	breaks conform.Breaks
}

func (p *place) open(name string) store.Store {
	s, err := p.d.Open(bolt.Options{Log: slog.New(slog.DiscardHandler), Hook: p.breaks.Hook, Life: bolt.Life{ID: name}}, nil)
	require.NoError(p, err)
	p.Cleanup(func() { require.NoError(p, errors.Join(s.Check(context.Background()), s.Close())) })
	return s
}
