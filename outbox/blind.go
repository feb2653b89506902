package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// blindness is a Box that can't be read. Every lane finds out within seconds, and again and again: the log hears of it once, once a
// minute while it lasts, and of its end.
type blindness struct {
	mu    sync.Mutex
	since time.Time
	said  time.Time
}

// cannot notes that the Box can't be read.
func (b *blindness) cannot(ctx context.Context, log *slog.Logger, kind string, err error, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.since.IsZero() {
		b.since = now
	} else if now.Sub(b.said) < time.Minute {
		return
	}
	b.said = now
	log.ErrorContext(ctx, "cannot read what is owed and due", "kind", kind, "since", b.since, "err", err)
}

// can notes that it can be.
func (b *blindness) can(ctx context.Context, log *slog.Logger) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.since.IsZero() {
		log.InfoContext(ctx, "what is owed and due can be read again", "since", b.since)
		b.since = time.Time{}
	}
}
