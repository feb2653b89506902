package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack/socketmode"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// envelope is one thing Slack wants acknowledged. One goroutine at a time has it.
type envelope struct {
	id      string
	kind    string // socketmode.RequestType…, or one that nobody knows
	payload json.RawMessage
	via     acker // the connection it came on: an ack on another one may not count
	heard   time.Time
	acked   bool
	// first is what a repetition of it waits for; nil where nothing can repeat it.
	first *hearing
}

// acker sends acks; *socketmode.Client is one. A nil error means queued, not received.
type acker interface {
	AckCtx(ctx context.Context, envelopeID string, payload any) error
}

// reference is what people are told and the log bears, so that the two can be brought together.
func (e *envelope) reference() string {
	id, _, _ := strings.Cut(e.id, "-")
	return id
}

// The types of what is heard, beside Slack's own types of interaction.
const (
	typeSlash  = "slash_command"
	typeEvent  = "event"
	typeClick  = "block_actions"
	typeSubmit = "view_submission"
	typeClosed = "view_closed"
	// typeUnknown precedes the kind of an envelope that nobody knows.
	typeUnknown = "unknown "
)

// said is an envelope's content as far as Usher cares; what does not belong to its type is empty.
type said struct {
	typ         string
	who         approvals.PersonID
	team        string
	channel     string
	responseURL string
	trigger     string

	text   string // of a slash command
	action string // the button that was clicked, and what it bears
	value  string
	form   string // the callback id of a form, what we gave it, and what was filled in
	bears  string
	inputs []input
}

// input is one field of a form.
type input struct{ block, value string }

// call is what was typed, for commands.
func (s said) call() commands.Call {
	return commands.Call{Text: s.text, User: s.who, Key: s.trigger, Team: s.team, Channel: s.channel}
}

// hear decodes an envelope's payload; it holds no rules. It reads the JSON itself, field by field of
// what is needed, because slack-go refuses a whole click for a message it cannot read. With an error
// comes what could be read all the same, so that somebody can still be told.
func hear(kind string, payload json.RawMessage) (said, error) {
	switch kind {
	case socketmode.RequestTypeSlashCommands:
		return hearSlash(payload)
	case socketmode.RequestTypeInteractive:
		return hearInteraction(payload)
	case socketmode.RequestTypeEventsAPI:
		return said{typ: typeEvent}, nil
	}
	s, _ := hearInteraction(payload) // whoever it was may be in the usual places
	s.typ = typeUnknown + kind       // a kind that is called like one of our types is not one
	return s, nil
}

func hearSlash(payload json.RawMessage) (said, error) {
	var p struct {
		TeamID      string `json:"team_id"`
		ChannelID   string `json:"channel_id"`
		UserID      string `json:"user_id"`
		Text        string `json:"text"`
		ResponseURL string `json:"response_url"`
		TriggerID   string `json:"trigger_id"`
	}
	err := json.Unmarshal(payload, &p)
	s := said{typ: typeSlash, who: approvals.PersonID(p.UserID), team: p.TeamID, channel: p.ChannelID,
		responseURL: p.ResponseURL, trigger: p.TriggerID, text: p.Text}
	return s, complete(s, err)
}

// interaction is the part of Slack's interaction payloads that is read. An action's value is raw
// because not every element has one, and not every one is text.
type interaction struct {
	Type string `json:"type"`
	Team struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	ResponseURL string `json:"response_url"`
	TriggerID   string `json:"trigger_id"`
	Actions     []struct {
		ActionID string          `json:"action_id"`
		Value    json.RawMessage `json:"value"`
	} `json:"actions"`
	View struct {
		CallbackID      string `json:"callback_id"`
		PrivateMetadata string `json:"private_metadata"`
		State           struct {
			Values map[string]map[string]struct {
				Value json.RawMessage `json:"value"`
			} `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

func hearInteraction(payload json.RawMessage) (said, error) {
	var p interaction
	err := json.Unmarshal(payload, &p)
	s := said{typ: p.Type, who: approvals.PersonID(p.User.ID), team: p.Team.ID, channel: p.Channel.ID,
		responseURL: p.ResponseURL, trigger: p.TriggerID, form: p.View.CallbackID, bears: p.View.PrivateMetadata}
	if len(p.Actions) > 0 {
		s.action, s.value = p.Actions[0].ActionID, text(p.Actions[0].Value)
	}
	for block, fields := range p.View.State.Values {
		for _, f := range fields {
			s.inputs = append(s.inputs, input{block, text(f.Value)})
		}
	}
	return s, complete(s, err)
}

// complete says what is missing of what every command and click has.
func complete(s said, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("decode payload: %w", err)
	case s.who == "":
		return fmt.Errorf("decode payload: it names no user")
	case s.typ == "":
		return fmt.Errorf("decode payload: it names no type")
	}
	return nil
}

// text is a JSON string, or "" for anything else.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
