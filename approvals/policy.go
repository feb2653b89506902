package approvals

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Policy says who decides about which requests. The first that matches a request rules it.
type Policy struct {
	Name    string
	Apps    []string // empty: any
	Actions []Action // empty: any
	// Approvers are people (U…, W…) and user groups (S…).
	Approvers []string
	// Need is how many distinct people must say yes; at least 1.
	Need int
	// ExpiresAfter closes an undecided request.
	ExpiresAfter time.Duration
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
}

// Matches reports whether the policy rules a request for action on app.
func (p Policy) Matches(app string, action Action) bool {
	return (len(p.Apps) == 0 || slices.Contains(p.Apps, app)) &&
		(len(p.Actions) == 0 || slices.Contains(p.Actions, action))
}

// Match is the first policy that rules action on app.
func Match(policies []Policy, app string, action Action) (Policy, bool) {
	for _, p := range policies {
		if p.Matches(app, action) {
			return p, true
		}
	}
	return Policy{}, false
}

// IsGroup reports whether an approver is a user group rather than a person.
func IsGroup(approver string) bool { return strings.HasPrefix(approver, "S") }

// People are the approvers that are named themselves; Groups are the user groups.
func (r Rule) People() []PersonID {
	var out []PersonID
	for _, a := range r.Approvers {
		if !IsGroup(a) {
			out = append(out, PersonID(a))
		}
	}
	return out
}

// Groups are the user groups among the approvers.
func (r Rule) Groups() []GroupID {
	var out []GroupID
	for _, a := range r.Approvers {
		if IsGroup(a) {
			out = append(out, GroupID(a))
		}
	}
	return out
}

// Text names who may decide: "<@U0BOB> or anyone in <!subteam^S0LEADS>".
func (r Rule) Text() Text {
	var names []Text
	for _, p := range r.People() {
		names = append(names, Sayf("%v", p))
	}
	for _, g := range r.Groups() {
		names = append(names, Sayf("anyone in %v", g))
	}
	if n := len(names); n > 1 {
		return Sayf("%v or %v", Join(names[:n-1], ", "), names[n-1])
	}
	return Join(names, "")
}

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
	Status  Status
	Need    int
	Counted []Actor
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
}

// Missing is how many more people must say yes.
func (v Verdict) Missing() int { return max(v.Need-len(v.Counted), 0) }

// MayDecide answers whether an actor may decide a request, and why not. The requester never may, nor the person
// it is for, by any route. Somebody at the machine's command line may: the socket is open only to the account
// that runs Usher, and the vote counts as that of one person.
func MayDecide(r Request, a Actor, f Facts) (Ruling, Text) {
	own := gains(r, a, f)
	if name, os := a.IsOS(); os {
		if own == MayNot {
			return MayNot, Sayf("Your account on this machine is called %v, like the mailbox #%v is for, so somebody else must decide.", name, r.Number)
		}
		if asked(r, a, f) {
			return MayNot, Sayf("Your account on this machine is called %v, like the mailbox of %v, who asked for #%v, so somebody else must decide.", name, r.Requester, r.Number)
		}
		return May, nil
	}
	id := a.Person()
	switch {
	case id == "":
		return MayNot, Sayf("Only people can decide.")
	case id == r.Requester:
		return MayNot, Sayf("You asked for #%v yourself, so somebody else must decide: %v.", r.Number, r.Deciders())
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
	ruling, say := inRule(r, id, f)
	if ruling == May && own == CouldNotTell {
		return CouldNotTell, ownSay(r, own, r.decidersBut(id))
	}
	return ruling, say
}

// InRule answers whether a rule names somebody, by name or by group, and Slack lists them as an active full
// member: what lets them see, apart from any request that they may decide.
func InRule(rule Rule, id PersonID, f Facts) Ruling {
	who, known := f.People[id]
	switch {
	case !known:
		return CouldNotTell
	case !who.Full():
		return MayNot
	}
	ruling, _ := inRule(Request{Rule: rule}, id, f)
	return ruling
}

func inRule(r Request, id PersonID, f Facts) (Ruling, Text) {
	if slices.Contains(r.Rule.People(), id) {
		return May, nil
	}
	ruling, say := MayNot, Sayf("#%v isn't yours to decide; %v can.", r.Number, r.Deciders())
	for _, g := range r.Rule.Groups() {
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

// Judge says what the votes of a request amount to, given what is known about the voters. One no by
// somebody who may decide vetoes. Votes are judged anew each time: an approver who has left since
// does not count, and one about whom nothing can be found out does not either.
func Judge(r Request, f Facts) Verdict {
	v := Verdict{Need: max(r.Rule.Need, 1)}
	unproven := 0
	for _, vote := range r.Votes {
		ruling, why := MayDecide(r, vote.By, f)
		switch {
		case ruling == MayNot:
			v.Discarded = append(v.Discarded, Discard{By: vote.By, Reason: why.Plain(), Gains: gains(r, vote.By, f) == MayNot, Asked: asked(r, vote.By, f)})
		case ruling == CouldNotTell:
			unproven++
			v.Discarded = append(v.Discarded, Discard{By: vote.By, Unsure: true, Reason: "could not find out: " + why.Plain()})
		case vote.Yes && vote.By.atMachine() && slices.ContainsFunc(v.Counted, Actor.atMachine):
			v.Discarded = append(v.Discarded, Discard{By: vote.By, Reason: "the machine's command line counts as one person, whatever its accounts"})
		case !vote.Yes:
			v.Status = Vetoed
			v.Reasons = append(v.Reasons, fmt.Sprintf("%s said no", vote.By))
		default:
			v.Counted = append(v.Counted, vote.By)
			v.Reasons = append(v.Reasons, fmt.Sprintf("%s said yes", vote.By))
		}
	}
	return v.sum(r, unproven)
}

// onlyStep is the step that votes are for: a policy has exactly one.
const onlyStep = "step 1 of 1"

func (v Verdict) sum(r Request, unproven int) Verdict {
	v.Reasons = append(v.Reasons, under(r.Rule, saidYes(len(v.Counted), v.Need)))
	switch {
	case v.Status == Vetoed:
	case len(v.Counted) >= v.Need:
		v.Status = Granted
	case len(v.Counted)+unproven >= v.Need:
		v.Status = Unproven
	}
	return v
}
