package vendorsim

import (
	"slices"
	"time"
)

// journalCap is how many calls and effects are kept; older ones are forgotten so that a demo may run for months.
const journalCap = 10000

// Call is one request as the vendor saw it. It holds no key and no password.
type Call struct {
	N          int       `json:"n"` // from 1, in order of arrival
	At         time.Time `json:"at"`
	Dialect    Dialect   `json:"dialect"`
	Method     string    `json:"method"`
	Op         Op        `json:"op"`                // "" for a path or method that does not exist
	Path       string    `json:"path"`              // below the dialect's base, without query
	UserID     int64     `json:"user_id,omitempty"` // the account it names; a successful create: the one it made
	Status     int       `json:"status"`            // 0 while in hand, and when the connection was cut
	Done       bool      `json:"done"`
	Effect     string    `json:"effect,omitempty"` // what it changed, in words; "" when it left all as it was
	Fault      string    `json:"fault,omitempty"`  // the planned fault that hit it: "cut after"
	Violations []string  `json:"violations,omitempty"`
}

// Calls returns the journal: every request, oldest first, including those refused or cut.
func (v *Vendor) Calls() []Call {
	v.mu.Lock()
	defer v.mu.Unlock()
	return copyCalls(v.calls)
}

// Effects returns the requests that changed something, in the order of the changes.
func (v *Vendor) Effects() []Call {
	v.mu.Lock()
	defer v.mu.Unlock()
	return copyCalls(v.effects)
}

// CallsOf returns the journal's rows for one operation.
func (v *Vendor) CallsOf(op Op) []Call {
	return slices.DeleteFunc(v.Calls(), func(c Call) bool { return c.Op != op })
}

// begin and took are called with the lock held.
func (v *Vendor) begin(c *Call) {
	v.served++
	c.N = v.served
	v.calls = capped(append(v.calls, c))
}

func (v *Vendor) took(c *Call, effect string) {
	c.Effect = effect
	v.effects = capped(append(v.effects, c))
	v.tick()
}

func (v *Vendor) finish(a *ask, rep reply) {
	v.change(func() {
		a.row.Done = true
		if !rep.cut {
			a.row.Status = rep.status
		}
	})
}

func capped(list []*Call) []*Call {
	if len(list) <= journalCap {
		return list
	}
	return slices.Clone(list[len(list)-journalCap:])
}

func copyCalls(list []*Call) []Call {
	out := make([]Call, len(list))
	for i, c := range list {
		out[i] = *c
		out[i].Violations = slices.Clone(c.Violations)
	}
	return out
}
