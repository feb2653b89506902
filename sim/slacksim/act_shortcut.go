package slacksim

import "slices"

// Shortcut is a shortcut as the app's manifest declares it.
type Shortcut struct {
	Name        string `json:"name"`
	Type        string `json:"type"` // global or message
	CallbackID  string `json:"callback_id"`
	Description string `json:"description"`
}

// The two types of shortcut.
const (
	GlobalShortcut  = "global"
	MessageShortcut = "message"
)

// Shortcut is a person choosing a global shortcut, by its name or callback id. It comes from no conversation.
func (s *Server) Shortcut(user, name string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shortcut(user, name)
}

func (s *Server) shortcut(user, name string) *Delivery {
	one, known := s.shortcutOf(GlobalShortcut, name)
	u := s.users[user]
	if !known || u == nil {
		return s.stillborn("no_such_shortcut")
	}
	payload := s.shortcutPayload("shortcut", u, one)
	object(payload["user"])["username"] = u.Name
	return s.dispatch(s.newDelivery(interactiveKind, func(string) map[string]any { return payload }))
}

// ShortcutOn is a person choosing a message shortcut on a message of a channel.
func (s *Server) ShortcutOn(user, channel, ts, name string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shortcutOn(user, channel, ts, name)
}

func (s *Server) shortcutOn(user, channel, ts, name string) *Delivery {
	one, known := s.shortcutOf(MessageShortcut, name)
	c, u := s.findChannel(channel), s.users[user]
	if !known || u == nil {
		return s.stillborn("no_such_shortcut")
	}
	if c == nil {
		return s.stillborn("no_such_channel")
	}
	m := s.findMessage(c.ID, ts)
	if m == nil {
		return s.stillborn("no_such_message")
	}
	payload := s.shortcutPayload("message_action", u, one)
	object(payload["user"])["name"] = u.Name
	payload["channel"] = map[string]any{"id": c.ID, "name": nameInCommand(c)}
	payload["message_ts"], payload["message"] = m.TS, s.messageJSON(m, true)
	response := s.newResponseURL("actions", responseURL{user: u.ID, channel: c.ID, ts: m.TS})
	return s.dispatch(s.newDelivery(interactiveKind, func(base string) map[string]any {
		payload["response_url"] = base + response
		return payload
	}))
}

func (s *Server) shortcutOf(kind, name string) (Shortcut, bool) {
	i := slices.IndexFunc(s.opts.Shortcuts, func(o Shortcut) bool { return o.Type == kind && (o.Name == name || o.CallbackID == name) })
	if i < 0 {
		return Shortcut{}, false
	}
	return s.opts.Shortcuts[i], true
}

// shortcutPayload is what both kinds have in common.
func (s *Server) shortcutPayload(kind string, u *User, one Shortcut) map[string]any {
	payload := map[string]any{
		"type": kind, "token": "slacksim", "action_ts": s.newTS(), "callback_id": one.CallbackID, "trigger_id": s.newTrigger(u.ID),
		"user": map[string]any{"id": u.ID, "team_id": s.homeOf(u)},
	}
	for key, v := range s.origin(u) {
		payload[key] = v
	}
	return payload
}
