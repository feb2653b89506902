package simulation

import "time"

// aimed strikes the program dead at one of the next places it passes.
func (s *simulation) aimed() {
	s.shakes()
	ahead := 1 + s.rng.IntN(pickOf(s, []int{4, 15, 60}))
	s.note("it will die %d places from now", ahead)
	s.count("crashes: at a place")
	s.Points.Aim(ahead)
}

// struck kills the program now, and starts it at once or after a pause.
func (s *simulation) struck() {
	s.Points.Aim(0)
	s.Crash()
	s.asleep()
	down := s.down("crashes: at once", "crashes: with a pause")
	s.note("it is killed, and starts again after %v", down)
}

// stopped ends it in order, and starts it again.
func (s *simulation) stopped() {
	s.End()
	s.asleep()
	s.Points.Aim(0)
	s.count("crashes: stopped in order")
	down := s.down("restarts: at once", "restarts: with a pause")
	s.note("it was stopped, and starts again after %v", down)
}

func (s *simulation) down(atOnce, pause string) time.Duration {
	d := time.Duration(0)
	if s.rng.IntN(2) == 0 {
		// Of a pause of days nobody but the simulated clock takes note, so that a history may last for weeks.
		most := pickOf(s, []time.Duration{10 * time.Minute, 10 * time.Minute, 10 * time.Minute, 30 * time.Hour, 9 * 24 * time.Hour})
		d = time.Duration(s.rng.Int64N(int64(most))).Truncate(time.Second)
		s.count(pause)
		if s.rng.IntN(2) == 0 {
			s.setClock()
		}
	} else {
		s.count(atOnce)
	}
	s.onTheDot()
	s.Pass(d)
	s.wake()
	s.Pass(5 * time.Second)
	return d
}

// diskFails lets the next commits fail, before or after they are kept.
func (s *simulation) diskFails() {
	s.shakes()
	n := 1 + s.rng.IntN(4)
	s.note("the disk fails the next %d commits", n)
	s.count("disk: commit failed")
	s.failing.Store(int64(n))
}

func (s *simulation) clockSet() {
	s.setClock()
	if s.rng.IntN(2) == 0 {
		s.struck()
	}
}

// setClock sets the machine's clock wrong, or right again.
func (s *simulation) setClock() {
	s.wall = pickOf(s, []time.Duration{0, 0, -20 * time.Second, time.Minute, 3 * time.Hour, -3 * time.Hour, 40 * 24 * time.Hour, -40 * 24 * time.Hour})
	s.note("the machine's clock is off by %v", s.wall)
	s.count("clock: set")
}

// stretch is a part of the simulated time; one without an end goes on.
type stretch struct{ from, to time.Time }

// overlap is how much of it lies in another.
func (a stretch) overlap(from, to time.Time) time.Duration {
	if a.from.After(from) {
		from = a.from
	}
	if !a.to.IsZero() && a.to.Before(to) {
		to = a.to
	}
	return max(0, to.Sub(from))
}

// asleep ends the present life's stretch, unless others live on.
func (s *simulation) asleep() {
	if s.alone() {
		s.lived[len(s.lived)-1].to = time.Now()
	}
}

// awake is for how long the program lived between two moments.
func (s *simulation) awake(from, to time.Time) (d time.Duration) {
	for _, l := range s.lived {
		d += l.overlap(from, to)
	}
	return d
}
