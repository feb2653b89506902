package view

import "github.com/usherbot/usher/approvals"

// ApproverCard is what somebody who is named as an approver has of a request by direct message: while it waits, the
// card with its buttons; then who decided, and when. What came of it is on the card in the channel.
func ApproverCard(r approvals.Request) Message {
	if r.State == approvals.Pending {
		return Card(r)
	}
	p := newPage()
	p.section(title(r), decision(r))
	if r.State == approvals.Denied {
		p.words(r.Refusal)
	}
	pastPolicy(p, r)
	return p.message()
}
