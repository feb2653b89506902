package apiclient

import (
	"context"
	"time"
)

// Pause waits for d. It reports false at once when the context would end sooner: the caller then has its answer early instead of
// a deadline late.
func Pause(ctx context.Context, now time.Time, d time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && end.Before(now.Add(d)) {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
