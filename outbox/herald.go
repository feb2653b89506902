package outbox

import (
	"context"
	"time"
)

// Herald says of all kinds at once what may be begun. After each commit somebody must look whether there's something to do, and where several
// processes share a Box every few seconds, for what others have promised, and put off, and left when they died: lane by lane that would
// be thirty questions each time.
type Herald interface {
	// Ready lists the kinds of which something is due at now that nobody is at work on, and the earliest due time after now
	// (zero: nothing sleeps).
	Ready(ctx context.Context, now time.Time) (kinds []string, next time.Time, err error)
}

// OthersWithin bounds how long it is until what another process has promised is noticed, where nothing else tells of it: it's Worker.Every
// where there are others.
const OthersWithin = 3 * time.Second

// heraldAgain is how long after a question that failed the next is asked.
const heraldAgain = 3 * time.Second

// heed wakes the lanes that have something to do. They look by themselves, too, when something of theirs is due, and once in
// MaxSleep.
func (w *Worker) heed(ctx context.Context) {
	for ctx.Err() == nil {
		timer := time.NewTimer(w.proclaim(ctx))
		select {
		case <-ctx.Done():
		case <-w.called():
		case <-timer.C:
		}
		timer.Stop()
	}
}

// proclaim asks once, and says for how long that is good.
func (w *Worker) proclaim(ctx context.Context) time.Duration {
	now := w.Now()
	kinds, next, err := w.Herald.Ready(ctx, now)
	if err != nil {
		if ctx.Err() == nil {
			w.blind.cannot(ctx, w.Log, "all", err, now)
		}
		return heraldAgain
	}
	w.blind.can(ctx, w.Log)
	every := orDefault(w.Every, time.Minute)
	due := map[string]bool{}
	for _, k := range kinds {
		due[k] = true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range w.lanes {
		if due[l.Kind] {
			l.poke()
		}
	}
	if next.IsZero() {
		return every
	}
	return min(max(next.Sub(now), 0), every)
}

// called is where Wake tells that something may have become due.
func (w *Worker) called() chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.calls == nil {
		w.calls = make(chan struct{}, 1)
	}
	return w.calls
}
