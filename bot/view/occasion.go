package view

import (
	"github.com/usherbot/usher/approvals"
)

// OutcomeOfAll is what those whom an occasion names hear once all that Usher asked on one card is over.
func OutcomeOfAll(list []approvals.Request) Message {
	p := newPage()
	p.section(say("%v, and nothing is left to decide.", list[0].Occasion.Because().Capital()))
	var lines []approvals.Text
	for _, r := range list {
		lines = append(lines, cameTo(r))
	}
	p.list(maxAll/2, lines, func(left int) approvals.Text { return say("and %v more", left) })
	return p.message()
}

// cameTo is in one line what came of a request that Usher asked.
func cameTo(r approvals.Request) approvals.Text {
	line := say("*#%v* · %v — %v", r.Number, subject(r), state(r))
	switch {
	case r.Withdrawn != nil:
		return say("%v, because %v", line, r.Withdrawn)
	case r.State == approvals.Denied && !Blank(r.Refusal):
		return say("%v by %v: “%v”", line, r.Decider(), clip(r.Refusal, 200))
	case r.State == approvals.Denied:
		return say("%v by %v", line, r.Decider())
	}
	return line
}
