package slacksim

import "slices"

// Archive archives a channel, or brings it back.
func (s *Server) Archive(channel string, archived bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.findChannel(channel); c != nil {
		c.Archived = archived
		s.changed()
	}
}

// Kick takes a member, such as BotUser, out of a channel.
func (s *Server) Kick(channel, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.findChannel(channel); c != nil {
		c.Members = slices.DeleteFunc(c.Members, func(id string) bool { return id == user })
		s.changed()
	}
}

// Invite adds a member to a channel.
func (s *Server) Invite(channel, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.findChannel(channel); c != nil && !c.has(user) {
		c.Members = append(c.Members, user)
		s.changed()
	}
}

// Deactivate deactivates a user, or brings one back.
func (s *Server) Deactivate(user string, deactivated bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[user]; u != nil {
		u.Deleted = deactivated
		s.userChanged(u)
		s.changed()
	}
}

// DisableHome switches the App Home tab off in the app's settings, or on again.
func (s *Server) DisableHome(off bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.HomeDisabled = off
	s.changed()
}

// DeleteMessage is somebody deleting a message by hand.
func (s *Server) DeleteMessage(channel, ts string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChannel(channel)
	if c == nil {
		return false
	}
	m := s.findMessage(c.ID, ts)
	if m == nil {
		return false
	}
	m.Deleted = true
	s.changed()
	if at := s.newTS(); m.EphemeralTo == "" {
		s.tellOf(c, map[string]any{"subtype": "message_deleted", "hidden": true, "channel": c.ID, "ts": at, "event_ts": at, "deleted_ts": m.TS,
			"previous_message": s.whole(m)})
	}
	return true
}
