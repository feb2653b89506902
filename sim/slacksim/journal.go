package slacksim

import (
	"fmt"
	"slices"
	"time"
)

// Call is one HTTP call by the app: a Web API method, or the pseudo-methods
// response_url and upload.
type Call struct {
	Method  string         `json:"method"`
	Args    map[string]any `json:"args"` // without the token
	At      time.Time      `json:"at"`
	Outcome string         `json:"outcome"` // "ok", Slack's error code, or the fault that struck
	Applied bool           `json:"applied"` // whether it took effect
	Answer  string         `json:"answer"`  // what the app got instead, if a fault struck after the effect
}

type journal struct {
	calls      []*Call
	pressed    []Press
	violations []string
}

// Calls is the journal of everything the app called, in order.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := make([]Call, len(s.calls))
	for i, c := range s.calls {
		calls[i] = *c
	}
	return calls
}

// CallsOf are the calls of one method.
func (s *Server) CallsOf(method string) []Call {
	return slices.DeleteFunc(s.Calls(), func(c Call) bool { return c.Method != method })
}

// Violations are the breaches of the protocol so far, as Options.Violation heard them.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// note writes a call down. It takes the lock.
func (s *Server) note(method string, args map[string]any, outcome string, applied bool) *Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	args = cloneMap(args)
	delete(args, "token")
	entry := &Call{Method: method, Args: args, At: s.now(), Outcome: outcome, Applied: applied}
	s.calls = append(s.calls, entry)
	return entry
}

// String is "fault KIND before the effect", or after it.
func (f *Fault) String() string {
	when := "before"
	if f.After {
		when = "after"
	}
	return fmt.Sprintf("fault %s %s the effect", f.Kind, when)
}
