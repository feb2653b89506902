// Package stops lets a test of a room end the program at any effect it has, over a real store, and start it again.
//
//	type house struct {
//		stops.Stops
//		store *bolt.Store
//	}
//	box := stops.Table{Store: h.store, Stops: &h.Stops}
//	h.Stop = 3
//	crashed := h.Crashes(h.work)
//
// It is for rooms that need nothing of the whole program; test/crash strikes that one.
package stops

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

// Stops counts what a program did outside itself, in Effects, and ends it at number Stop; 0: nowhere.
type Stops struct{ Effects, Stop int }

// stopped is what the program panics with where it is ended.
type stopped struct{}

// Effect is a point at which the program may be ended.
func (s *Stops) Effect() {
	s.Effects++
	if s.Effects == s.Stop {
		panic(stopped{})
	}
}

// Crashes runs f and reports whether the program was ended in it.
func (*Stops) Crashes(f func()) (crashed bool) {
	defer func() {
		if p := recover(); p != nil {
			if _, ours := p.(stopped); !ours {
				panic(p)
			}
			crashed = true
		}
	}()
	f()
	return false
}

// Store opens a store in memory, which is checked when the test is over.
func Store(t testing.TB) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(ramdisk.Folder(t), bolt.Options{Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, s.Check(context.Background()))
		require.NoError(t, s.Close())
	})
	return s
}

// Table is the store with an effect before and after each commit.
type Table struct {
	*bolt.Store
	Stops *Stops
}

func (b Table) around(commit func() error) error {
	b.Stops.Effect()
	err := commit()
	b.Stops.Effect()
	return err
}

// Promise is the store's.
func (b Table) Promise(ctx context.Context, c ...outbox.Change) error {
	return b.around(func() error { return b.Store.Promise(ctx, c...) })
}

// Learn is the store's.
func (b Table) Learn(ctx context.Context, name string, raw []byte) error {
	return b.around(func() error { return b.Store.Learn(ctx, name, raw) })
}

// Relearn is the store's.
func (b Table) Relearn(ctx context.Context, name string, was, raw []byte) (kept bool, err error) {
	err = b.around(func() error { kept, err = b.Store.Relearn(ctx, name, was, raw); return err })
	return kept, err
}

// AmendSnapshot is the store's.
func (b Table) AmendSnapshot(ctx context.Context, report string, was, raw []byte) (kept bool, err error) {
	err = b.around(func() error { kept, err = b.Store.AmendSnapshot(ctx, report, was, raw); return err })
	return kept, err
}

// KeepSnapshot is the store's.
func (b Table) KeepSnapshot(ctx context.Context, report string, raw []byte) error {
	return b.around(func() error { return b.Store.KeepSnapshot(ctx, report, raw) })
}

// Claim is the store's.
func (b Table) Claim(ctx context.Context, key string, now time.Time) (in outbox.Intent, err error) {
	err = b.around(func() error { in, err = b.Store.Claim(ctx, key, now); return err })
	return in, err
}

// Mark is the store's.
func (b Table) Mark(ctx context.Context, in outbox.Intent, note json.RawMessage) error {
	return b.around(func() error { return b.Store.Mark(ctx, in, note) })
}

// Finish is the store's.
func (b Table) Finish(ctx context.Context, in outbox.Intent, r outbox.Result, now time.Time) error {
	return b.around(func() error { return b.Store.Finish(ctx, in, r, now) })
}
