package view

import (
	"github.com/usherbot/usher/approvals"
)

// namesOfOthers is how many people are named of a step that is not decided now.
const namesOfOthers = 3

// steps are the steps of a request that waits, in order: who decided those that are done, who decides now, and who
// comes then.
func steps(r approvals.Request) approvals.Text {
	now := r.Present()
	var all []approvals.Text
	for i := range r.Rule.Stages() {
		switch {
		case i < now:
			all = append(all, say("*%v* %v", i+1, saidYes(r, i)))
		case i == now:
			all = append(all, say("*%v* %v", i+1, decidesNow(r)))
		default:
			all = append(all, say("*%v* then %v", i+1, decidesLater(r, i)))
		}
	}
	line := approvals.Join(all, " · ")
	if not := r.SetAside(); len(not) > 0 {
		line = say("%v · *Not counted:* %v", line, setAside(not))
	}
	return line
}

// saidYes is who decided a step, and when, where that is one person.
func saidYes(r approvals.Request, step int) approvals.Text {
	yes := r.YesOn(step)
	if len(yes) != 1 {
		return say("%v said yes", namingAs(yes, namesOfOthers, r.Voter))
	}
	by := asManager(r, r.Rule.Stages()[step].Manager)(yes[0])
	for _, v := range r.Votes {
		if v.By == yes[0] && v.Step == step {
			return say("%v said yes %v", by, v.At)
		}
	}
	return say("%v said yes", by)
}

// decidesNow is who may decide the present step, and who has said yes on it so far.
func decidesNow(r approvals.Request) approvals.Text {
	stage, yes := r.Eligible(), r.YesOn(r.Present())
	line := say("%v decides now", deciders(r))
	switch {
	case len(yes) > 0:
		return say("%v (%v of %v said yes: %v)", line, len(yes), stage.Need, namingAs(yes, someNames, r.Voter))
	case stage.Need > 1:
		return say("%v (%v of them must say yes)", line, stage.Need)
	}
	return line
}

func decidesLater(r approvals.Request, step int) approvals.Text {
	stage := r.EligibleOn(step)
	if stage.Need > 1 {
		return say("%v of %v", stage.Need, decidersOf(stage, namesOfOthers))
	}
	return decidersOf(stage, namesOfOthers)
}
