package slacksim

import "slices"

// whole is a message as another event bears it, within.
func (s *Server) whole(m *Message) map[string]any {
	out := s.saidJSON(m)
	out["type"] = "message"
	for _, ofTheEvent := range []string{"channel", "event_ts"} {
		delete(out, ofTheEvent)
	}
	if m.Edited != nil {
		out["edited"] = map[string]any{"user": m.Edited.User, "ts": m.Edited.TS}
	}
	return out
}

// root is the message that a thread hangs on, with what Slack counts of it.
func (s *Server) root(c *Channel, thread string) map[string]any {
	m := s.findMessage(c.ID, thread)
	out := s.whole(m)
	var who []string
	n, last := 0, thread
	for _, r := range s.messages[c.ID] {
		if r.ThreadTS == thread && r.TS != thread && !r.Deleted {
			n, last = n+1, r.TS
			if !slices.Contains(who, r.User) {
				who = append(who, r.User)
			}
		}
	}
	out["thread_ts"], out["reply_count"], out["reply_users_count"], out["reply_users"], out["latest_reply"] = thread, n, len(who), who, last
	return out
}

// saidJSON is a message by a person as an event has it.
func (s *Server) saidJSON(m *Message) map[string]any {
	out := map[string]any{"user": m.User, "ts": m.TS, "event_ts": m.TS, "text": m.Text, "channel": m.Channel, "team": TeamID}
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
		if parent := s.findMessage(m.Channel, m.ThreadTS); parent != nil {
			out["parent_user_id"] = parent.User
		}
	}
	return out
}

// tellOf sends an event about a message of a conversation, where the app is in it and subscribed.
func (s *Server) tellOf(c *Channel, event map[string]any) *Delivery {
	kind, channelType := "message.channels", "channel"
	switch {
	case c.IM:
		kind, channelType = "message.im", "im"
	case c.Private:
		kind, channelType = "message.groups", "group"
	}
	if !c.has(BotUser) || !s.subscribed(kind) {
		return s.stillborn("")
	}
	event["type"], event["channel_type"] = "message", channelType
	return s.event(event)
}

// Reply is a message by a person in the thread of another; broadcast says that it is sent to the channel too.
func (s *Server) Reply(user, channel, thread, text string, broadcast bool) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChannel(channel)
	if c == nil || s.users[user] == nil || s.findMessage(c.ID, thread) == nil {
		return s.stillborn("no_such_message")
	}
	m := s.said(c, user, text)
	m.ThreadTS, m.Broadcast = thread, broadcast
	s.changed()
	event := s.saidJSON(m)
	if broadcast {
		event["subtype"], event["root"] = "thread_broadcast", s.root(c, thread)
	}
	return s.tellOf(c, event)
}

// EditMessage is a person changing a message of theirs; the app is sent the whole of what it was and is.
func (s *Server) EditMessage(user, channel, ts, text string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChannel(channel)
	if c == nil || s.findMessage(c.ID, ts) == nil || s.findMessage(c.ID, ts).User != user {
		return s.stillborn("cant_update_message")
	}
	m := s.findMessage(c.ID, ts)
	was := s.whole(m)
	m.Text, m.Edited = text, &Edited{User: user, TS: s.newTS()}
	s.changed()
	return s.tellOf(c, map[string]any{"subtype": "message_changed", "hidden": true, "channel": c.ID, "ts": m.Edited.TS, "event_ts": m.Edited.TS,
		"message": s.whole(m), "previous_message": was})
}
