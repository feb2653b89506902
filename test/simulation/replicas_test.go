package simulation

import (
	"flag"
	"time"

	"github.com/usherbot/usher/test/world"
)

var simReplicas = flag.Int("replicas", 0, "how many replicas of the program there are in each seed of TestSimulation; 0: as the seed says")

// among is the other replicas of the program, which keep one database together with the first.
type among struct {
	replicas int
	beside   []*world.Replica
	// paused says until when one of them is.
	paused map[*world.Replica]time.Time
	// off is how much further ahead the clock of the machine is on which the life runs that begins now.
	off time.Duration
	claimants
}

// replicasOf is how many there are in a seed: mostly one, and two or three in one of some.
func replicasOf(seed uint64) int {
	switch {
	case *simReplicas > 0:
		return *simReplicas
	case seed%8 == 6:
		return 2
	case seed%16 == 9:
		return 3
	}
	return 1
}

// share has the programs of this history keep one database together.
func (s *simulation) share() {
	s.replicas = replicasOf(s.seed)
	if s.replicas > 1 {
		s.paused = map[*world.Replica]time.Time{}
		s.claimants = claimants{until: map[int]func() time.Time{}, of: map[string]claimant{}}
		s.Share()
	}
}

// one is one life of several: what two do at one moment takes each its own time, so that the clock says who comes first.
type one struct {
	*simulation
	life int
}

// one is the life that begins now.
func (s *simulation) one() one { return one{s, s.lives} }

// linger waits as the simulation says.
func (o one) linger(most time.Duration, what ...any) {
	if o.replicas > 1 {
		what = append(what, o.life)
	}
	o.simulation.linger(most, what...)
}

// joins begins those replicas that aren't there.
func (s *simulation) joins() {
	for len(s.beside) < s.replicas-1 {
		s.beside = append(s.beside, s.oneMore())
	}
}

// oneMore begins one, on a machine whose clock may be an hour off.
func (s *simulation) oneMore() *world.Replica {
	s.lives++
	s.reborn.Store(time.Now().UnixNano())
	if s.off = pickFrom([]time.Duration{0, 0, 0, time.Hour, -time.Hour}, s.draw("astray", s.lives)); s.off != 0 {
		s.note("a replica begins whose clock is off by %v", s.off)
		s.count("replicas: an hour off")
	}
	r := s.Join()
	s.off = 0
	s.breathes(r.Last)
	return r
}

// disband ends all but the first, as the machines under them would.
func (s *simulation) disband(end func(*world.Replica)) {
	for _, r := range s.beside {
		end(r)
	}
	s.beside = nil
	clear(s.paused)
}

// alone reports whether there is no other by now. Others that are paused go on: of a first that is down for days one of them takes the place.
func (s *simulation) alone() bool {
	for _, r := range s.beside {
		r.GoOn()
	}
	clear(s.paused)
	return len(s.beside) == 0
}

// anybodys reports whether something is so by what any of the replicas remembers: each reads lists by itself. One that stands still is asked
// nothing, for it would answer nothing.
func (s *simulation) anybodys(so func() bool) bool {
	first := s.App
	defer func() { s.App = first }()
	if so() {
		return true
	}
	for _, r := range s.beside {
		if _, still := s.paused[r]; still || r.Over() {
			continue
		}
		if s.App = r.App(); so() {
			return true
		}
	}
	return false
}

// tend starts those again that were struck, and lets those go on whose pause is over.
func (s *simulation) tend() {
	for i, r := range s.beside {
		switch until, still := s.paused[r]; {
		case r.Over():
			s.note("a replica has died at %s", s.Points.Hit)
			s.count("replicas: died at a place")
			delete(s.paused, r)
			r.Crash()
			s.beside[i] = s.oneMore()
		case !still && r.Still():
			d := pickFrom(stretches, s.draw("still", len(s.diary)))
			s.note("a replica stands still at %s, for %v", s.Points.Hit, d)
			s.count("replicas: paused at a place")
			s.paused[r] = time.Now().Add(d)
		case still && !time.Now().Before(until):
			s.note("a replica goes on")
			delete(s.paused, r)
			r.GoOn()
		}
	}
}

// stretches are for how long a replica is paused: within a lease, just past it, and long.
var stretches = []time.Duration{2 * time.Second, world.Lease + 2*time.Second, time.Minute, 10 * time.Minute}

// pickFrom is one of some, by a number.
func pickFrom[T any](of []T, n uint64) T { return of[n%uint64(len(of))] }

// ends is when the next pause ends; zero: nobody is paused.
func (s *simulation) ends() (next time.Time) {
	for _, until := range s.paused {
		if next.IsZero() || until.Before(next) {
			next = until
		}
	}
	return next
}

// mishap is what happens to one of several, now and then.
func (s *simulation) mishap() {
	if len(s.beside) == 0 || s.Points.Aimed() || s.rng.IntN(3) != 0 {
		return
	}
	i := s.rng.IntN(len(s.beside))
	r := s.beside[i]
	switch s.rng.IntN(8) {
	case 0:
		s.note("a replica is killed, and starts again")
		s.count("replicas: killed")
		delete(s.paused, r)
		r.Crash()
	case 1:
		s.note("a replica is stopped, and starts again")
		s.count("replicas: stopped in order")
		delete(s.paused, r)
		r.End()
	case 2, 3, 4, 5:
		s.Points.AimStill(1 + s.rng.IntN(pickOf(s, []int{4, 15, 60})))
		s.count("replicas: will be paused at a place")
		return
	default:
		d := pickOf(s, stretches)
		s.note("a replica is paused for %v", d)
		s.count("replicas: paused")
		s.paused[r] = time.Now().Add(d)
		r.Pause()
		return
	}
	s.beside = append(s.beside[:i], s.beside[i+1:]...)
	s.joins()
}
