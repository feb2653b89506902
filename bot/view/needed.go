package view

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// The buttons of the question whether accounts are still needed. They never change their meaning.
const (
	ActionNeeded   = "needed_keep"
	ActionTakeBack = "needed_take"
)

// NeededValue names the account that a button is about.
type NeededValue struct {
	App   string `json:"a"`
	Email string `json:"e"`
}

// String is how a button bears it.
func (v NeededValue) String() string { return "v1:" + string(JSON(v)) }

// ParseNeeded is what such a button bears. ErrOtherVersion: another version of Usher drew it.
func ParseNeeded(s string) (v NeededValue, err error) { return v, parseBorne(s, &v) }

// Needed asks which accounts of outsiders are still needed: those that nobody has answered first, each with its buttons.
func Needed(s commands.StillNeeded) Message {
	p := newPage()
	p.section(s.Head)
	for i, a := range s.Accounts {
		if p.left < neededRoom || len(p.blocks)+4 > p.most {
			p.small("", say("and %v more: answer these first, and they come up here.", len(s.Accounts)-i))
			break
		}
		p.add(sectionOf(markup(mrkdwn(neededWords, a.Say))))
		p.lines = append(p.lines, a.Say)
		if buttons := neededButtons(i, a); a.Open && buttons != nil && weight(buttons) <= p.left {
			p.add(buttons)
		}
	}
	p.small("", s.Foot)
	return p.message()
}

// neededWords is how many letters an account has, and neededRoom what it weighs at most with its buttons and the small print behind it.
const (
	neededWords = 1000
	neededRoom  = 3200
)

// neededButtons are those of an account; nil: it can't be named on any.
func neededButtons(i int, a commands.StillOne) slack.Block {
	value := NeededValue{a.App, a.Email}.String()
	if units(value) > longestButton {
		return nil
	}
	all := []slack.BlockElement{&slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionNeeded, Value: value, Text: typed("Keep"),
		AccessibilityLabel: plain(75, "Keep, "+a.Email)}}
	if a.Takes {
		all = append(all, &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionTakeBack, Value: value, Text: typed("Take away…"),
			AccessibilityLabel: plain(75, "Take away…, "+a.Email)})
	}
	return slack.NewActionBlock(fmt.Sprint("needed-", i), all...)
}

// neededLine stands for such a question on a day on which somebody had their fill.
func neededLine(open int) approvals.Text {
	return say("*Still needed?* I have %v to ask you about, and ask tomorrow.", count(open, "account of somebody outside", "accounts of people outside"))
}
