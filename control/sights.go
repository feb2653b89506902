package control

import (
	"sync"

	"github.com/usherbot/usher/approvals"
)

// sights remembers whose last sight of a request, here at the machine, did not say yet what a yes would do: such a yes
// counts no more than a click on a card that did not. Kept in memory: a restart spares somebody being asked to look
// once more, and no request counts as known for it.
type sights struct {
	mu    sync.Mutex
	blind map[approvals.Actor]map[int64]bool
	// edition is how often a request had been edited when somebody last saw all of it.
	edition map[approvals.Actor]map[int64]int
}

// saw notes what somebody was shown of a request just now.
func (s *sights) saw(by approvals.Actor, r approvals.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(by, r)
}

// sawAll is saw for a list of all there is that is open: what is not in it is over, and forgotten.
func (s *sights) sawAll(by approvals.Actor, list []approvals.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.blind, by)
	for _, r := range list {
		s.note(by, r)
	}
}

func (s *sights) note(by approvals.Actor, r approvals.Request) {
	if r.State != approvals.Pending || r.Known() {
		delete(s.blind[by], r.Number)
		return
	}
	if s.blind == nil {
		s.blind = map[approvals.Actor]map[int64]bool{}
	}
	if s.blind[by] == nil {
		s.blind[by] = map[int64]bool{}
	}
	s.blind[by][r.Number] = true
}

// read notes that somebody was shown all that a request asks. A list shows less, and is no sight of what was edited.
func (s *sights) read(by approvals.Actor, r approvals.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(by, r)
	if s.edition == nil {
		s.edition = map[approvals.Actor]map[int64]int{}
	}
	if s.edition[by] == nil {
		s.edition[by] = map[int64]int{}
	}
	if s.edition[by][r.Number] = r.Edition(); r.State != approvals.Pending || r.Edition() == 0 {
		delete(s.edition[by], r.Number)
	}
}

// edited is how often a request had been edited when somebody last saw it; 0 where they have not since it was.
func (s *sights) edited(by approvals.Actor, n int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.edition[by][n]
}

// unread reports whether somebody has not seen yet what a yes would do. Whoever says yes while nobody knows is told
// so, and has not seen it then either.
func (s *sights) unread(by approvals.Actor, r approvals.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !r.Known() {
		s.note(by, r)
	}
	return s.blind[by][r.Number]
}
