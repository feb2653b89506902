package view

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/commands"
)

// blockForm names what holds the button that opens the form.
const blockForm = "form"

// longestButton is how much a button may bear.
const longestButton = 2000

// formButton opens the form with what is filled in already. What has no room on the button is left out.
func formButton(d commands.Draft, label string) slack.Block {
	if label == "" {
		label = "Open the form"
	}
	value := formValue(d)
	if units(value) > longestButton {
		d.Reason = ""
		value = formValue(d)
	}
	if units(value) > longestButton {
		value = formValue(commands.Draft{App: d.App, Bundle: d.Bundle, Action: d.Action})
	}
	return slack.NewActionBlock(blockForm, &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionForm, Value: value, Text: typed(plain(75, label))})
}

func formValue(d commands.Draft) string {
	d.Missing = nil
	return "v1:" + string(JSON(d))
}

// ParseFormValue is what a button that opens the form bears. ErrOtherVersion: another version of Usher drew it. Any
// other error: it was never ours.
func ParseFormValue(s string) (d commands.Draft, err error) {
	version, raw, ok := strings.Cut(s, ":")
	switch {
	case !ok || !strings.HasPrefix(version, "v"):
		return d, fmt.Errorf("parse form button %.40q: not one of ours", s)
	case version != "v1":
		return d, fmt.Errorf("parse form button %.40q: %w", s, ErrOtherVersion)
	}
	if err := json.Unmarshal([]byte(raw), &d); err != nil {
		return d, fmt.Errorf("parse form button %.40q: not one of ours", s)
	}
	return d, nil
}
