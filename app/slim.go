package app

import (
	"context"
	"log/slog"
	"time"
)

const (
	// settled is when a start is over: whoever waited is served, and what it read has been read.
	settled = 5 * time.Second
	// seldom is how often it's done again: a week's digest and a renewal touch what isn't needed in between.
	seldom = time.Hour
)

// slimming has the program give back what of its own file it doesn't need, again and again until the context ends or what it returns is called.
func slimming(ctx context.Context, log *slog.Logger) (end func()) {
	done := make(chan struct{})
	ctx, stop := context.WithCancel(ctx)
	go func() {
		defer close(done)
		next := time.NewTimer(settled)
		defer next.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-next.C:
				next.Reset(seldom)
			}
			if err := slim(); err != nil {
				log.DebugContext(ctx, "the program keeps in memory what only its start needed", "err", err)
			}
		}
	}()
	return func() { stop(); <-done }
}
