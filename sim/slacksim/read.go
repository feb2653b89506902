package slacksim

import "slices"

// Messages are those everybody in the channel sees (id, name or #name), oldest
// first, deleted ones left out.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChannel(channel)
	if c == nil {
		return nil
	}
	return visible(s.messages[c.ID])
}

// Message is one message, and whether it is there (deleted ones are not).
func (s *Server) Message(channel, ts string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.findMessage(channel, ts)
	if m == nil {
		return Message{}, false
	}
	return m.clone(), true
}

// Ephemerals are the messages only this user sees, oldest first.
func (s *Server) Ephemerals(user string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return visible(slices.DeleteFunc(slices.Clone(s.ephemeral), func(m *Message) bool { return m.EphemeralTo != user }))
}

// DM lists the messages between the bot and a user, oldest first.
func (s *Server) DM(user string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.channels {
		if c.IM && c.User == user {
			return visible(s.messages[c.ID])
		}
	}
	return nil
}

// DMChannel is the id of the direct message between the bot and a user.
func (s *Server) DMChannel(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dmWith(user).ID
}

// Views are the modals on a user's screen, the one on top last. Those that the demo page opened stand
// in a window of its own: ViewsIn tells them.
func (s *Server) Views(user string) []View { return s.ViewsIn(user, "") }

// ViewsIn are the modals in one of a user's windows, the one on top last.
func (s *Server) ViewsIn(user, window string) []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var views []View
	for _, v := range s.modals[hand{user, window}] {
		views = append(views, v.clone())
	}
	return views
}

// Home is the App Home published for a user, if any.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.homes[user]
	if v == nil {
		return View{}, false
	}
	return v.clone(), true
}

// ForgetHome is Slack losing what was published on somebody's Home, as it does when the app is installed anew.
func (s *Server) ForgetHome(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.homes, user)
	s.changed()
}

// Users lists everybody, bots and deactivated people included, the bot first
// and then in the order they were added.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	users := []User{*s.users[BotUser]}
	for _, id := range s.order {
		if u := s.users[id]; u != nil {
			users = append(users, *u)
		}
	}
	return users
}

// User is one user by id.
func (s *Server) User(id string) (User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[id]
	if u == nil {
		return User{}, false
	}
	return *u, true
}

// Channels lists channels and direct messages in the order they came to be.
func (s *Server) Channels() []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var channels []Channel
	for _, id := range s.order {
		if c := s.channels[id]; c != nil {
			copied := *c
			copied.Members = slices.Clone(c.Members)
			channels = append(channels, copied)
		}
	}
	return channels
}

// Groups lists the user groups by id.
func (s *Server) Groups() []Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	var groups []Group
	for _, g := range s.groups {
		copied := *g
		copied.Users = slices.Clone(g.Users)
		groups = append(groups, copied)
	}
	slices.SortFunc(groups, func(a, b Group) int { return compare(a.ID, b.ID) })
	return groups
}

// Commands lists the installed slash commands.
func (s *Server) Commands() []Command { return slices.Clone(s.opts.Commands) }

// Files lists what was uploaded and completed.
func (s *Server) Files() []File {
	s.mu.Lock()
	defer s.mu.Unlock()
	var files []File
	for _, f := range s.files {
		if f.Done {
			files = append(files, *f)
		}
	}
	slices.SortFunc(files, func(a, b File) int { return compare(a.ID, b.ID) })
	return files
}

// Subscribe ticks after each change; ticks that nobody has read yet are one.
// The returned function ends it.
func (s *Server) Subscribe() (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[ch] = struct{}{}
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, ch)
	}
}

// Rev counts the changes so far.
func (s *Server) Rev() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rev
}

// changed tells the subscribers.
func (s *Server) changed() {
	s.rev++
	for ch := range s.watchers {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

func visible(messages []*Message) []Message {
	var out []Message
	for _, m := range messages {
		if !m.Deleted {
			out = append(out, m.clone())
		}
	}
	return out
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
