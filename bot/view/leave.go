package view

import (
	"cmp"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// The buttons and the form about people who leave, and the form's fields. They never change their meaning. A button's action is
// ActionLeaving with what it does behind it, for several stand side by side.
const (
	ActionLeaving = "leaving:"
	CallbackLeave = "leave"
	FieldLeaver   = "leaver"
	FieldDay      = "day"
)

// pressValue is what a button about a leaving bears, and the form that it opens.
func pressValue(p commands.Press) string { return "v1:" + string(JSON(p)) }

// ParsePress is what such a button bears. ErrOtherVersion: another version of Usher drew it.
func ParsePress(s string) (p commands.Press, err error) { return p, parseBorne(s, &p) }

// presses are the buttons about a leaving; nil: there are none.
func presses(list []commands.Press) slack.Block {
	if len(list) == 0 {
		return nil
	}
	var all []slack.BlockElement
	for _, p := range list {
		b := &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionLeaving + p.Does, Text: typed(plain(75, p.Label)), Value: pressValue(p)}
		if p.Sure != "" {
			b = confirmed(b, p.Label+"?", p.Sure, p.Label)
		}
		all = append(all, b)
	}
	return slack.NewActionBlock("", all...)
}

// leaverRows draws things about people who leave, each with its buttons, as far as there is room.
func leaverRows(p *page, list []commands.Row) {
	for _, r := range list {
		p.section(r.Say)
		if b := presses(r.Press); b != nil && p.room() > 0 {
			p.add(b)
		}
	}
}

// LeaveBorne is what the form about a leaving bears: the button that opened it, and where.
type LeaveBorne struct {
	commands.Press
	Channel string `json:"c,omitempty"`
}

// ParseLeave is what that form bears.
func ParseLeave(s string) (b LeaveBorne, err error) { return b, parseBorne(s, &b) }

// LeaveForm asks who leaves and when, on which other day, or why something stays where it is.
func LeaveForm(b LeaveBorne, about approvals.Text) slack.ModalViewRequest {
	p, bears := newPage(), "v1:"+string(JSON(b))
	p.section(about)
	day := slack.NewInputBlock(FieldDay, typed("The day they leave"), typed("Leave it empty if they're gone now."), slack.NewDatePickerBlockElement(FieldDay))
	switch b.Does {
	case commands.PressStays:
		words := slack.NewPlainTextInputBlockElement(typed("Such as: the client keeps it"), FieldWords)
		words.Multiline = true
		p.blocks = append(p.blocks, slack.NewInputBlock(FieldWords, typed("Why does it stay?"), nil, words))
		return wordsForm(CallbackLeave, bears, say("It stays"), "Leave it", p)
	case commands.PressMove:
		day.Hint = nil
		p.blocks = append(p.blocks, day)
		return wordsForm(CallbackLeave, bears, say("Move it"), "Move", p)
	}
	day.Optional = true
	who := &slack.SelectBlockElement{Type: slack.OptTypeUser, ActionID: FieldLeaver, Placeholder: typed("Pick somebody")}
	p.blocks = append(p.blocks, slack.NewInputBlock(FieldLeaver, typed("Who leaves?"), nil, who), day)
	return wordsForm(CallbackLeave, bears, say("Somebody leaves"), "Go on", p)
}

// ReadLeave reads that form.
func ReadLeave(b LeaveBorne, inputs []Input) commands.LeaveFilled {
	f := commands.LeaveFilled{Press: b.Press}
	for _, in := range inputs {
		value := strings.TrimSpace(strings.Join(in.Values, ""))
		switch in.Block {
		case FieldLeaver:
			f.Who = approvals.PersonID(value)
		case FieldDay:
			f.Day = value
		case FieldWords:
			f.Why = value
		}
	}
	return f
}

// LeaveField is the field under which it is said why the form was not taken.
func LeaveField(b LeaveBorne) string {
	return cmp.Or(map[string]string{commands.PressStays: FieldWords, commands.PressMove: FieldDay}[b.Does], FieldLeaver)
}
