package slacksim

import (
	"slices"
	"time"
)

// Press is a click on a button of a message that the app has acknowledged: from then on it owes what was asked.
type Press struct {
	User     string    `json:"user"`
	Channel  string    `json:"channel"`
	TS       string    `json:"ts"` // of the message
	ActionID string    `json:"action_id"`
	Value    string    `json:"value"`
	At       time.Time `json:"at"` // of the ack
}

// Pressed are all of them, in order.
func (s *Server) Pressed() []Press {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.pressed)
}

// notePress notes one. It needs the lock.
func (s *Server) notePress(u *User, m *Message, action map[string]any) {
	s.pressed = append(s.pressed, Press{User: u.ID, Channel: m.Channel, TS: m.TS, ActionID: str(action["action_id"]), Value: str(action["value"]), At: s.now()})
}
