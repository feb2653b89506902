package view

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// ActionFollow has whoever presses it told when a request is over, and ActionShow shows them how it stands.
const (
	ActionFollow = "follow"
	ActionShow   = "show"
)

// blockFollow names what holds these buttons.
const blockFollow = "follow"

// followButtons are what to do about a request that asks for the same already: its card, where it is known where that stands,
// and the buttons.
func followButtons(stands approvals.Name, link string) (out []slack.Block) {
	n := stands.Number
	if link != "" {
		out = append(out, slack.NewContextBlock("", markup(fmt.Sprintf("<%s|See the card of #%d>", link, n))))
	}
	return append(out, slack.NewActionBlock(blockFollow,
		button(ActionFollow, say("Tell me when #%v is decided", n).Plain(), stands, ""),
		button(ActionShow, say("Show #%v", n).Plain(), stands, "")))
}

// Following is what they read who follow a request from now on.
func Following(r approvals.Request) Message {
	p := newPage()
	p.section(say("All right: I'll send you a direct message when *#%v* is decided.", r.Number))
	return p.message()
}

// Followed is what they hear when it is over.
func Followed(r approvals.Request) Message {
	p := newPage()
	p.section(say("You asked to hear about *#%v*, %v: it's *%v*.", r.Number, subject(r), state(r)), decision(r))
	if r.State != approvals.Done && r.State != approvals.Ended {
		p.small("", say("Still needed? `/access request` asks for it."))
	}
	return p.message()
}
