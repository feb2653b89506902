package bot

import (
	"context"
	"sync"
	"time"
)

// deafMost is how long after a try the next one comes while no line hears, whatever any of them waits for.
const deafMost = 3 * time.Second

// ears knows how many lines hear. Whoever waits before a try waits here: while no line hears, one of those
// who wait is let go every few seconds, one at a time, so that they are never all held off at once. It has
// timers and no clock: a clock that jumps makes nobody deaf.
type ears struct {
	mu      sync.Mutex
	hearing int
	timer   *time.Timer   // to the next turn, while no line hears
	turn    chan struct{} // has room for one: it is somebody's turn to try
}

func newEars() *ears {
	e := &ears{turn: make(chan struct{}, 1)}
	e.timer = time.AfterFunc(deafMost, e.call)
	e.timer.Stop() // nothing has been tried yet
	return e
}

// count is how many lines hear.
func (e *ears) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.hearing
}

// add counts lines that hear now, or do not any more.
func (e *ears) add(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.hearing += n
	e.rest()
}

// tried hears that a try begins.
func (e *ears) tried() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.rest()
}

// rest begins anew to wait for the next turn, if there is to be one. The caller holds mu.
func (e *ears) rest() {
	select {
	case <-e.turn:
	default:
	}
	e.timer.Stop()
	if e.hearing == 0 {
		e.timer.Reset(deafMost)
	}
}

// call makes it the turn of one of those who wait.
func (e *ears) call() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.hearing > 0 {
		return
	}
	select {
	case e.turn <- struct{}{}:
	default:
	}
}

// wait waits before a try, or until it is somebody's turn all the same.
func (e *ears) wait(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-e.turn:
	case <-ctx.Done():
	}
}
