package view

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// CallbackExtend names the form for a request for longer, and FieldMore its field for how much longer. ActionExtendHere opens the form from
// a message that doesn't follow what it names, and CallbackExtendHere is the form then: it says itself what came of it. They never change
// their meaning.
const (
	CallbackExtend     = "extend"
	ActionExtendHere   = "extend_here"
	CallbackExtendHere = "extend_here"
	FieldMore          = "more"
)

// mostExtended is how many of what ends soon have a button of their own in a digest.
const mostExtended = 5

// extending are the buttons by which the first of what ends soon is asked for longer, where nobody asked yet; nil: there is nothing.
func extending(ending []approvals.Request) slack.Block {
	var buttons []slack.BlockElement
	for _, r := range ending {
		if _, asked := r.Asking(); !asked && r.Formless() == nil && len(buttons) < mostExtended {
			b := button(fmt.Sprint(ActionExtendHere, rowMark, len(buttons)+1), fmt.Sprintf("Extend #%d…", r.Number), r.Name(), "")
			b.AccessibilityLabel = plain(75, fmt.Sprintf("Extend #%d, %s", r.Number, subject(r).Plain()))
			buttons = append(buttons, b)
		}
	}
	if len(buttons) == 0 {
		return nil
	}
	return slack.NewActionBlock(ActionExtendHere, buttons...)
}

// extends says what a request for longer changes: the end of an earlier one, and nothing else.
func extends(r approvals.Request) []approvals.Text {
	return append(r.Alters(), say("Given %v by #%v. Nothing else changes.", r.Extends.Given, r.Extends.Of))
}

// expires says until when a request can be decided. Of one for longer that is the end itself, mostly.
func expires(r approvals.Request) approvals.Text {
	if r.Extends != nil && r.Expires.Equal(r.Extends.Was) {
		return say("*Expires* %v, when #%v ends unless somebody says yes", r.Expires, r.Extends.Of)
	}
	if r.Lingers() {
		return say("*Asked again* %v", r.Expires)
	}
	return say("*Expires* %v", r.Expires)
}

// longer says what was last asked for longer of what a request gave; nothing: nobody asked.
func longer(r approvals.Request) []approvals.Text {
	if len(r.Longer) == 0 {
		return nil
	}
	switch l := r.Longer[len(r.Longer)-1]; l.State {
	case approvals.Pending:
		return []approvals.Text{say("%v has asked for longer, until %v: #%v waits for a decision.", l.By, l.To, l.Number)}
	case approvals.Done:
		return []approvals.Text{say("Extended from %v by #%v.", l.Was, l.Number)}
	default:
		return []approvals.Text{say("%v asked for longer; #%v is %v.", l.By, l.Number, state(approvals.Request{State: l.State}))}
	}
}

// holding are the buttons of whoever has something for a time. Where it is asked for longer already there is nothing to ask.
func holding(r approvals.Request) []slack.BlockElement {
	if _, asked := r.Asking(); asked {
		return []slack.BlockElement{endNow(r)}
	}
	return []slack.BlockElement{button(ActionExtend, "Extend", r.Name(), slack.StylePrimary), endNow(r)}
}

// ExtendForm asks for how much longer somebody needs what a request gave, and why. Its private metadata names the request
// like a button does.
func ExtendForm(r approvals.Request) slack.ModalViewRequest {
	p := newPage()
	p.section(title(r.HeardBlind()), say("It ends %v. Those who allowed it are asked whether it may go on.", r.EndsAt))
	more := &slack.PlainTextInputBlockElement{Type: slack.METPlainTextInput, ActionID: FieldMore, MinLength: 1, MaxLength: 40, InitialValue: "30d", FocusOnLoad: true}
	p.blocks = append(p.blocks, slack.NewInputBlock(FieldMore, typed("How much longer?"), typed("In days, weeks or hours, such as 30d, counted from its end. Or the new last day, such as 2026-12-31."), more))
	why := &slack.PlainTextInputBlockElement{Type: slack.METPlainTextInput, ActionID: FieldReason, Multiline: true, MinLength: 1, MaxLength: 500}
	p.blocks = append(p.blocks, slack.NewInputBlock(FieldReason, typed("Why?"), nil, why))
	return wordsForm(CallbackExtend, ButtonValue(r.Name()), say("Extend #%v", r.Number), "Ask", p)
}

// ReadExtend is what was filled in: how much longer, and why.
func ReadExtend(inputs []Input) (more, why string) {
	for _, in := range inputs {
		switch words := strings.Join(in.Values, ""); in.Block {
		case FieldMore:
			more = words
		case FieldReason:
			why = words
		}
	}
	return more, why
}

// WrongExtend is what is wrong with it, under its fields.
func WrongExtend(m commands.Mistakes) map[string]string {
	under := map[string]string{}
	for place, say := range m {
		block := FieldMore
		if place == commands.PlaceReason {
			block = FieldReason
		}
		under[block] = UnderField(say)
	}
	return under
}
