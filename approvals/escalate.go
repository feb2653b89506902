package approvals

import (
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// A step that nobody has decided for as long as its policy says may then be decided by others too, those to whom the
// policy escalates. They are judged as everybody is: nobody decides what they would gain from, nor a step after one that
// they decided, and it takes as many as it took. A step that was escalated stays so, also where it is gone back to: whose
// yes counted goes on counting.

// Raise is a step that was escalated, and when.
type Raise struct {
	// Step is counted from 0.
	Step int       `json:"step"`
	At   time.Time `json:"at"`
	// Gone are those who can't decide it any more, where it was handed on because of that (alive.go), and To to whom; nil:
	// to those whom the policy escalates to.
	Gone []string `json:"gone,omitempty"`
	To   []string `json:"to,omitempty"`
}

// RaisedOn is when a step, counted from 0, was escalated; false: it was not.
func (r Request) RaisedOn(step int) (time.Time, bool) {
	for _, e := range r.Raised {
		if e.Step == step {
			return e.At, true
		}
	}
	return time.Time{}, false
}

// Stages are the steps of a request in order, with those to whom some were escalated.
func (r Request) Stages() []Stage {
	steps := r.Rule.Stages()
	for _, e := range r.Raised {
		if e.Step < len(steps) {
			steps[e.Step] = steps[e.Step].with(e.to(r.Rule))
		}
	}
	return steps
}

// with is the step with more approvers.
func (s Stage) with(more []string) Stage {
	s.Approvers = slices.Clone(s.Approvers)
	for _, a := range more {
		if !slices.Contains(s.Approvers, a) {
			s.Approvers = append(s.Approvers, a)
		}
	}
	return s
}

// escalated is the request as if a step were escalated now.
func (r Request) escalated(step int, now time.Time) Request {
	r.Raised = append(slices.Clone(r.Raised), Raise{Step: step, At: now})
	return r
}

// EscalatesTo are those who may decide a step, counted from 0, only once it is escalated: without those who may anyway,
// and those who never do.
func (r Request) EscalatesTo(step int) Stage {
	before := r.Rule.Stages()[step]
	after := r
	if _, raised := r.RaisedOn(step); !raised {
		after = r.escalated(step, time.Time{})
	}
	s := after.EligibleOn(step)
	s.Approvers = slices.DeleteFunc(slices.Clone(s.Approvers), func(a string) bool { return slices.Contains(before.Approvers, a) })
	return s
}

// EscalatesAt is when the present step of a request that waits escalates; false: it does not, because the policy says
// so, because it has, because the time for deciding is over before, or because nobody else could decide then.
func (r Request) EscalatesAt() (time.Time, bool) {
	_, raised := r.RaisedOn(r.Present())
	at := r.Since().Add(r.Rule.EscalateAfter)
	if r.State != Pending || r.Rule.Itself() || r.Rule.EscalateAfter <= 0 || raised || !at.Before(r.Expires) || len(r.EscalatesTo(r.Present()).Approvers) == 0 {
		return time.Time{}, false
	}
	return at, true
}

// escalate lets others decide the present step too; false: it is not that step's time.
func (r *Request) escalate(e Escalated, now time.Time) bool {
	at, ok := r.EscalatesAt()
	if !ok || e.Step != r.Present() || now.Before(at) || !now.Before(r.Expires) {
		return false
	}
	*r = r.escalated(e.Step, now)
	return true
}

// Escalation carries out intents of kind "escalate". One commit lets others decide, so a crash before it leaves the
// intent, and after it nothing to do; what follows from it is owed by the same commit.
func (d *Desk) Escalation(now func() time.Time) outbox.Doer {
	return d.timer(now, func(key string) Event { return Escalated{Step: stepOf(key)} }, func(r Request, key string) (time.Time, bool) {
		at, ok := r.EscalatesAt()
		return at, ok && stepOf(key) == r.Present() && now().Before(r.Expires)
	})
}
