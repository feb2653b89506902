package control

import (
	"errors"
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
	// full is who was told of which requests that a yes puts them in line.
	full map[approvals.Actor]map[int64]bool
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
	if r.Full() {
		s.tell(by, r.Number)
	} else {
		delete(s.full[by], r.Number)
	}
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

// tell notes that somebody has read that a yes puts a request in line.
func (s *sights) tell(by approvals.Actor, n int64) {
	if s.full == nil {
		s.full = map[approvals.Actor]map[int64]bool{}
	}
	if s.full[by] == nil {
		s.full[by] = map[int64]bool{}
	}
	s.full[by][n] = true
}

// lined reports whether somebody was told so.
func (s *sights) lined(by approvals.Actor, r approvals.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.full[by][r.Number]
}

// again is an error after which somebody may say yes once more, and knows then to what; any other is as it was.
func (c *Server) again(by approvals.Actor, n int64, err error) error {
	why, ok := errors.AsType[*approvals.Error](err)
	if !ok || why.Code != approvals.NoSeat && why.Code != approvals.Changed {
		return err
	}
	if why.Code == approvals.NoSeat {
		c.shown.mu.Lock()
		defer c.shown.mu.Unlock()
		c.shown.tell(by, n)
	}
	return approvals.Refuse(why.Code, "%v Run the same command again to do so.", why.Say)
}
