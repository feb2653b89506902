package simulation

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/test/bugs"
)

// TestSimulationOfReplicasCanFail is about several programs on one database.
func TestSimulationOfReplicasCanFail(t *testing.T) {
	canFail(t, []bugs.Bug{
		{Name: "what a former life claimed is held for ever", Says: "is missing|neither owed nor posted", Put: func(w *app.Surroundings) {
			w.Between.Box = func(b outbox.Box) outbox.Box { return &forsaking{Box: b, own: map[string]bool{}} }
		}},
		{Name: "a word before an end is dropped and made anew", Says: "is dropped and promised anew", Put: bugs.Dropping(approvals.KindEnds)},
	}, 1, every(6, 8))
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
