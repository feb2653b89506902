package approvals

import (
	"fmt"
	"slices"
)

// Judge says what the votes of a request amount to, step by step, given what is known about the voters. One no by
// somebody who may decide vetoes. Votes are judged anew each time: an approver who has left since
// does not count, and one about whom nothing can be found out does not either. A vote counts on the step
// that was decided when it was made, and on no other; a step that has enough gives the word to the next.
func Judge(r Request, f Facts) Verdict {
	v := Verdict{}
	steps := r.Stages()
	j := judge{r: r, f: f, v: &v}
	open := -1 // the first step that has not enough, whatever is found out
	for i, s := range steps {
		j.unproven = 0
		j.step(i, s)
		yes := len(v.Steps[i])
		if yes < s.Need && yes+j.unproven >= s.Need {
			j.unsure = true
		}
		if open < 0 && yes+j.unproven < s.Need {
			open = i
		}
		if open < 0 || i <= open {
			v.Reasons = append(v.Reasons, underStep(r.Rule, i, saidYes(yes, s.Need)))
		}
	}
	v.Step = open
	if open < 0 {
		v.Step = len(steps) - 1
	}
	v.Need = steps[v.Step].Need
	switch {
	case v.Status == Vetoed:
	case j.unsure:
		v.Status = Unproven
	case open < 0:
		v.Status = Granted
	}
	return v
}

// judge goes through the steps of one request.
type judge struct {
	r Request
	f Facts
	v *Verdict
	// unproven are the votes on the present step that would count if more were known; unsure: a step hangs on such.
	unproven int
	unsure   bool
}

// step counts the votes on one step.
func (j *judge) step(i int, s Stage) {
	var yes []Actor
	var places []PersonID // whose place each of them fills
	for _, vote := range j.r.Votes {
		if vote.Step != i {
			continue
		}
		ruling, why := voteOn(j.r, vote, j.f)
		switch {
		case ruling == MayNot:
			j.aside(Discard{By: vote.By, Reason: why.Plain(), Gains: gains(j.r, vote.By, j.f) == MayNot, Asked: asked(j.r, vote.By, j.f)})
		case ruling == CouldNotTell:
			j.unproven++
			j.aside(Discard{By: vote.By, Unsure: true, Reason: "could not find out: " + why.Plain()})
		case !s.Again && vote.For != "" && j.decidedBefore(Actor(vote.For)):
			j.aside(Discard{By: vote.By, Earlier: true, Reason: fmt.Sprintf("%s decided an earlier step", vote.For)})
		case !s.Again && j.decidedBefore(vote.By):
			j.aside(Discard{By: vote.By, Earlier: true, Reason: "decided an earlier step"})
		case vote.Yes && has(yes, vote.By):
			j.aside(Discard{By: vote.By, Reason: "the machine's command line counts as one person, whatever its accounts"})
		case vote.Yes && vote.of() != "" && slices.Contains(places, vote.of()):
			j.aside(Discard{By: vote.By, Place: vote.of(), Reason: fmt.Sprintf("somebody else said yes in the place of %s", vote.of())})
		case !vote.Yes:
			j.v.Status = Vetoed
			j.v.Reasons = append(j.v.Reasons, fmt.Sprintf("%s said no", vote.by()))
		default:
			yes, places = append(yes, vote.By), append(places, vote.of())
			j.v.Reasons = append(j.v.Reasons, fmt.Sprintf("%s said yes", vote.by()))
		}
	}
	j.v.Steps = append(j.v.Steps, yes)
	for _, a := range yes {
		if !has(j.v.Counted, a) {
			j.v.Counted = append(j.v.Counted, a)
		}
	}
}

// decidedBefore reports whether somebody's yes counts on a step before.
func (j *judge) decidedBefore(a Actor) bool { return has(j.v.Counted, a) }

// aside notes a vote that does not count. Where there are several steps the reasons say so too, because it may be
// why one was gone back to.
func (j *judge) aside(d Discard) {
	j.v.Discarded = append(j.v.Discarded, d)
	if j.r.Several() {
		j.v.Reasons = append(j.v.Reasons, fmt.Sprintf("%s set aside: %s", d.By, d.Reason))
	}
}

// has reports whether somebody is among some, by whatever account at the machine.
func has(list []Actor, a Actor) bool {
	for _, o := range list {
		if samePerson(o, a) {
			return true
		}
	}
	return false
}
