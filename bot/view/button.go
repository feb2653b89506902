package view

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// The action ids of our buttons, and what names the Deny form and the one field in it. They stand in
// messages that outlive any version of the program, so they never change their meaning.
const (
	ActionApprove     = "approve"
	ActionDeny        = "deny"
	ActionHappened    = "happened"
	ActionNotHappened = "not_happened"
	ActionRetry       = "retry"
	ActionAsk         = "ask"
	ActionAnswer      = "answer"
	// ActionEdit opens a request's own form, to change what it asks.
	ActionEdit = "edit"
	// ActionOpen shows a request to who presses it, as it is then, with the buttons to decide it if it's theirs.
	ActionOpen = "open"
	// ActionLeave leaves a request as it is, where a yes was asked for once more.
	ActionLeave = "leave"
	// ActionForm opens the form for asking; its button bears what is filled in already.
	ActionForm = "form"

	// BlockDecide and BlockUnread name what holds the buttons of a card that says what a yes would do, and of one
	// that does not say it yet.
	BlockDecide = "decide"
	BlockUnread = "decide-unread"

	CallbackDeny   = "deny"
	CallbackAsk    = "ask"
	CallbackAnswer = "answer"
	CallbackEdit   = "edit"
	// FieldReason is both block id and action id of the reason in the Deny form, and FieldWords of the one field in
	// the forms for a question and for its answer.
	FieldReason = "reason"
	FieldWords  = "words"
)

// onStep adds to the name of what holds a request's buttons which step they decide, counted from 0. The first has
// none, as all had while policies knew one.
func onStep(block string, step int) string {
	if step == 0 {
		return block
	}
	return fmt.Sprintf("%s.%d", block, step+1)
}

// onRequest adds to the name of what holds a request's buttons which step they decide, and behind that how often it had been
// edited when they were drawn; one that never was has nothing there, as all had while nothing could be edited.
func onRequest(block string, r approvals.Request) string { return showing(block, r, r.Full()) }

// showing is onRequest where it is said otherwise whether a yes puts the request in line.
func showing(block string, r approvals.Request, line bool) string {
	block = onStep(block, r.Present())
	if r.Edition() > 0 {
		block = fmt.Sprintf("%s+%d", block, r.Edition())
	}
	return block + relied(r.News, line)
}

// Edition is how often a request had been edited when the buttons in a block were drawn.
func Edition(block string) int {
	block, _, _ = strings.Cut(block, "~")
	_, edits, _ := strings.Cut(block, "+")
	n, err := strconv.Atoi(edits)
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// relied adds to it what a yes relies on: how often that has changed, and whether no seat is free; nothing on a card of
// which neither is to be said.
func relied(news int, line bool) string {
	switch {
	case line:
		return fmt.Sprintf("~%dl", news)
	case news > 0:
		return fmt.Sprintf("~%d", news)
	}
	return ""
}

// Relied is what a card said that a click's yes relies on, by the name of what held its buttons.
func Relied(block string) (news int, line bool) {
	_, said, _ := strings.Cut(block, "~")
	said, line = strings.CutSuffix(said, "l")
	if n, err := strconv.Atoi(said); err == nil && n > 0 {
		news = n
	}
	return news, line
}

// Shown takes apart the name of what holds a request's buttons: which step it decides, counted from 0.
func Shown(block string) (name string, step int) {
	block, _, _ = strings.Cut(block, "~")
	block, _, _ = strings.Cut(block, "+")
	name, of, several := strings.Cut(block, ".")
	if n, err := strconv.Atoi(of); several && err == nil && n > 1 {
		return name, n - 1
	}
	return name, 0
}

// ErrOtherVersion is returned for the value of a button that another version of Usher drew.
var ErrOtherVersion = errors.New("button is of another version")

// buttonValue is what every version of Usher has its buttons bear; namedValue, what this one does.
var (
	buttonValue = regexp.MustCompile(`^v([1-9][0-9]{0,3}):(.+)$`)
	namedValue  = regexp.MustCompile(`^v[12]:([1-9][0-9]{0,18})(?::([a-z2-7]{16}))?$`)
)

// ButtonValue is what a button of a request carries, and the Deny form in its private metadata:
// "v2:12:NONCE", or "v1:12" for a request that was kept before there were nonces.
func ButtonValue(r approvals.Name) string {
	if r.Nonce == "" {
		return fmt.Sprintf("v1:%d", r.Number)
	}
	return fmt.Sprintf("v2:%d:%s", r.Number, r.Nonce)
}

// ParseButtonValue is the request named in a value that ButtonValue made. ErrOtherVersion: another
// version of Usher drew it. Any other error: it was never ours.
func ParseButtonValue(s string) (approvals.Name, error) {
	m := buttonValue.FindStringSubmatch(s)
	if m == nil {
		return approvals.Name{}, fmt.Errorf("parse button value %.40q: not one of ours", s)
	}
	if m[1] != "1" && m[1] != "2" {
		return approvals.Name{}, fmt.Errorf("parse button value %.40q: %w", s, ErrOtherVersion)
	}
	if m = namedValue.FindStringSubmatch(s); m != nil {
		n, err := strconv.ParseInt(m[1], 10, 64)
		if name := (approvals.Name{Number: n, Nonce: m[2]}); err == nil && ButtonValue(name) == s {
			return name, nil
		}
	}
	return approvals.Name{}, fmt.Errorf("parse button value %.40q: no request", s)
}

// QuestionValue is what bears one question about a request, counted from 1: "v2:12:NONCE/3".
func QuestionValue(r approvals.Name, question int) string {
	return fmt.Sprintf("%s/%d", ButtonValue(r), question)
}

// Questioned takes apart a value that QuestionValue may have made: the request's own, and the question; 0: none.
func Questioned(value string) (request string, question int) {
	request, of, _ := strings.Cut(value, "/")
	n, err := strconv.Atoi(of)
	if err != nil || n < 1 || fmt.Sprint(n) != of {
		return value, 0
	}
	return request, n
}

// button is one of a request. Its label is also what a screen reader says, with the number.
func button(action, label string, r approvals.Name, look slack.Style) *slack.ButtonBlockElement {
	return &slack.ButtonBlockElement{
		Type: slack.METButton, ActionID: action, Value: ButtonValue(r), Style: look,
		Text:               typed(label),
		AccessibilityLabel: fmt.Sprintf("%s, request %d", label, r.Number),
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
