package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
)

// Click presses a button in a message, named by its action_id or its label.
// Confirm dialogs are confirmed. ts may be of an ephemeral message of the user's.
func (s *Server) Click(user, channel, ts, button string) *Delivery {
	return s.Choose(user, channel, ts, button, nil)
}

// Choose uses any element of a message: with a value for selects, pickers and
// checkboxes (an option's value or label, or several), nil for a button.
func (s *Server) Choose(user, channel, ts, element string, value any) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChannel(channel)
	if c == nil || s.users[user] == nil {
		return s.stillborn("no_such_channel")
	}
	m := s.findMessage(c.ID, ts)
	if m == nil {
		m = s.findEphemeral(user, ts)
	}
	if m == nil {
		return s.stillborn("no_such_message")
	}
	return s.chosen(s.users[user], m, m.allBlocks(), element, value)
}

// chosen uses an element of a message as it's shown, which it may not be any more. The caller holds the lock.
func (s *Server) chosen(u *User, m *Message, shown []Block, element string, value any) *Delivery {
	block, e := findElement(shown, element)
	if e == nil {
		return s.stillborn("no_such_element")
	}
	action, err := s.actionOf(block, e, value)
	if err != nil {
		return s.stillborn("no_such_option")
	}
	return s.clicked(u, m, action)
}

// ClickOld presses a button of a message as it was before it changed, on a screen that lags. What several press at one moment all of them saw.
func (s *Server) ClickOld(user string, was Message, button string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.findMessage(was.Channel, was.TS)
	if m == nil || s.users[user] == nil {
		return s.stillborn("no_such_message")
	}
	return s.chosen(s.users[user], m, was.allBlocks(), button, nil)
}

// Forged is a click whose content the person made up: what a hostile client, or
// a card from another version of the app, might send.
type Forged struct {
	Channel  string `json:"channel"`
	TS       string `json:"ts"` // of a message, which need not exist
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	Value    string `json:"value"`
	Type     string `json:"type"` // of the element; empty is button
	TeamID   string `json:"team_id"`
	AppID    string `json:"app_id"`
}

// ClickForged sends a click on a button that nobody posted.
func (s *Server) ClickForged(user string, f Forged) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[user]
	if u == nil {
		u = &User{ID: user, Name: user}
	}
	setDefault(&f.Type, "button")
	setDefault(&f.BlockID, "forged")
	m := s.findMessage(f.Channel, f.TS)
	if m == nil {
		m = &Message{Channel: f.Channel, TS: f.TS, User: BotUser, BotID: BotID}
	}
	action := map[string]any{"type": f.Type, "action_id": f.ActionID, "block_id": f.BlockID, "value": f.Value,
		"text": map[string]any{"type": "plain_text", "text": f.ActionID, "emoji": true}, "action_ts": s.newTS()}
	d := s.clickDelivery(u, m, action)
	build := d.payload
	d.payload = func(base string) map[string]any {
		payload := build(base)
		if f.TeamID != "" {
			payload["team"], payload["enterprise"] = map[string]any{"id": f.TeamID, "domain": "elsewhere"}, nil
		}
		if f.AppID != "" {
			payload["api_app_id"] = f.AppID
		}
		return payload
	}
	return s.dispatch(d)
}

// clicked sends a click out; a failure is a warning beside the element.
func (s *Server) clicked(u *User, m *Message, action map[string]any) *Delivery {
	id := str(action["action_id"])
	d := s.clickDelivery(u, m, action)
	d.gaveUp = func(code string) {
		if m.Warnings == nil {
			m.Warnings = map[string]string{}
		}
		m.Warnings[id] = code
		s.changed()
	}
	d.settle = func(json.RawMessage) error {
		delete(m.Warnings, id)
		s.notePress(u, m, action)
		s.changed()
		return nil
	}
	return s.dispatch(d)
}

func (s *Server) clickDelivery(u *User, m *Message, action map[string]any) *Delivery {
	response := s.newResponseURL("actions", responseURL{user: u.ID, channel: m.Channel, ts: m.TS, ephemeral: m.EphemeralTo != ""})
	payload := s.actionPayload(u, action)
	payload["container"] = map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel,
		"is_ephemeral": m.EphemeralTo != ""}
	if id := m.attachmentOf(str(action["block_id"])); id > 0 {
		container := object(payload["container"])
		container["type"], container["attachment_id"], container["is_app_unfurl"] = "message_attachment", id, false
	}
	name := "directmessage"
	if c := s.channels[m.Channel]; c != nil {
		name = nameInCommand(c)
	}
	payload["channel"] = map[string]any{"id": m.Channel, "name": name}
	state := initialState(m.allBlocks())
	if block := object(state[str(action["block_id"])]); block != nil && isStateful(action) {
		block[str(action["action_id"])] = valueOnly(action)
	}
	payload["state"] = map[string]any{"values": state}
	if m.EphemeralTo == "" {
		payload["message"] = s.messageJSON(m, true)
	}
	if m.ThreadTS != "" {
		object(payload["container"])["thread_ts"] = m.ThreadTS
	}
	return s.newDelivery(interactiveKind, func(base string) map[string]any {
		payload["response_url"] = base + response
		return payload
	})
}

// actionPayload is what all block_actions have in common.
func (s *Server) actionPayload(u *User, action map[string]any) map[string]any {
	payload := map[string]any{
		"type": "block_actions", "user": map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": s.homeOf(u)}, "api_app_id": AppID, "token": "slacksim",
		"trigger_id": s.newTrigger(u.ID), "actions": []any{action},
	}
	maps.Copy(payload, s.origin(u))
	return payload
}

// actionOf is one entry of actions[]: the element as it was used.
func (s *Server) actionOf(b Block, e map[string]any, value any) (map[string]any, error) {
	action := map[string]any{}
	if valueKey(str(e["type"])) != "" && value != nil {
		filled, err := fill(e, value)
		if err != nil {
			return nil, err
		}
		action = filled
	}
	if str(e["type"]) == "overflow" {
		chosen, err := pick(e, str(value))
		if err != nil {
			return nil, err
		}
		action["selected_option"] = chosen
	}
	if str(e["type"]) == "feedback_buttons" {
		chosen, err := thumbOf(e, str(value))
		if err != nil {
			return nil, err
		}
		action["value"], action["text"] = chosen["value"], chosen["text"]
	}
	for _, key := range []string{"action_id", "type", "text", "value", "style", "url", "confirm"} {
		if e[key] != nil && action[key] == nil {
			action[key] = e[key]
		}
	}
	action["block_id"], action["action_ts"] = b["block_id"], s.newTS()
	return action, nil
}

// thumbOf is the one of two feedback buttons that has a value or a label.
func thumbOf(e map[string]any, name string) (map[string]any, error) {
	for _, which := range []string{"positive_button", "negative_button"} {
		if one := object(e[which]); one != nil && (str(one["value"]) == name || labelOf(one) == name) {
			return one, nil
		}
	}
	return nil, fmt.Errorf("there is no button %q", name)
}

func isStateful(action map[string]any) bool { return valueKey(str(action["type"])) != "" }

// valueOnly is an action as state.values holds it.
func valueOnly(action map[string]any) map[string]any {
	key := valueKey(str(action["type"]))
	return map[string]any{"type": action["type"], key: action[key]}
}

// spokenOf is what a screen reader says of an element, by which two of one label are told apart.
func spokenOf(e map[string]any) string { return str(e["accessibility_label"]) }

// findElement looks for an element by action_id, then by label, then by what a screen reader says; an element that stands alone
// in its block, as the menu beside a line does, by its block too.
func findElement(blocks []Block, name string) (Block, map[string]any) {
	blocks = unfolded(blocks)
	for _, by := range []func(map[string]any) string{func(e map[string]any) string { return str(e["action_id"]) }, labelOf, spokenOf} {
		for _, b := range blocks {
			for _, e := range interactive(b) {
				if by(e) == name && name != "" {
					return b, e
				}
			}
		}
	}
	for _, b := range blocks {
		if all := interactive(b); len(all) == 1 && str(b["block_id"]) == name && name != "" {
			return b, all[0]
		}
	}
	return nil, nil
}
