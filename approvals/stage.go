package approvals

import (
	"slices"
)

// Stage is one step of a policy: who decides it, and how many of them must say yes.
type Stage struct {
	// Approvers are people (U…, W…) and user groups (S…); of a policy also Manager, Owners and Admins.
	Approvers []string `json:"approvers"`
	Need      int      `json:"need"`
	// Manager is whom the word manager stood for when the request was asked, where it stood here.
	Manager *Managed `json:"manager,omitempty"`
	// Again lets who decided an earlier step decide this one too, by a click of its own.
	Again bool `json:"again,omitempty"`
	// away are those of them who are away, of a request.
	away []Absence
}

// Words that stand for people among the approvers of a policy. A request is pinned to whom they stand for when it
// is asked.
const (
	Manager = "manager" // of whom a request is for, or of who asks (manager.go)
	Owners  = "owners"  // of the app
	Admins  = "admins"  // of Usher
)

// People are the approvers that are named themselves.
func (s Stage) People() (out []PersonID) {
	for _, a := range s.Approvers {
		if !IsGroup(a) {
			out = append(out, PersonID(a))
		}
	}
	return out
}

// Groups are the user groups among the approvers.
func (s Stage) Groups() (out []GroupID) {
	for _, a := range s.Approvers {
		if IsGroup(a) {
			out = append(out, GroupID(a))
		}
	}
	return out
}

// Text names who may decide: "<@U0BOB> or anyone in <!subteam^S0LEADS>".
func (s Stage) Text() Text {
	var names []Text
	for _, p := range s.People() {
		name := Sayf("%v", p)
		switch m := s.Manager; {
		case p == Manager:
			name = Sayf("the manager") // of a policy
		case m != nil && m.By == p:
			name = Sayf("%v (%v)", p, m.Text())
		}
		if a, away := absenceOf(s.away, p); away && a.Deputy != "" {
			name = Sayf("%v (away; %v decides for them)", name, a.Deputy)
		} else if away {
			name = Sayf("%v (away)", name)
		}
		names = append(names, name)
	}
	for _, g := range s.Groups() {
		names = append(names, Sayf("anyone in %v", g))
	}
	if n := len(names); n > 1 {
		return Sayf("%v or %v", Join(names[:n-1], ", "), names[n-1])
	}
	return Join(names, "")
}

// Plain is the step without who of those it names is away, where that is said beside it.
func (s Stage) Plain() Stage {
	s.away = nil
	return s
}

// without is the step without some people.
func (s Stage) without(ids ...PersonID) Stage {
	s.Approvers = slices.DeleteFunc(slices.Clone(s.Approvers), func(a string) bool { return slices.Contains(ids, PersonID(a)) })
	return s
}

// Stages are the steps of a policy in order.
func (p Policy) Stages() []Stage { return stages(Stage{Approvers: p.Approvers, Need: p.Need}, p.Then) }

// Stages are the steps of a rule in order; at least one.
func (r Rule) Stages() []Stage {
	return stages(Stage{Approvers: r.Approvers, Need: r.Need, Manager: r.Manager}, r.Then)
}

func stages(first Stage, then []Stage) (out []Stage) {
	for _, s := range append([]Stage{first}, then...) {
		s.Need = max(s.Need, 1)
		out = append(out, s)
	}
	return out
}

// all is everybody whom a rule names, on whatever step, or to whom it escalates.
func (r Rule) all() (s Stage) {
	s.Approvers = slices.Clone(r.EscalateTo)
	for _, one := range r.Stages() {
		s.Approvers = append(s.Approvers, one.Approvers...)
	}
	slices.Sort(s.Approvers)
	s.Approvers = slices.Compact(s.Approvers)
	return s
}

// People are those whom a rule names themselves, and Groups the user groups, on whatever
// step or once it is escalated.
func (r Rule) People() []PersonID { return r.all().People() }

// Groups are the user groups that a rule names, on whatever step.
func (r Rule) Groups() []GroupID { return r.all().Groups() }

// For is the policy as a request for an app is pinned to it: owners and admins are the people and groups they stand
// for now. Manager stays a word, for it is another person for each request, and counts as one.
func (p Policy) For(owners []string, admins []PersonID) Rule {
	rule := Rule{Policy: p.Name, Hash: p.Hash(), Auto: p.Auto, Queue: p.Queue,
		RemindAfter: p.RemindAfter, EscalateAfter: p.EscalateAfter, EscalateTo: slices.Clone(p.EscalateTo)}
	for i, s := range p.Stages() {
		s.Approvers = meant(s.Approvers, owners, admins)
		if i == 0 {
			rule.Approvers, rule.Need = s.Approvers, s.Need
			continue
		}
		rule.Then = append(rule.Then, s)
	}
	return rule
}

// meant are approvers with whom the words among them stand for, each once.
func meant(approvers, owners []string, admins []PersonID) (out []string) {
	add := func(id string) {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for _, a := range approvers {
		switch a {
		case Owners:
			for _, o := range owners {
				add(o)
			}
		case Admins:
			for _, id := range admins {
				add(string(id))
			}
		default:
			add(a)
		}
	}
	return out
}

// Short is the first step that cannot be filled, counted from 0: it needs more people than it names, or than are
// left of them beside those whom the earlier steps take. -1: none. A group counts as enough, because who is in it
// changes; so do people who decided before, where a step lets them decide again, and such a step takes nobody away from
// others.
func Short(steps []Stage) int {
	held := map[PersonID]int{} // who is taken, and by which step
	for i, s := range steps {
		people := s.People()
		if len(s.Groups()) > 0 {
			continue
		}
		if len(people) < s.Need {
			return i
		}
		if s.Again && i > 0 {
			continue
		}
		for range s.Need {
			if !take(steps, held, i, map[PersonID]bool{}) {
				return i
			}
		}
	}
	return -1
}

// take finds one more person for a step, moving others to where they can be spared.
func take(steps []Stage, held map[PersonID]int, i int, tried map[PersonID]bool) bool {
	for _, p := range steps[i].People() {
		if tried[p] {
			continue
		}
		tried[p] = true
		by, taken := held[p]
		if taken && (by == i || !take(steps, held, by, tried)) {
			continue
		}
		held[p] = i
		return true
	}
	return false
}

// Present is the step that is decided now, counted from 0, as far as the votes were judged; of a request that is
// decided, the one on which it was.
func (r Request) Present() int {
	if r.Tally == nil {
		return 0
	}
	return min(r.Tally.Step, len(r.Rule.Then))
}

// Stage is the step that is decided now.
func (r Request) Stage() Stage { return r.Stages()[r.Present()] }

// Several reports whether a request is decided in more than one step.
func (r Request) Several() bool { return len(r.Rule.Then) > 0 }

// Eligible is the present step without those who never decide it, whatever the rule says: who asked, whom it is for,
// and who decided an earlier step that others than they must follow.
func (r Request) Eligible() Stage { return r.EligibleOn(r.Present()) }

// EligibleOn is Eligible of any step, counted from 0, and without who could not decide any more when last seen.
func (r Request) EligibleOn(step int) Stage { return r.standing(r.eligible(step)) }

// eligible is EligibleOn with those who, when last seen, could not decide any more.
func (r Request) eligible(step int) Stage {
	stage := r.Stages()[step].without(r.gainers()...)
	stage.away = r.Absent(step)
	if stage.Again {
		return stage
	}
	for before := range step {
		for _, a := range r.YesOn(before) {
			stage = stage.without(a.Person())
		}
	}
	return stage
}

// Asks reports whether somebody is named as one who decides the present step, or is the deputy of one.
func (r Request) Asks(id PersonID) bool {
	s := r.Eligible()
	return slices.Contains(s.People(), id) || slices.Contains(s.Deputies(), id) || slices.Contains(r.allied(r.Present()), id)
}

// Waits reports whether what somebody has of a request that waits asks for their word: of one in a single step it does
// for everybody who was ever named, by what it asks now.
func (r Request) Waits(id PersonID) bool {
	return r.Asks(id) || !r.Several() && !r.Stood(id) && !r.Former(id)
}

// Answered reports whether somebody has had their say on the present step, or on another whose deciders are left out of it.
func (r Request) Answered(a Actor) bool {
	if _, voted := r.voteOn(a, r.Present()); voted {
		return true
	}
	ruling, _ := distinct(r, a)
	return ruling == MayNot
}

// voteOn is the vote of an actor on one step, if there is one.
func (r Request) voteOn(a Actor, step int) (Vote, bool) {
	for _, v := range r.Votes {
		if v.By == a && v.Step == step {
			return v, true
		}
	}
	return Vote{}, false
}

// samePerson reports whether two actors count as one: the command line is one person, whatever its accounts.
func samePerson(a, b Actor) bool { return a == b || a.atMachine() && b.atMachine() }

// distinct refuses who said yes on another step, where the later of the two is for others than them. A vote on a later
// step is there where an earlier one was undone since.
func distinct(r Request, a Actor) (Ruling, Text) {
	steps, now := r.Stages(), r.Present()
	for _, v := range r.Votes {
		later := max(v.Step, now)
		if v.Step == now || !samePerson(v.By, a) || later < len(steps) && steps[later].Again {
			continue
		}
		if who := r.Eligible().without(a.Person()); len(who.Approvers) > 0 {
			return MayNot, Sayf("You said yes to step %v of #%v, so somebody else must decide step %v: %v.", v.Step+1, r.Number, now+1, who.Text())
		}
		return MayNot, Sayf("You said yes to step %v of #%v, so somebody else must decide step %v.", v.Step+1, r.Number, now+1)
	}
	return May, nil
}

// notYours tells somebody who does not decide the present step who does.
func (r Request) notYours(id PersonID, f Facts) Text {
	if r.Several() && r.State == Pending {
		now, steps := r.Present(), len(r.Rule.Stages())
		for i, s := range r.Stages() {
			switch {
			case i == now || !s.names(id, f):
			case i < now:
				return Sayf("Step %v of #%v is decided. Step %v of %v isn't yours to decide; %v can.", i+1, r.Number, now+1, steps, r.Deciders())
			default:
				return Sayf("#%v isn't yours to decide yet: it's at step %v of %v, and %v can decide that.%v", r.Number, now+1, steps, r.Deciders(), r.asideSay())
			}
		}
	}
	if at, ok := r.EscalatesAt(); ok && r.EscalatesTo(r.Present()).names(id, f) {
		return Sayf("#%v isn't yours to decide yet; %v can. If it's still waiting %v, you can too.", r.Number, r.Deciders(), at)
	}
	return Sayf("#%v isn't yours to decide; %v can.", r.Number, r.Deciders())
}

// names reports whether a step names somebody, as far as is known.
func (s Stage) names(id PersonID, f Facts) bool {
	return slices.Contains(s.People(), id) || slices.ContainsFunc(s.Groups(), func(g GroupID) bool { return slices.Contains(f.Groups[g], id) })
}

// asideSay ends an answer with the votes that do not count; nil: all do.
func (r Request) asideSay() Text {
	var out []Text
	for _, d := range r.SetAside() {
		out = append(out, d.Text())
	}
	if len(out) == 0 {
		return nil
	}
	return Sayf(" Not counted: %v.", Join(out[:min(len(out), mostSetAside)], ", "))
}
