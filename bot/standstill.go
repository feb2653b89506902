package bot

import (
	"context"
	"sync"
	"time"
)

const (
	// ticks is how often a Standstill looks at the clock.
	ticks = 500 * time.Millisecond
	// still is how long nothing has moved for it to be a standstill: what was sent at its beginning is lost to whoever sent it,
	// and a machine that's merely busy isn't taken for one.
	still = ackWithin
	// settling is how long after one what is read counts as sent meanwhile: it lay in the socket, and is read at once.
	settling = time.Second
)

// Standstill notices that the whole program stood still: it was stopped, its container was frozen, its machine slept. What
// was sent meanwhile is read when it goes on, as if it had come just then; but Slack has told whoever sent it by then that
// it failed, and they may have done it again. So it counts as heard when the standstill began, and is refused as what has
// waited too long is (submit). What was sent in its last moments is refused too, though Slack still waited: nobody
// can tell the two apart, and to be asked to press again is better than two requests.
//
// What Slack tells of by itself is brought again where it wasn't acknowledged, and is taken whenever it's read.
type Standstill struct {
	// Now is a clock of the machine, with what has passed on it.
	Now func() time.Time

	mu sync.Mutex
	// last is when it last looked; from and to are of the last standstill.
	last, from, to time.Time
}

// Run looks at the clock until ctx ends.
func (s *Standstill) Run(ctx context.Context) {
	tick := time.NewTicker(ticks)
	defer tick.Stop()
	for ctx.Err() == nil {
		s.age()
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// age is how long ago what's read now may have come: 0, but right after a standstill. Whoever looks first finds that there was one.
func (s *Standstill) age() time.Duration {
	if s == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	if !s.last.IsZero() && passed(s.last, now) > still {
		s.from, s.to = s.last, now
	}
	s.last = now
	if s.from.IsZero() || passed(s.to, now) > settling {
		return 0
	}
	return passed(s.from, now)
}

// passed is how much time went by: what passes on a clock that's never set doesn't while a machine sleeps, and a clock that's
// set may be set forward.
func passed(from, to time.Time) time.Duration {
	return max(to.Sub(from), to.Round(0).Sub(from.Round(0)))
}
