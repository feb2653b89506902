package slacksim

import "slices"

// ProfileField is a field of everybody's profile that the workspace has added.
type ProfileField struct {
	ID    string `json:"id"` // Xf…
	Label string `json:"label"`
	Type  string `json:"type"` // user, text, date, link, options_list …
	// Protected: members can't edit it; SCIM: it is filled from the company's directory.
	Protected bool `json:"protected"`
	SCIM      bool `json:"scim"`
	Hidden    bool `json:"hidden"`
}

// AddProfileField adds a field to everybody's profile, or replaces the one with that id.
func (s *Server) AddProfileField(f ProfileField) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fields = slices.DeleteFunc(s.fields, func(o ProfileField) bool { return o.ID == f.ID })
	s.fields = append(s.fields, f)
	s.changed()
}

// RemoveProfileField takes a field out of everybody's profile.
func (s *Server) RemoveProfileField(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fields = slices.DeleteFunc(s.fields, func(o ProfileField) bool { return o.ID == id })
	s.changed()
}

// SetProfile is somebody, or the company's directory, filling in a field of a profile; "" empties it. Slack tells no app.
func (s *Server) SetProfile(user, field, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[user]
	if u == nil {
		return
	}
	filled := map[string]string{field: value}
	for id, v := range u.Fields {
		if id != field {
			filled[id] = v
		}
	}
	if value == "" {
		delete(filled, field)
	}
	u.Fields = filled
	s.changed()
}

// teamProfileGet lists the fields of profiles, hidden ones too unless asked otherwise.
func (s *Server) teamProfileGet(c *call) (answer, error) {
	if _, err := s.workspaceOf(c); err != nil {
		return nil, err
	}
	fields := []map[string]any{}
	for i, f := range s.fields {
		visibility := c.str("visibility")
		if visibility == "visible" && f.Hidden || visibility == "hidden" && !f.Hidden {
			continue
		}
		fields = append(fields, s.profileField(i, f))
	}
	return answer{"profile": map[string]any{"fields": fields, "sections": []any{}}}, nil
}

// profileField is a field as Slack shows it: today with booleans and permissions, and as its documentation's example
// has it, with 1 for true and nothing where there are no options.
func (s *Server) profileField(place int, f ProfileField) map[string]any {
	one := map[string]any{"id": f.ID, "ordering": place, "field_name": "", "label": f.Label, "hint": "", "type": f.Type, "possible_values": nil}
	if s.manners.OldFields {
		one["options"] = nil
		if f.Protected {
			one["options"] = map[string]any{"is_protected": 1}
		}
		if f.Hidden {
			one["is_hidden"] = 1
		}
		return one
	}
	one["is_hidden"], one["is_inverse"] = f.Hidden, false
	one["options"] = map[string]any{"is_scim": f.SCIM, "is_protected": f.Protected}
	one["permissions"] = map[string]any{"api": []string{}, "ui": !f.SCIM && !f.Protected, "scim": f.SCIM}
	return one
}

// usersProfileGet is somebody's profile with what is filled in of its fields. It doesn't say whose it is.
func (s *Server) usersProfileGet(c *call) (answer, error) {
	u := s.users[c.str("user")]
	if u == nil {
		return nil, fail("user_not_found")
	}
	if c.flag("include_labels") {
		s.violation("called users.profile.get with include_labels, which Slack limits heavily")
	}
	profile, _ := s.userJSON(u)["profile"].(map[string]any)
	delete(profile, "team")     // which stands in a user's alone
	profile["fields"] = []any{} // what Slack sends for nothing, where a map is expected
	if len(u.Fields) > 0 {
		filled := map[string]any{}
		for id, value := range u.Fields {
			filled[id] = map[string]any{"value": value, "alt": ""}
		}
		profile["fields"] = filled
	}
	return answer{"profile": profile}, nil
}
