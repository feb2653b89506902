package conform

import (
	"errors"
	"sync/atomic"
)

// Breaks fails the commits of an engine under its rules: Break is a Place's, and Hook the engine's.
type Breaks struct{ kept atomic.Pointer[bool] }

// Break has the next commit fail: kept all the same, or taken back.
func (b *Breaks) Break(kept bool) { b.kept.Store(&kept) }

// Pending reports whether that commit is still to come.
func (b *Breaks) Pending() bool { return b.kept.Load() != nil }

// Hook fails the next commit, before it or after it.
func (b *Breaks) Hook(point string) error {
	kept := b.kept.Load()
	if kept == nil || *kept != (point == "after commit") {
		return nil
	}
	b.kept.Store(nil)
	return errors.New("input/output error")
}
