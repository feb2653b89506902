package view

import (
	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/reviews"
)

// Need is something that somebody was not sent by itself: a question to them, counted from 1, the answer to one of theirs,
// or a warning about what they asked; Kind is the kind of its intent.
type Need struct {
	Request  approvals.Request
	Kind     string
	Question int
	// Review is one that asks Who something, and no request.
	Review *reviews.Review
	Who    approvals.PersonID
	// Still is how many accounts of outsiders somebody is to be asked about.
	Still int
	// Holder is what they are to be asked about an account.
	Holder *commands.HolderAsk
}

// NeedsYou is what somebody reads on a day on which they had as many messages as they are to have: all that they were not
// sent, in one, and what they can do about it now.
func NeedsYou(waiting []approvals.Request, others []Need) Message {
	p := newPage()
	if len(waiting)+len(others) == 0 {
		p.section(say("Nothing in this message needs you any more."))
		return p.message()
	}
	if len(waiting) > 0 {
		p.foot = append(p.foot, slack.NewActionBlock(blockRemind, button(ActionOpen, opening(len(waiting)), waiting[0].Name(), "")))
		p.left -= weight(p.foot[0])
	}
	p.section(say("You've had a lot of messages from me today, so here is the rest in one."))
	needed(p, others)
	if len(waiting) > 0 {
		p.section(say("%v for your decision:", count(len(waiting), "request waits", "requests wait")))
		var lines []approvals.Text
		for _, r := range waiting {
			lines = append(lines, say("*#%v* · %v · %v asks, since %v%v", r.Number, subject(r), r.Asker(), r.Since(), escalatedShort(r)))
		}
		p.list(p.left-2*lastWord, lines, func(left int) approvals.Text { return say("and %v more; `/access pending` lists them all", left) })
	}
	p.small("", say("I keep this up to date until midnight your time. What's still open then comes to you as usual."))
	return p.message()
}

// needed is each of the other things, a question with the button that answers it.
func needed(p *page, others []Need) {
	for _, n := range others {
		if p.tight() {
			p.small("", say("There's more: `/access status` lists what you've asked for."))
			return
		}
		if n.Review != nil {
			reviewWaits(p, *n.Review, n.Who)
			continue
		}
		if n.Holder != nil {
			p.section(n.Holder.Say)
			p.add(holderButtons(*n.Holder))
			continue
		}
		if n.Still > 0 {
			p.section(neededLine(n.Still))
			continue
		}
		r := n.Request
		switch n.Kind {
		case approvals.KindAsk:
			q := r.Questions[n.Question-1]
			p.section(say("*#%v* — %v has a question: %v", r.Number, q.By.Text(), quoted(clip(q.Words, onList))))
			b := button(ActionAnswer, "Answer", r.Name(), "")
			b.Value = QuestionValue(r.Name(), n.Question)
			p.add(slack.NewActionBlock("", b))
		case approvals.KindAnswer:
			if q := r.Questions[n.Question-1]; q.Answer != nil {
				p.section(say("*#%v* — %v answered you: %v", r.Number, r.Asker(), quoted(clip(q.Answer.Words, onList))))
			}
		case approvals.KindProgress:
			p.section(say("*#%v* · %v · %v", r.Number, subject(r), sentence(r.Doing())))
		case approvals.KindTask, approvals.KindOverdue:
			p.section(say("*#%v* · %v is a task of yours, %v.", r.Number, toDo(r), due(r)))
			p.add(slack.NewActionBlock("", button(ActionSteps, "Show the steps", r.Name(), "")))
		default:
			p.section(say("*#%v* can't be approved as it stands: `/access status %v` shows why.", r.Number, r.Number))
		}
	}
}
