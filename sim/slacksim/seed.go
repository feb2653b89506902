package slacksim

import "slices"

// AddUser adds a member, or replaces the one with that id.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.DisplayName == "" {
		u.DisplayName = u.RealName
	}
	setDefault(&u.TZ, "UTC")
	if s.users[u.ID] == nil {
		s.order = append(s.order, u.ID)
	}
	before := s.users[u.ID]
	u.Updated = s.now().Unix()
	switch s.users[u.ID] = &u; {
	case before != nil:
		s.userChanged(&u)
	case len(s.links) > 0: // else the workspace is being set up
		s.userJoined(&u)
	}
	s.changed()
}

// AddGroup adds a user group, or replaces the one with that id; the app is told who has come and gone.
func (s *Server) AddGroup(g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.Users = slices.Clone(g.Users)
	was := s.groups[g.ID]
	s.groups[g.ID] = &g
	if was != nil {
		s.regrouped(*was, g)
	}
	s.changed()
}

// RemoveGroup turns a user group off: Slack lists nobody in it any more, and tells the app by the word for any change.
func (s *Server) RemoveGroup(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.groups[id]
	if was == nil {
		return
	}
	delete(s.groups, id)
	s.groupUpdated(*was, s.now().Unix())
	s.changed()
}

// AddChannel adds a channel, or replaces the one with that id.
func (s *Server) AddChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Members = slices.Clone(c.Members)
	setDefault(&c.Created, s.now().Unix())
	if s.channels[c.ID] == nil {
		s.order = append(s.order, c.ID)
	}
	s.channels[c.ID] = &c
	s.changed()
}

// SeedDemo fills the workspace with Acme: an employee, two leads, an admin, a
// guest, one who left, one without an e-mail address, three channels.
func (s *Server) SeedDemo() {
	for _, u := range demoUsers {
		s.AddUser(u)
	}
	s.AddGroup(Group{ID: "S0LEADS", Handle: "leads", Name: "Team leads", Users: []string{"U0BOB", "U0ERIN"}})
	everybody := []string{BotUser, "U0ALICE", "U0BOB", "U0ADMIN", "U0DAVE", "U0ERIN", "U0FRED"}
	s.AddChannel(Channel{ID: "C0GENERAL", Name: "general", Members: append(everybody, "U0GUEST")})
	s.AddChannel(Channel{ID: "C0APPROVE", Name: "access-approvals", Members: everybody})
	s.AddChannel(Channel{ID: "C0REPORTS", Name: "seat-reports", Members: everybody})
}

var demoUsers = []User{
	{ID: "U0ALICE", Name: "alice", RealName: "Alice Ames", Title: "Content lead", Email: "alice@acme.example", TZ: "Europe/London"},
	{ID: "U0BOB", Name: "bob", RealName: "Bob Baker", Title: "Head of marketing", Email: "bob@acme.example", TZ: "Europe/London"},
	{ID: "U0ADMIN", Name: "carol", RealName: "Carol Chen", Title: "IT operations", Email: "carol@acme.example", TZ: "Europe/Berlin", Admin: true},
	{ID: "U0DAVE", Name: "dave", RealName: "Dave Diaz", Title: "SEO analyst", Email: "dave@acme.example", TZ: "America/New_York"},
	{ID: "U0ERIN", Name: "erin", RealName: "Erin Ek", Title: "Head of growth", Email: "erin@acme.example", TZ: "Europe/Stockholm"},
	{ID: "U0FRED", Name: "fred", RealName: "Fred Fox", Title: "Temp", TZ: "Europe/London"},
	{ID: "U0GUEST", Name: "gina", RealName: "Gina Guest", Title: "Agency", Email: "gina@agency.example", TZ: "Europe/Paris", Guest: true},
	{ID: "U0GONE", Name: "hal", RealName: "Hal Hart", Title: "Left in spring", Email: "hal@acme.example", TZ: "Europe/London", Deleted: true},
}
