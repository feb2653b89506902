package approvals

import (
	"fmt"
	"slices"
)

// Tally is which votes counted and which were set aside when they were last judged. The people among
// whom a request waits read it on its card, and must not read of a yes that does not count.
type Tally struct {
	// Counted are those whose yes counts, in the order of their votes.
	Counted  []Actor   `json:"counted,omitempty"`
	SetAside []Discard `json:"set_aside,omitempty"`
	// Of a policy of several steps: whose yes counts on each, which is decided now, counted from 0, and which was
	// the furthest that ever was.
	Steps   [][]Actor `json:"steps,omitempty"`
	Step    int       `json:"step,omitempty"`
	Reached int       `json:"reached,omitempty"`
}

// tallyOf is what a verdict came to, after what was kept before.
func tallyOf(v Verdict, was Request) *Tally {
	t := Tally{Counted: v.Counted, SetAside: v.Discarded}
	if was.Several() {
		t.Steps, t.Step, t.Reached = v.Steps, v.Step, max(v.Step, was.Reached())
	}
	return &t
}

// Reached is the furthest step that ever was the present one, counted from 0.
func (r Request) Reached() int {
	if r.Tally == nil {
		return 0
	}
	return min(r.Tally.Reached, len(r.Rule.Then))
}

// YesOn are those whose yes counts on a step, in the order in which they said it.
func (r Request) YesOn(step int) []Actor {
	switch {
	case !r.Several():
		return r.Yes()
	case r.Tally == nil || step >= len(r.Tally.Steps):
		return nil
	}
	return r.Tally.Steps[step]
}

// Yes are those whose yes counts, in the order in which they said it.
func (r Request) Yes() []Actor {
	if r.Tally != nil {
		return r.Tally.Counted
	}
	var out []Actor
	for _, v := range r.Votes {
		if v.Yes {
			out = append(out, v.By)
		}
	}
	return out
}

// SetAside are the votes that did not count when they were last judged.
func (r Request) SetAside() []Discard {
	if r.Tally == nil {
		return nil
	}
	return r.Tally.SetAside
}

// Text names whose vote does not count, and why: "<@U0BOB> (may not decide any more)".
func (d Discard) Text() Text {
	name, machine := d.By.IsOS()
	switch {
	case d.Gains && machine:
		return Sayf("%v (it's for them)", name)
	case d.Gains:
		return Sayf("%v (it's for them)", d.By.Text())
	case d.Earlier:
		return Sayf("%v (decided an earlier step)", d.By.Text())
	case d.Place != "" && d.Place == d.By.Person():
		return Sayf("%v (their deputy said yes for them)", d.By.Text())
	case d.Place != "":
		return Sayf("%v (%v's place is filled)", d.By.Text(), d.Place)
	case d.Asked:
		return Sayf("%v (they asked for it)", name)
	case machine:
		return Sayf("%v (the command line counts as one person)", name)
	case d.Unsure:
		return Sayf("%v (couldn't be checked)", d.By.Text())
	}
	return Sayf("%v (can't approve any more)", d.By.Text())
}

// Counts says to somebody who said yes whether that counts, whose does not, who of the people concerned has left,
// and, where the request still waits, what is missing.
func (b Ballot) Counts() Text {
	n := b.Request.Number
	mine := Sayf("Your yes to #%v counts.", n)
	if b.Repeat {
		mine = Sayf("You already said yes to #%v, and it counts once.", n)
	}
	var others []Text
	for _, d := range b.Request.SetAside() {
		if d.By == b.By {
			mine = Sayf("Your yes to #%v is saved but doesn't add to an earlier one: %v.", n, d.Text())
			continue
		}
		others = append(others, d.Text())
	}
	if len(others) > 0 {
		mine = Sayf("%v Not counted: %v.", mine, Join(others[:min(len(others), mostSetAside)], ", "))
	}
	if left := b.Request.LeftSay(); len(left) > 0 {
		mine = Sayf("%v %v", mine, left)
	}
	if b.Request.State != Pending {
		return mine
	}
	return Sayf("%v %v", mine, b.waiting())
}

// mostSetAside is how many people are named to a voter whose votes do not count.
const mostSetAside = 10

func (b Ballot) waiting() Text {
	if r := b.Request; r.Several() {
		return Sayf("Step %v of %v is decided now, and %v must say yes: %v.", r.Present()+1, len(r.Rule.Stages()), people(b.Missing), r.others())
	}
	if b.Missing <= 1 {
		return Sayf("One more person must say yes before anything happens: %v.", b.Request.others())
	}
	return Sayf("%v more people must say yes before anything happens: %v.", b.Missing, b.Request.others())
}

// others are who may still say yes: not who has said it, nor who may not decide any more. Members of a
// group are not told apart.
func (r Request) others() Text {
	over := slices.Clone(r.YesOn(r.Present()))
	for _, d := range r.SetAside() {
		if !d.Unsure {
			over = append(over, d.By)
		}
	}
	left := r.Eligible()
	for _, a := range over {
		left = left.without(a.Person())
	}
	if len(left.Approvers) == 0 {
		return r.Deciders()
	}
	return left.Text()
}

// people is how many more must say yes, in words.
func people(n int) string {
	if n <= 1 {
		return "one more person"
	}
	return fmt.Sprintf("%d more people", n)
}
