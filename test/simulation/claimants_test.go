package simulation

import (
	"sync"
	"time"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/test/world"
)

// claimants is whose each claim is, as the test itself has seen it.
type claimants struct {
	mu sync.Mutex
	// until is until when each life could do anything, by its number; zero: it still can.
	until map[int]func() time.Time
	of    map[string]claimant
}

// claimant is a life that claimed something: when by its own clock, under which token, and whether it has said what came of it.
type claimant struct {
	life  int
	at    time.Time
	token int64
	over  bool
}

// breathes tells how it's found out until when the life that has just begun could do anything.
func (s *simulation) breathes(last func() time.Time) {
	if s.replicas < 2 {
		return
	}
	s.claimants.mu.Lock()
	defer s.claimants.mu.Unlock()
	s.until[s.lives] = last
}

// claims holds that nobody takes what another life has, as long as that lives and its lease after it. A claim whose answer nobody has heard
// yet isn't known here.
func (o one) claims(in outbox.Intent, now time.Time) {
	if o.replicas < 2 {
		return
	}
	o.claimants.mu.Lock()
	defer o.claimants.mu.Unlock()
	before, held := o.of[in.Key]
	o.of[in.Key] = claimant{life: o.life, at: now, token: in.Token}
	if last := o.until[before.life]; held && !before.over && before.life != o.life && last != nil && in.Claimed.Equal(before.at) {
		if at := last(); at.IsZero() || time.Since(at) < world.Lease {
			o.Errorf("%s was taken from a life that had it and lived (%v ago)", in.Key, time.Since(in.Claimed))
		}
	}
}

// finishes holds that nobody records what came of something under the token of whoever took it over: the store takes it then.
func (o one) finishes(claimed outbox.Intent) {
	if o.replicas < 2 {
		return
	}
	o.claimants.mu.Lock()
	defer o.claimants.mu.Unlock()
	by, held := o.of[claimed.Key]
	switch {
	case !held || by.token != claimed.Token: // somebody has taken it over, and it was owed no more
	case by.life != o.life:
		o.Errorf("%s was recorded by a life that had lost it", claimed.Key)
	default:
		by.over = true
		o.of[claimed.Key] = by
	}
}
