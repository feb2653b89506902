package view

import "github.com/usherbot/usher/approvals"

// ApproverCard is what somebody who is named as an approver has of a request by direct message: while it waits, the
// card with its buttons, or without them once it is not their step; then who decided, and when. What came of it is on
// the card in the channel.
func ApproverCard(r approvals.Request, who approvals.PersonID) Message {
	p := newPage()
	switch {
	case r.Offered():
		return offering(r)
	case r.State != approvals.Pending:
	case r.Waits(who):
		return Card(r)
	default:
		p.section(title(r), say("Nothing is left for you to decide here."))
		if r.Several() {
			p.small("", steps(r), absences(r))
			return p.message()
		}
		if r.Rule.Itself() {
			p.small("", itself(r))
			return p.message()
		}
		p.small("", say("*Can approve* %v", deciders(r)), absences(r))
		return p.message()
	}
	p.section(title(r), decision(r))
	if r.State == approvals.Denied {
		p.words(r.Refusal)
	}
	pastPolicy(p, r)
	return p.message()
}
