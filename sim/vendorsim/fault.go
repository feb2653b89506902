package vendorsim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Kind is what goes wrong.
type Kind string

// The kinds of faults. Cut, Status, HTML, Redirect and Garbage come before the effect (which then does not happen) or, with
// After, in place of the answer to one that did. RateLimited never has an effect; WrongID and Truncated always do.
const (
	Cut         Kind = "cut"          // the connection ends without an answer
	Status      Kind = "status"       // Fault.Status (default 500) in the dialect's envelope
	Slow        Kind = "slow"         // Fault.Delay passes first; whoever leaves before an effect prevents it
	Late        Kind = "late"         // Fault.Delay passes and then it happens, whether anybody still waits or not
	HTML        Kind = "html"         // a page, with Fault.Status (default 200)
	RateLimited Kind = "rate_limited" // 429; Fault.RetryAfter is the header, none when empty
	Redirect    Kind = "redirect"     // 302 to Fault.Location (default: a trap on this host)
	WrongID     Kind = "wrong_id"     // create and details answer about another account; the list gives each account its neighbour's id
	Garbage     Kind = "garbage"      // 200 and bytes that are no JSON
	Truncated   Kind = "truncated"    // the true answer, broken off half way
)

// When says on which side of the effect a fault stands.
type When string

// Before is the default.
const (
	Before When = "before"
	After  When = "after"
)

// Match says which requests a fault waits for; empty fields match all. Only requests that passed key, pace and form
// count, and none that an earlier fault took.
type Match struct {
	Dialect Dialect `json:"dialect,omitempty"`
	Method  string  `json:"method,omitempty"`
	Op      Op      `json:"op,omitempty"`
	Writes  bool    `json:"writes,omitempty"` // only those that ask for a change
	UserID  int64   `json:"user_id,omitempty"`
	Nth     int     `json:"nth,omitempty"`   // the first request that is hit, from 1; 0: 1
	Times   int     `json:"times,omitempty"` // how many in a row; 0: 1; negative: for ever
}

// Fault is one row of the plan.
type Fault struct {
	Match      Match         `json:"match"`
	Kind       Kind          `json:"kind"`
	When       When          `json:"when,omitempty"`
	Status     int           `json:"status,omitempty"`
	Delay      time.Duration `json:"-"` // in JSON: "delay", a Go duration
	RetryAfter string        `json:"retry_after,omitempty"`
	Location   string        `json:"location,omitempty"`
}

type planned struct {
	Fault
	seen int
}

// Plan adds faults behind those already planned. The first that matches a request and is due hits it. An error names a
// fault that could never do what it says; then none of them is planned.
func (v *Vendor) Plan(faults ...Fault) error {
	for _, f := range faults {
		if err := f.check(); err != nil {
			return fmt.Errorf("plan fault: %w", err)
		}
	}
	v.change(func() {
		for _, f := range faults {
			v.faults = append(v.faults, &planned{Fault: f})
		}
	})
	return nil
}

// Heal forgets every planned fault.
func (v *Vendor) Heal() { v.change(func() { v.faults = nil }) }

// Faults lists the faults that may still hit; a test that ends with one left over has not tested it.
func (v *Vendor) Faults() []Fault {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.liveFaults()
}

func (v *Vendor) liveFaults() []Fault {
	list := []Fault{}
	for _, p := range v.faults {
		list = append(list, p.Fault)
	}
	return list
}

func (f Fault) check() error {
	kinds := []Kind{Cut, Status, Slow, Late, HTML, RateLimited, Redirect, WrongID, Garbage, Truncated}
	op := f.Match.Op
	switch {
	case !slices.Contains(kinds, f.Kind):
		return fmt.Errorf("kind %q is none of %q", f.Kind, kinds)
	case f.When != "" && f.When != Before && f.When != After:
		return fmt.Errorf("when %q is neither %q nor %q", f.When, Before, After)
	case f.When == After && (f.Kind == RateLimited || f.Kind == Late):
		return fmt.Errorf("%s cannot come after the effect", f.Kind)
	case f.When == Before && (f.Kind == WrongID || f.Kind == Truncated):
		return fmt.Errorf("%s cannot come before the effect", f.Kind)
	case f.Kind == WrongID && op != Create && op != Details && op != List:
		return fmt.Errorf("%s needs match.op %q, %q or %q", f.Kind, Create, Details, List)
	case (f.Kind == Slow || f.Kind == Late) && f.Delay <= 0:
		return fmt.Errorf("%s needs a delay", f.Kind)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status %d is not between 200 and 599", f.Status)
	}
	return nil
}

func (f Fault) before() bool { return f.When != After && f.Kind != WrongID && f.Kind != Truncated }

// name is the fault in the journal: "cut after", "slow before".
func (f Fault) name() string {
	if f.before() {
		return string(f.Kind) + " before"
	}
	return string(f.Kind) + " after"
}

// pick returns the fault that hits this request. One that is used up leaves the plan.
func (v *Vendor) pick(a *ask) (Fault, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, p := range v.faults {
		if !p.Match.fits(a) {
			continue
		}
		p.seen++
		first, times := max(p.Match.Nth, 1), p.Match.Times
		if p.seen < first {
			continue
		}
		if times >= 0 && p.seen >= first+max(times, 1)-1 {
			v.faults = slices.Delete(v.faults, i, i+1)
		}
		a.row.Fault = p.name()
		return p.Fault, true
	}
	return Fault{}, false
}

func (m Match) fits(a *ask) bool {
	return (m.Dialect == "" || m.Dialect == a.dialect) &&
		(m.Method == "" || m.Method == a.row.Method) &&
		(m.Op == "" || m.Op == a.op) &&
		(!m.Writes || a.op.Writes()) &&
		(m.UserID == 0 || m.UserID == a.id)
}

// spoil returns what goes out in place of the true answer.
func (v *Vendor) spoil(a *ask, f Fault, truth reply) reply {
	switch f.Kind {
	case Cut:
		return reply{cut: a.op.Writes(), partial: !a.op.Writes(), status: http.StatusOK}
	case Status:
		return v.fail(a, cmp.Or(f.Status, http.StatusInternalServerError), "Something went wrong")
	case HTML:
		return page(cmp.Or(f.Status, http.StatusOK))
	case RateLimited:
		rep := v.fail(a, http.StatusTooManyRequests, "Too Many Requests")
		if f.RetryAfter != "" {
			rep.header.Set("Retry-After", f.RetryAfter)
		}
		return rep
	case Redirect:
		rep := page(cmp.Or(f.Status, http.StatusFound))
		rep.header.Set("Location", cmp.Or(f.Location, landing+"?from="+a.row.Method))
		return rep
	case WrongID:
		return v.mistake(a, truth)
	case Truncated:
		truth.partial = true
		return truth
	}
	return raw(http.StatusOK, "application/json", []byte("\x1f\x8b\x00{\"id\": 36"))
}
