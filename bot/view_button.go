package bot

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/slack-go/slack"
)

// The action ids of our buttons, and what names the Deny form and the one field in it. They stand in
// messages that outlive any version of the program, so they never change their meaning.
const (
	ActionApprove     = "approve"
	ActionDeny        = "deny"
	ActionHappened    = "happened"
	ActionNotHappened = "not_happened"
	ActionRetry       = "retry"

	CallbackDeny = "deny"
	// FieldReason is both block id and action id of the reason in the Deny form.
	FieldReason = "reason"
)

// ErrOtherVersion is returned for the value of a button that another version of Usher drew.
var ErrOtherVersion = errors.New("button is of another version")

var buttonValue = regexp.MustCompile(`^v([1-9][0-9]{0,3}):(.+)$`)

// ButtonValue is what a button of request n carries, and the Deny form in its private metadata: "v1:12".
func ButtonValue(n int64) string { return fmt.Sprintf("v1:%d", n) }

// ParseButtonValue is the request number in a value that ButtonValue made. ErrOtherVersion: another
// version of Usher drew it. Any other error: it was never ours.
func ParseButtonValue(s string) (int64, error) {
	m := buttonValue.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("parse button value %.40q: not one of ours", s)
	}
	if m[1] != "1" {
		return 0, fmt.Errorf("parse button value %.40q: %w", s, ErrOtherVersion)
	}
	n, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil || n < 1 || ButtonValue(n) != s {
		return 0, fmt.Errorf("parse button value %.40q: no request number", s)
	}
	return n, nil
}

// button is one of request n. Its label is also what a screen reader says, with the number.
func button(action, label string, n int64, look slack.Style) *slack.ButtonBlockElement {
	return &slack.ButtonBlockElement{
		Type: slack.METButton, ActionID: action, Value: ButtonValue(n), Style: look,
		Text:               typed(label),
		AccessibilityLabel: fmt.Sprintf("%s, request %d", label, n),
	}
}

// confirmed makes a button ask back first. Slack takes 100 characters of title, 300 of text and 30
// of each answer.
func confirmed(b *slack.ButtonBlockElement, title, text, yes string) *slack.ButtonBlockElement {
	b.Confirm = &slack.ConfirmationBlockObject{
		Title: typed(plain(100, title)), Text: typed(plain(300, text)),
		Confirm: typed(plain(30, yes)), Deny: typed("Go back"),
	}
	return b
}
