package simulation

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/test/bugs"
	"github.com/usherbot/usher/test/world"
)

// TestSimulationOfReplicasCanFail is about several programs on one database.
func TestSimulationOfReplicasCanFail(t *testing.T) {
	canFail(t, []bugs.Bug{
		{Name: "what a former life claimed is held for ever", Says: "is missing|neither owed nor posted", Put: mistaken(func(b outbox.Box, _ *app.Surroundings) outbox.Box {
			return &forsaking{Box: b, own: map[string]bool{}}
		})},
		{Name: "no fence", Says: "was recorded by a life that had lost it", Put: mistaken(func(b outbox.Box, _ *app.Surroundings) outbox.Box { return unfenced{b} })},
		{Name: "leases go by one's own clock", Says: "was taken from a life that had it and lived", Put: mistaken(func(b outbox.Box, w *app.Surroundings) outbox.Box { return ownClock{b, w.Wall} })},
		{Name: "a slot for each replica", Says: "nobody can explain report/daily/", Put: slotEach},
	}, 1, func(name string) iter.Seq[uint64] { return every(map[string]uint64{"no fence": 120}[name]+6, 8)(name) })
}

// mistaken puts a mistake between a life and the table of promises.
func mistaken(mistake func(outbox.Box, *app.Surroundings) outbox.Box) func(*app.Surroundings) {
	return func(w *app.Surroundings) {
		before := w.Between.Box
		w.Between.Box = func(b outbox.Box) outbox.Box { return mistake(before(b), w) }
	}
}

// forsaking never takes over what another life has begun.
type forsaking struct {
	outbox.Box
	mu  sync.Mutex
	own map[string]bool
}

func (b *forsaking) others(in outbox.Intent) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !in.Claimed.IsZero() && !b.own[in.Key]
}

func (b *forsaking) Due(ctx context.Context, kind string, now time.Time, limit int) ([]outbox.Intent, time.Time, error) {
	list, next, err := b.Box.Due(ctx, kind, now, 1000)
	list = slices.DeleteFunc(list, b.others)
	return list[:min(len(list), limit)], next, err
}

func (b *forsaking) Claim(ctx context.Context, key string, now time.Time) (outbox.Intent, error) {
	in, err := b.Box.Claim(ctx, key, now)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.own[key] = b.own[key] || err == nil
	return in, err
}

// unfenced goes on with what another has taken over meanwhile, and records it all the same.
type unfenced struct{ outbox.Box }

func (unfenced) Stands(context.Context, outbox.Intent) error { return nil }

func (b unfenced) Mark(ctx context.Context, in outbox.Intent, note json.RawMessage) error {
	if err := b.Box.Mark(ctx, in, note); !errors.Is(err, outbox.ErrTaken) {
		return err
	}
	return nil
}

func (b unfenced) Finish(ctx context.Context, in outbox.Intent, r outbox.Result, now time.Time) error {
	err := b.Box.Finish(ctx, in, r, now)
	for errors.Is(err, outbox.ErrTaken) {
		in.Token++
		err = b.Box.Finish(ctx, in, r, now)
	}
	return err
}

// ownClock lets leases run out by the clock of the machine, where that is further ahead than they are long.
type ownClock struct {
	outbox.Box
	wall func() time.Time
}

func (b ownClock) lapse() {
	if s, ok := b.Box.(slowBox); ok && time.Until(b.wall()) > world.Lease {
		if leases, ok := s.Box.(interface{ Lapse() }); ok {
			leases.Lapse()
		}
	}
}

func (b ownClock) Due(ctx context.Context, kind string, now time.Time, limit int) ([]outbox.Intent, time.Time, error) {
	b.lapse()
	return b.Box.Due(ctx, kind, now, limit)
}

func (b ownClock) Claim(ctx context.Context, key string, now time.Time) (outbox.Intent, error) {
	b.lapse()
	return b.Box.Claim(ctx, key, now)
}

// ownSlots has every second life call each slot of a report by a name of its own, which is a minute later.
type ownSlots struct {
	reports.Slots
	life *atomic.Int64
}

func slotEach(w *app.Surroundings) {
	var life atomic.Int64
	box, slots := w.Between.Box, w.Between.Slots
	w.Between.Box = func(b outbox.Box) outbox.Box {
		out := box(b)
		if slow, ok := out.(slowBox); ok {
			life.Store(int64(slow.s.life))
		}
		return out
	}
	w.Between.Slots = func(s reports.Slots) reports.Slots {
		if slots != nil {
			s = slots(s)
		}
		return ownSlots{s, &life}
	}
}

// called is a slot as this life calls it.
func (s ownSlots) called(slot string, at time.Time, ok bool) (string, time.Time, bool) {
	if t, err := time.Parse(reports.SlotLayout, slot); ok && err == nil && s.life.Load()%2 == 0 {
		return t.Add(time.Minute).Format(reports.SlotLayout), at.Add(time.Minute), true
	}
	return slot, at, ok
}

func (s ownSlots) Next(after time.Time) (string, time.Time, bool) {
	return s.called(s.Slots.Next(after))
}

func (s ownSlots) Latest(notAfter time.Time) (string, time.Time, bool) {
	return s.called(s.Slots.Latest(notAfter))
}

func (s ownSlots) At(slot string) (time.Time, bool) {
	at, ok := s.Slots.At(slot)
	if t, err := time.Parse(reports.SlotLayout, slot); !ok && err == nil {
		at, ok = s.Slots.At(t.Add(-time.Minute).Format(reports.SlotLayout))
	}
	return at, ok
}
