package view

import "github.com/usherbot/usher/approvals"

// escalation says to whom a request was escalated, and when; of the step that is decided now also when it will be.
func escalation(r approvals.Request) approvals.Text {
	var all []approvals.Text
	for _, e := range r.Raised {
		to := r.RaisedTo(e)
		if len(to.Approvers) > 0 && len(e.Gone) > 0 {
			all = append(all, say("*Handed on* %v%v to %v, because too few of those asked before can approve any more", e.At, ofStep(r, e.Step), decidersOf(to, someNames)))
		} else if len(to.Approvers) > 0 {
			all = append(all, say("*Escalated* %v%v to %v", e.At, ofStep(r, e.Step), decidersOf(to, someNames)))
		}
	}
	if at, ok := r.EscalatesAt(); ok {
		all = append(all, say("*Escalates* %v to %v", at, decidersOf(r.EscalatesTo(r.Present()), someNames)))
	}
	if gone := r.GoneSay(); len(gone) > 0 {
		all = append([]approvals.Text{say("*Can't approve any more* %v", gone)}, all...)
	}
	return approvals.Join(all, " · ")
}

// ofStep names a step, counted from 0, where there are several.
func ofStep(r approvals.Request, step int) approvals.Text {
	if !r.Several() {
		return nil
	}
	return say(" (step %v)", step+1)
}

// escalatedShort ends the line of a request whose present step was escalated.
func escalatedShort(r approvals.Request) approvals.Text {
	if at, raised := r.RaisedOn(r.Present()); raised {
		return say(" · escalated %v", at)
	}
	return nil
}
