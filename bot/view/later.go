package view

import (
	"slices"
	"strconv"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/commands"
)

// The button that puts a finding off, its form, and the form's field for how long. They never change their meaning.
const (
	ActionLater   = "later"
	CallbackLater = "later"
	FieldHowLong  = "howlong"
)

// laterButton puts a finding off; nil: it is off, or it can't be named on one.
func laterButton(f commands.Finding) *slack.ButtonBlockElement {
	value := MendValue{App: f.App, Key: f.Key}.String()
	if f.Off || f.Key == "" || units(value) > longestButton {
		return nil
	}
	return &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionLater, Value: value, Text: typed("Not now…"),
		AccessibilityLabel: plain(75, "Not now…, "+f.About)}
}

// LaterForm asks for how long a finding is put off, and why.
func LaterForm(f commands.Finding, channel string) slack.ModalViewRequest {
	p := newPage()
	p.section(f.Say, say("Until then it's neither shown nor counted. Then it comes back by itself, unless it's mended."))
	var options []*slack.OptionBlockObject
	for _, days := range commands.PutOffFor {
		options = append(options, option(strconv.Itoa(days), count(days, "day", "days")))
	}
	until := one(FieldHowLong, options, []string{strconv.Itoa(commands.PutOffFor[0])})
	why := &slack.PlainTextInputBlockElement{Type: slack.METPlainTextInput, ActionID: FieldReason, Multiline: true, MinLength: 1, MaxLength: 500, FocusOnLoad: true}
	p.blocks = append(p.blocks, slack.NewInputBlock(FieldReason, typed("Why can it wait?"), typed("Whoever looks after the app sees this."), why),
		slack.NewInputBlock(FieldHowLong, typed("For how long?"), nil, until))
	return wordsForm(CallbackLater, MendValue{App: f.App, Key: f.Key, Channel: channel}.String(), say("Not now"), "Put it off", p)
}

// ReadLater reads that form: for how many days, and why; 0: nobody said for how many.
func ReadLater(inputs []Input) (days int, why string) {
	for _, in := range inputs {
		switch {
		case len(in.Values) != 1:
		case in.Block == FieldHowLong:
			if n, err := strconv.Atoi(in.Values[0]); err == nil && slices.Contains(commands.PutOffFor, n) {
				days = n
			}
		case in.Block == FieldReason:
			why = in.Values[0]
		}
	}
	return days, why
}
