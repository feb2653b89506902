package view

import (
	"slices"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/commands"
)

// long asks for how long, of what can be taken back: for good, until a day, or for a time from when it is set up.
func (f *requestForm) long() {
	if f.sheet.Action.Undo == "" {
		return
	}
	d := f.sheet.Draft
	options := []*slack.OptionBlockObject{option(commands.LongForGood, "For good"), option(commands.LongUntil, "Until a date"), option(commands.LongWhile, "For a time")}
	was := f.before(FieldLong, d.Long)
	if len(was) == 0 {
		was = []string{commands.LongForGood}
	}
	f.input(FieldLong, "How long?", &slack.RadioButtonsBlockElement{Type: slack.METRadioButtons, ActionID: FieldLong, Options: options, InitialOption: amongAny(options, was)}, telling)
	switch was[0] {
	case commands.LongUntil:
		pick := slack.NewDatePickerBlockElement(FieldUntil)
		if was := f.before(FieldUntil, d.Until); len(was) > 0 {
			pick.InitialDate = was[0]
		}
		f.input(FieldUntil, "Last day", pick, hinted(f.after()))
	case commands.LongWhile:
		f.text(FieldWhile, "For how long?", d.While, nameShape, hinted("In days, weeks or hours, such as 30d, counted from when it's set up. "+f.after()))
	}
}

// AsksHowLong reports whether a form has a place for how long.
func AsksHowLong(inputs []Input) bool {
	return slices.ContainsFunc(inputs, func(in Input) bool { return in.Block == FieldLong })
}

// after says what happens at the end.
func (f *requestForm) after() string {
	switch byHand := f.sheet.Action.ByHand(); {
	case byHand && f.sheet.Bundle.ID != "":
		return "Then what this gave is removed again, some of it by hand."
	case byHand:
		return "Then somebody removes by hand what this gave."
	}
	return "Then I remove what this gave, and nothing else."
}
