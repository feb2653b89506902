package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Fault is what an error of Slack's means for the one who called.
type Fault int

// The faults, from "none" to the ones that need a person.
const (
	NoFault Fault = iota
	// NotSent: the call never left this machine.
	NotSent
	// Unknown: the answer was lost, so the call may or may not have taken effect.
	Unknown
	// Limited: not now; Error.After says when.
	Limited
	// Misconfigured: a channel or a scope that somebody must see to.
	Misconfigured
	// NoPerson: the person is gone or cannot be written to.
	NoPerson
	// NoMessage: the message to be changed is gone.
	NoMessage
	// Fixed: the message is there but cannot be changed, or taken away, any more.
	Fixed
	// Unfit: Slack refuses what the message looks like; a defect of ours.
	Unfit
	// Refused: the token is not accepted any more.
	Refused
	// Declined: any other no. The call did not take effect.
	Declined
)

// Error is a failed call of the Web API.
type Error struct {
	Method string
	Fault  Fault
	// Code is Slack's word for it, or ours where Slack said nothing.
	Code string
	// After is how long to leave the method alone when Limited.
	After time.Duration
	// Place is the conversation it was about, where that is known.
	Place string
	// Needed is the scope that is missing.
	Needed string
	// Details is what Slack adds about blocks and arguments.
	Details []string
	Cause   error
}

// Error names the method and what Slack said.
func (e *Error) Error() string {
	text := fmt.Sprintf("call %s: %s", e.Method, e.Code)
	if e.Needed != "" {
		text += " (needs " + e.Needed + ")"
	}
	if len(e.Details) > 0 {
		text += ": " + strings.Join(e.Details, "; ")
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Cause }

// FaultOf is the fault of the Error inside err; NoFault when there is none.
func FaultOf(err error) Fault {
	var e *Error
	if errors.As(err, &e) {
		return e.Fault
	}
	return NoFault
}

// IsCode reports whether Slack's word for what went wrong is code.
func IsCode(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// In notes with an error which conversation it was about.
func In(place string, err error) error {
	var e *Error
	if errors.As(err, &e) && e.Place == "" {
		e.Place = place
	}
	return err
}

// limitedFor is how long to leave a method alone when Slack does not say.
const limitedFor = 10 * time.Second

// faultByCode sorts Slack's words (facts: slack.md section 4). A word that is not here is Declined.
var faultByCode = map[Fault][]string{
	Limited: {"ratelimited", "rate_limited"},
	// Slack says of these that the call may have taken effect.
	Unknown: {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "update_failed"},
	Refused: {"invalid_auth", "account_inactive", "token_revoked", "not_authed", "token_expired", "not_allowed_token_type"},
	Misconfigured: {"missing_scope", "channel_not_found", "not_in_channel", "is_archived", "is_inactive", "restricted_action",
		"restricted_action_read_only_channel", "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel",
		"restricted_action_thread_locked", "messages_tab_disabled", "no_permission", "access_denied", "ekm_access_denied",
		"team_access_not_granted", "channel_type_not_supported"},
	NoPerson:  {"user_not_found", "users_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot", "user_not_in_channel"},
	NoMessage: {"message_not_found"},
	Fixed:     {"edit_window_closed", "cant_update_message", "cant_delete_message", "compliance_exports_prevent_deletion"},
	Unfit: {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text", "block_mismatch",
		"too_many_attachments", "metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema", "invalid_arguments",
		"view_too_large"},
}

// apiError turns what slack-go returns into an Error; nil stays nil.
func apiError(method string, err error) error {
	if err == nil {
		return nil
	}
	e := &Error{Method: method, Fault: Unknown, Code: "no answer", Cause: Bare(err)}
	var answer slack.SlackErrorResponse
	var status slack.StatusCodeError
	var limit *slack.RateLimitedError
	var net *net.OpError
	switch {
	case errors.As(err, &limit):
		e.Fault, e.Code, e.After, e.Cause = Limited, "ratelimited", limit.RetryAfter, nil
	case errors.As(err, &answer):
		e.word(answer)
	case errors.As(err, &status):
		e.status(status.Code)
	case errors.As(err, &net) && net.Op == "dial":
		e.Fault, e.Code = NotSent, "cannot connect"
	case errors.Is(err, ErrMisfit):
		e.Code = "wrong answer"
	case errors.Is(err, errBlocks):
		e.Fault, e.Code, e.Cause = Unfit, errBlocks.Error(), nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Code = "gave up waiting"
	}
	if e.Fault == Limited && e.After <= 0 {
		e.After = limitedFor
	}
	return e
}

func (e *Error) word(answer slack.SlackErrorResponse) {
	e.Code, e.Needed, e.Details, e.Cause = answer.Err, answer.Needed, answer.ResponseMetadata.Messages, nil
	e.Fault = Declined
	for fault, words := range faultByCode {
		if slices.Contains(words, answer.Err) {
			e.Fault = fault
		}
	}
}

// status reads an answer that is no answer of the API's. A 4xx was not carried out.
func (e *Error) status(code int) {
	e.Code, e.Cause = fmt.Sprintf("HTTP %d", code), nil
	switch {
	case code == http.StatusTooManyRequests:
		e.Fault = Limited
	case code >= 400 && code < 500:
		e.Fault = Declined
	}
}

// Bare strips the URL from an HTTP error: a response URL is a key to write to somebody.
func Bare(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// refusal is the sentence with which the process ends when a token is not accepted.
func refusal(kind, variable, code string) error {
	switch code {
	case "missing_scope":
		return fmt.Errorf("the %s token lacks a scope it can't do without, as Slack says (connections:write for the app token): make a new one in the app's settings and set %s", kind, variable)
	case "not_allowed_token_type":
		return fmt.Errorf("%s holds the wrong kind of token, as Slack says: the bot token begins with xoxb-, the app token with xapp-", variable)
	}
	return fmt.Errorf("the %s token isn't accepted by Slack (%s): look at the app's settings, reinstall it if need be, and set %s anew", kind, code, variable)
}

// scopeless is the sentence with which the process ends when the bot token may not do all that Usher does.
func scopeless(lacking []string) error {
	noun := "scope"
	if len(lacking) > 1 {
		noun = "scopes"
	}
	return fmt.Errorf("the token in SLACK_BOT_TOKEN lacks the %s %s: give the Slack app the scopes of manifest.yml, reinstall the app, and start Usher again", noun, strings.Join(lacking, ", "))
}
