package view

import (
	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// blockRemind names what holds the button of a reminder.
const blockRemind = "remind"

// Reminder is what a person, or in the approvals channel a user group, reads of what waits for them, what has waited
// longest first. It is said once and stays as it is: so it has no button that decides, only one that shows the first
// as it is when it's pressed.
func Reminder(who string, list []approvals.Request) Message {
	first := list[0]
	p := newPage(slack.NewActionBlock(blockRemind, button(ActionOpen, opening(len(list)), first.Name(), "")))
	if len(list) == 1 {
		p.section(say("*#%v* %v, since %v: %v.", first.Number, stillWaits(who, "is still"), first.Since(), subject(first)), wish(first))
		p.small("", escalation(first), expires(first))
		return p.message()
	}
	p.section(say("%v requests %v, the oldest since %v:", len(list), stillWaits(who, "are"), first.Since()))
	var lines []approvals.Text
	for _, r := range list {
		lines = append(lines, say("*#%v* · %v · %v asks, since %v%v", r.Number, subject(r), r.Asker(), r.Since(), escalatedShort(r)))
	}
	p.list(p.left-lastWord, lines, func(left int) approvals.Text { return say("and %v more; `/access pending` lists them all", left) })
	return p.message()
}

// Nudge is what they read whom somebody asked to look at a request.
func Nudge(who string, r approvals.Request, by approvals.Actor) Message {
	p := newPage(slack.NewActionBlock(blockRemind, button(ActionOpen, opening(1), r.Name(), "")))
	p.section(say("%v is asking: *#%v* %v, since %v: %v.", by.Text(), r.Number, stillWaits(who, "is still"), r.Since(), subject(r)), wish(r))
	p.small("", escalation(r), expires(r))
	return p.message()
}

func opening(n int) string {
	if n == 1 {
		return "Open it"
	}
	return "Open the first"
}

// stillWaits says for whom something waits: to them, or in the channel of a user group to everybody in it.
func stillWaits(who, is string) approvals.Text {
	if approvals.IsGroup(who) {
		return say("%v waiting for anyone in %v", is, approvals.GroupID(who))
	}
	return say("%v waiting for you", is)
}

// Opened is a request as its reader may decide it now, with its buttons.
func Opened(r approvals.Request) Message {
	p := newPage()
	waiting(p, []approvals.Request{r})
	return p.message()
}
