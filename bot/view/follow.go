package view

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// ActionFollow has whoever presses it told when a request is over, and ActionShow shows them how it stands.
const (
	ActionFollow = "follow"
	ActionShow   = "show"
)

// blockFollow names what holds these buttons.
const blockFollow = "follow"

// followButtons are what to do about a request that asks for the same already: its card, where it is known where that stands,
// and the buttons; of one's own, or one that is decided, there is nothing to wait for.
func followButtons(stands approvals.Name, link string, own bool) (out []slack.Block) {
	n := stands.Number
	if link != "" {
		out = append(out, slack.NewContextBlock("", markup(fmt.Sprintf("<%s|See the card of #%d>", link, n))))
	}
	show := button(ActionShow, say("Show #%v", n).Plain(), stands, "")
	if own {
		return append(out, slack.NewActionBlock(blockFollow, show))
	}
	return append(out, slack.NewActionBlock(blockFollow, button(ActionFollow, say("Tell me when #%v is decided", n).Plain(), stands, ""), show))
}

// cardLinks lead to the cards of several requests that stand in the way, as far as there is room; nil: to none.
func cardLinks(cards []commands.Card) []slack.Block {
	const room = 2800
	var links []string
	left := room
	for _, c := range cards {
		link := fmt.Sprintf("<%s|See the card of #%d>", c.Link, c.Number)
		if left -= len(link) + 3; left > 0 {
			links = append(links, link)
		}
	}
	if len(links) == 0 {
		return nil
	}
	return []slack.Block{slack.NewContextBlock("", markup(strings.Join(links, " · ")))}
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
