package slacksim

import "time"

// Manners are ways in which some workspaces, proxies and servers answer otherwise than the usual Slack. The
// zero value is the usual one.
type Manners struct {
	// NoScopes leaves out the header x-oauth-scopes.
	NoScopes bool `json:"no_scopes"`
	// TerseHooks lets response URLs answer 200 with nothing.
	TerseHooks bool `json:"terse_hooks"`
	// BareDMs lets conversations.open answer with the conversation's id alone.
	BareDMs bool `json:"bare_dms"`
	// NoEchoes leaves out of the answers to chat.update and chat.delete what was asked for.
	NoEchoes bool `json:"no_echoes"`
	// Grid puts the workspace into an organization; OrgWide also installs the app for all of it.
	Grid    bool `json:"grid"`
	OrgWide bool `json:"org_wide"`
	// Nowhere: the app is installed for the organization, and has been added to none of its workspaces.
	Nowhere bool `json:"nowhere"`
	// OldFields describes profile fields as Slack's documentation shows them: 1 for true, and no permissions.
	OldFields bool `json:"old_fields"`
	// Reading is by which account of Slack's rules blocks are held; left out: the strictest.
	Reading Reading `json:"reading"`
	// NoData answers Slack's own tables and charts with invalid_blocks.
	NoData bool `json:"no_data"`
	// NoFiles takes no files at all.
	NoFiles bool `json:"no_files"`
	// LateFiles is how long files that were shared take to be seen, as Slack looks through them first; LostFiles: they never are,
	// although Slack said that it took them.
	LateFiles time.Duration `json:"late_files"`
	LostFiles bool          `json:"lost_files"`
}

// Behave sets the manners from now on.
func (s *Server) Behave(m Manners) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.Grid = m.Grid || m.OrgWide
	s.manners = m
}

// origin is what a payload of an interaction says of where it comes from: installed for the organization,
// an app hears of no workspace.
func (s *Server) origin(u *User) map[string]any {
	from := map[string]any{"team": map[string]any{"id": s.homeOf(u), "domain": "acme"}, "enterprise": nil, "is_enterprise_install": false}
	if s.manners.Grid {
		from["enterprise"] = map[string]any{"id": EnterpriseID, "name": "Acme Group"}
	}
	if s.manners.OrgWide {
		from["team"], from["is_enterprise_install"] = nil, true
	}
	return from
}

// homeOf is the workspace that Slack calls somebody's own.
func (s *Server) homeOf(u *User) string {
	if s.manners.Grid && u.Home != "" {
		return u.Home
	}
	return TeamID
}

// enterpriseUser is what users.info adds on a Grid.
func (s *Server) enterpriseUser(u *User) map[string]any {
	teams := []string{s.homeOf(u)}
	if u.Home != "" && !u.Elsewhere {
		teams = append(teams, TeamID)
	}
	return map[string]any{"id": u.ID, "enterprise_id": EnterpriseID, "enterprise_name": "Acme Group",
		"is_admin": false, "is_owner": false, "teams": teams}
}

// enterprise is the organization's id, or nothing.
func (s *Server) enterprise() any {
	if s.manners.Grid {
		return EnterpriseID
	}
	return nil
}
