package slacksim

import (
	"cmp"
	"slices"
)

// workspaces are those the app has been added to: TeamID, and those of an organization that something here belongs to.
func (s *Server) workspaces() []string {
	var others []string
	for _, c := range s.channels {
		others = append(others, cmp.Or(c.Team, TeamID))
	}
	for _, g := range s.groups {
		others = append(others, cmp.Or(g.Team, TeamID))
	}
	slices.Sort(others)
	others = slices.DeleteFunc(slices.Compact(others), func(id string) bool { return id == TeamID })
	return append([]string{TeamID}, others...)
}

func (s *Server) authTeamsList(c *call) (answer, error) {
	ids := []string{TeamID}
	switch {
	case s.manners.Nowhere:
		ids = nil
	case s.manners.OrgWide:
		ids = s.workspaces()
	}
	all := []map[string]any{}
	for _, id := range ids {
		all = append(all, map[string]any{"id": id, "name": "Workspace " + id})
	}
	teams, metadata, err := page(c, all, 100)
	if err != nil {
		return nil, err
	}
	return answer{"teams": teams, "response_metadata": metadata}, nil
}

// workspaceOf is the workspace that a call asks about. A token for the whole organization must name it; with
// any other the argument is passed over, as Slack does.
func (s *Server) workspaceOf(c *call) (string, error) {
	if !s.manners.OrgWide {
		return TeamID, nil
	}
	id := c.str("team_id")
	switch {
	case id == "":
		s.violation("called %s with a token for the whole organization, and no team_id", c.method)
		return "", fail("missing_argument", "[ERROR] missing required field: team_id")
	case !slices.Contains(s.workspaces(), id):
		return "", fail("team_access_not_granted")
	}
	return id, nil
}
