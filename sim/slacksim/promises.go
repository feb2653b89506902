package slacksim

import (
	"fmt"
	"time"
)

// promises are what a payload lets the app do later: open a form with its
// trigger, answer through its response URL.
type promises struct {
	triggers  map[string]*trigger
	responses map[string]*responseURL // by path
}

type trigger struct {
	hand
	expires time.Time
	used    bool
}

// responseURL is good for 5 posts in 30 minutes.
type responseURL struct {
	user, channel string
	ts            string // the message that was clicked; the last answer for a slash command
	ephemeral     bool   // that message is seen by the user alone
	uses          int
	expires       time.Time
}

// The lives of triggers and response URLs.
const (
	triggerLife  = 3 * time.Second
	responseLife = 30 * time.Minute
	responseUses = 5
)

func newPromises() promises {
	return promises{triggers: map[string]*trigger{}, responses: map[string]*responseURL{}}
}

// newTrigger makes a trigger id that opens one form within three seconds.
func (s *Server) newTrigger(user string) string {
	s.forgetOld()
	id := fmt.Sprintf("%d.%d.%016x", s.rng.IntN(1e6)+1e6, s.rng.IntN(1e7)+1e7, s.rng.Uint64())
	s.triggers[id] = &trigger{hand: hand{user, s.window}, expires: s.now().Add(triggerLife)}
	return id
}

// newResponseURL makes a path for answers; kind is commands or actions.
func (s *Server) newResponseURL(kind string, p responseURL) string {
	path := fmt.Sprintf("/%s/%s/%d/%016x", kind, TeamID, s.rng.IntN(1e9)+1e9, s.rng.Uint64())
	p.expires = s.now().Add(responseLife)
	s.responses[path] = &p
	return path
}

// forgetOld drops promises that ended long ago, so that weeks of simulated time
// do not pile up. They are kept for a day, to tell expired from unknown.
func (s *Server) forgetOld() {
	if len(s.triggers)%256 != 255 {
		return
	}
	old := s.now().Add(-24 * time.Hour)
	for id, t := range s.triggers {
		if t.expires.Before(old) {
			delete(s.triggers, id)
		}
	}
	for path, p := range s.responses {
		if p.expires.Before(old) {
			delete(s.responses, path)
		}
	}
}

// exchange uses a call's trigger id up and says whose it was.
func (s *Server) exchange(c *call) (hand, error) {
	id := c.str("trigger_id")
	t := s.triggers[id]
	switch {
	case id == "":
		return hand{}, missing("trigger_id")
	case t == nil:
		s.violation("%s with a trigger id that was never given out", c.method)
		return hand{}, fail("invalid_trigger_id")
	case t.used:
		s.violation("%s with a trigger id that was used before", c.method)
		return hand{}, fail("exchanged_trigger_id")
	case s.now().After(t.expires):
		return hand{}, fail("expired_trigger_id")
	}
	t.used = true
	return t.hand, nil
}
