package view

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// ActionHolder is a button of the question to whoever holds an account. It never changes its meaning.
const ActionHolder = "remedy_holder"

// leaveIt is the way of whoever would rather leave an account as it is.
const leaveIt = "leave"

// HolderValue names the question, and what the button answers.
type HolderValue struct {
	App string `json:"a"`
	N   int    `json:"n"`
	Way string `json:"y"`
}

// String is how a button bears it.
func (v HolderValue) String() string { return "v1:" + string(JSON(v)) }

// Leaves reports whether it answers that the account stays as it is.
func (v HolderValue) Leaves() bool { return v.Way == leaveIt }

// ParseHolder is what such a button bears. ErrOtherVersion: another version of Usher drew it.
func ParseHolder(s string) (v HolderValue, err error) { return v, parseBorne(s, &v) }

// Holder asks whoever holds an account what is to become of it, while that is open.
func Holder(a commands.HolderAsk) Message {
	p := newPage()
	p.section(a.Say)
	if len(a.Ways) > 0 {
		p.add(holderButtons(a))
	}
	return p.message()
}

// holderButtons are what whoever is asked about an account can answer.
func holderButtons(a commands.HolderAsk) slack.Block {
	var buttons []slack.BlockElement
	for _, w := range append(a.Ways, leaveIt) {
		label := map[commands.Way]string{commands.RaiseIt: "Raise the limit…", commands.TakeIt: "Give it back…", leaveIt: "Leave it"}[w]
		buttons = append(buttons, &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionHolder + rowMark + string(w), Value: HolderValue{a.App, a.N, string(w)}.String(), Text: typed(label)})
	}
	return slack.NewActionBlock(fmt.Sprintf("%s-%s-%d", ActionHolder, a.App, a.N), buttons...)
}

// Held tells whoever had somebody asked what they said.
func Held(said approvals.Text) Message {
	p := newPage()
	p.section(said)
	return p.message()
}
