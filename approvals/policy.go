package approvals

import (
	"slices"
	"strings"
	"time"
)

// Policy says who decides about which requests. The first that matches a request rules it.
type Policy struct {
	Name    string
	Apps    []string // empty: any
	Actions []Action // empty: any
	// When is what else must be so.
	When When
	// Auto approves what it rules by itself, and Refusal refuses it, with the reason that people read; such a policy
	// has no steps.
	Auto    bool
	Refusal string
	// Approvers are people (U…, W…), user groups (S…) and the words Manager, Owners and Admins; of the first step.
	Approvers []string
	// Need is how many distinct people must say yes; at least 1.
	Need int
	// Then are the steps after the first, in order.
	Then []Stage
	// ExpiresAfter closes an undecided request.
	ExpiresAfter time.Duration
	// MaxDuration is the longest that something is given for that can be taken back; 0: it may be for good.
	MaxDuration time.Duration
	// RemindAfter is after how long who has not decided is reminded; 0: never.
	RemindAfter time.Duration
	// EscalateAfter is after how long a step may be decided by EscalateTo too, people and user groups; 0: never.
	EscalateAfter time.Duration
	EscalateTo    []string
	// Queue says what becomes of a seat that somebody waits for in line: QueueAsk asks first; anything else does not.
	Queue string
	// Text is the policy as it stands in the configuration; its hash goes to the audit.
	Text string
}

// Rule is the policy as it was when a request was asked. It is kept with the request, so that a
// change of the configuration never changes quietly who may decide what is already on the table.
type Rule struct {
	Policy    string   `json:"policy"`
	Hash      string   `json:"hash"`
	Approvers []string `json:"approvers"`
	Need      int      `json:"need"`
	// Manager is whom the word manager stood for on the first step, where it stood there.
	Manager *Managed `json:"manager,omitempty"`
	// Then are the steps after the first; none in what was asked while policies had one.
	Then []Stage `json:"then,omitempty"`
	// RemindAfter, EscalateAfter and EscalateTo are as in Policy, for each step from when it begins; 0 in what was
	// asked while there were none: nobody is reminded then, and nothing escalates.
	RemindAfter   time.Duration `json:"remind_after,omitempty"`
	EscalateAfter time.Duration `json:"escalate_after,omitempty"`
	EscalateTo    []string      `json:"escalate_to,omitempty"`
	// Queue is as in Policy.
	Queue string `json:"queue,omitempty"`
	// Auto says that the policy approves by itself, as soon as it is known what a yes would do; the approvers are the
	// admins then, who may say no meanwhile.
	Auto bool `json:"auto,omitempty"`
	// ByHand says that the policy would approve by itself, had nobody edited the request: what was edited takes a click.
	ByHand bool `json:"by_hand,omitempty"`
	// Open says that it hangs on what is read at the vendor whether this policy rules it at all.
	Open bool `json:"open,omitempty"`
	// Chosen is why this policy: what held, and what kept each before it from ruling the request; none where no
	// condition was looked at.
	Chosen []Reason `json:"chosen,omitempty"`
}

// Itself reports whether nobody is asked for a yes: the policy approves by itself, or it is not known yet which one rules.
func (r Rule) Itself() bool { return r.Auto || r.Open }

// Matches reports whether the policy is about action on app; whether it rules a request hangs on its conditions too.
func (p Policy) Matches(app string, action Action) bool {
	return (len(p.Apps) == 0 || slices.Contains(p.Apps, app)) &&
		(len(p.Actions) == 0 || slices.Contains(p.Actions, action))
}

// IsGroup reports whether an approver is a user group rather than a person.
func IsGroup(approver string) bool { return strings.HasPrefix(approver, "S") }

// Ruling is the answer to "may this person decide?". NotAllowed and could-not-find-out are kept
// apart: both mean no, only the first is final.
type Ruling int

// The rulings.
const (
	May Ruling = iota
	MayNot
	CouldNotTell
)

// Status is what the votes of a request amount to.
type Status int

// The statuses of a Verdict.
const (
	Waiting  Status = iota // more yes-votes are needed
	Granted                // enough distinct people who may decide said yes
	Vetoed                 // somebody who may decide said no
	Unproven               // there would be enough, but whether each may decide could not be found out
)

// Verdict is Judge's answer with its reasons.
type Verdict struct {
	Status Status
	// Step is the step that is decided now, from 0, and Need how many must say yes on it.
	Step int
	Need int
	// Counted are those whose yes counts, on whatever step; Steps are they step by step.
	Counted []Actor
	Steps   [][]Actor
	// Discarded are votes that do not count any more, each with the reason.
	Discarded []Discard
	// Reasons explain the status, for the audit.
	Reasons []string
}

// Discard is a vote that does not count. It is stored with its request's Tally.
type Discard struct {
	By     Actor  `json:"by"`
	Reason string `json:"reason"`
	// Unsure: whether it counts could not be found out.
	Unsure bool `json:"unsure,omitempty"`
	// Gains: it is for them.
	Gains bool `json:"gains,omitempty"`
	// Asked: they asked for it.
	Asked bool `json:"asked,omitempty"`
	// Earlier: they decided an earlier step.
	Earlier bool `json:"earlier,omitempty"`
	// Place is whose place another one had said yes in before; "": it is not for that.
	Place PersonID `json:"place,omitempty"`
}

// Missing is how many more people must say yes.
func (v Verdict) Missing() int { return max(v.Need-len(v.Steps[v.Step]), 0) }

// MayDecide answers whether an actor may decide the present step of a request, and why not. The requester never may, nor the person
// it is for, by any route. Somebody at the machine's command line may: the socket is open only to the account
// that runs Usher, and the vote counts as that of one person.
func MayDecide(r Request, a Actor, f Facts) (Ruling, Text) {
	if r.State != Pending {
		return mayOn(r, anyStep, a, f)
	}
	ruling, say := mayBy(r, a, f, func(id PersonID) (Ruling, Text) {
		own, say := inStep(r, r.Present(), id, f)
		if own == May {
			return own, say
		}
		switch _, ruling, why := r.inPlace(id, f); {
		case ruling == May, own == MayNot && len(why) > 0:
			return ruling, why
		}
		return own, say
	})
	if ruling != May {
		return ruling, say
	}
	return distinct(r, a)
}

// anyStep stands for all steps of a rule.
const anyStep = -1

// mayOn answers whether an actor may decide one step themselves, apart from what they have decided before.
func mayOn(r Request, step int, a Actor, f Facts) (Ruling, Text) {
	return mayBy(r, a, f, func(id PersonID) (Ruling, Text) {
		if step == anyStep && r.Stood(id) {
			return May, nil
		}
		return inStep(r, step, id, f)
	})
}

// voteOn answers whether a vote may count, by the right by which it was given.
func voteOn(r Request, v Vote, f Facts) (Ruling, Text) {
	if v.For == "" {
		return mayOn(r, v.Step, v.By, f)
	}
	return mayBy(r, v.By, f, func(PersonID) (Ruling, Text) { return r.place(v.Step, v.For, f) })
}

// mayBy answers whether an actor may decide a request, where right says so of people by what they are named for: all
// that holds of everybody comes first.
func mayBy(r Request, a Actor, f Facts, right func(PersonID) (Ruling, Text)) (Ruling, Text) {
	own := gains(r, a, f)
	if name, os := a.IsOS(); os {
		if own == MayNot {
			return MayNot, Sayf("Your account on this machine is called %v, like the mailbox #%v is for, so somebody else must decide.", name, r.Number)
		}
		if asked(r, a, f) {
			return MayNot, Sayf("Your account on this machine is called %v, like the mailbox of %v, who asked for #%v, so somebody else must decide.", name, r.askersSay(), r.Number)
		}
		return May, nil
	}
	id := a.Person()
	switch {
	case id == "":
		return MayNot, Sayf("Only people can decide.")
	case id == r.Requester:
		return MayNot, Sayf("You asked for #%v yourself, so somebody else must decide: %v.", r.Number, r.Deciders())
	case r.Extends != nil && id == r.Extends.By:
		return MayNot, Sayf("You asked for #%v, which #%v would make longer, so somebody else must decide: %v.", r.Extends.Of, r.Number, r.Deciders())
	case r.Occasion != nil && Actor(id) == r.Occasion.By:
		return MayNot, Sayf("You said so yourself (%v), so somebody else must decide #%v: %v.", r.Occasion.Because(), r.Number, r.Deciders())
	case r.Occasion != nil && id == r.Occasion.Person:
		return MayNot, Sayf("#%v is about you, so somebody else must decide.", r.Number)
	case own == MayNot:
		return MayNot, ownSay(r, own, r.decidersBut(id))
	}
	who, known := f.People[id]
	if !known {
		return CouldNotTell, Sayf("I couldn't check with Slack who you are just now, so #%v stays as it is. Please try again in a minute.", r.Number)
	}
	if !who.Full() {
		return MayNot, Sayf("Only active members of this workspace can decide, and Slack doesn't list you as one.")
	}
	ruling, say := right(id)
	if ruling == May && own == CouldNotTell {
		return CouldNotTell, ownSay(r, own, r.decidersBut(id))
	}
	return ruling, say
}

// InRule answers whether a rule names somebody on any step, by name or by group, and Slack lists them as an active
// full member: what lets them see, apart from any request that they may decide.
func InRule(rule Rule, id PersonID, f Facts) Ruling {
	who, known := f.People[id]
	switch {
	case !known:
		return CouldNotTell
	case !who.Full():
		return MayNot
	}
	ruling, _ := inStep(Request{Rule: rule}, anyStep, id, f)
	return ruling
}

// inStep answers whether a step, or any, names somebody.
func inStep(r Request, step int, id PersonID, f Facts) (Ruling, Text) {
	stage := r.Rule.all()
	if step != anyStep {
		stage = r.Stages()[step]
	}
	if slices.Contains(stage.People(), id) {
		return May, nil
	}
	ruling, say := MayNot, r.notYours(id, f)
	for _, g := range stage.Groups() {
		members, known := f.Groups[g]
		if slices.Contains(members, id) {
			return May, nil
		}
		if !known {
			ruling = CouldNotTell
			say = Sayf("I couldn't check who's in %v just now, so #%v stays as it is. Please try again in a minute.", g, r.Number)
		}
	}
	return ruling, say
}
