package web

import (
	"testing"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
)

func TestWhoIsOfTheWorkspaceOrItsOrganization(t *testing.T) {
	alone, grid, wide := Identity{Team: "T1"}, Identity{Team: "T1", Enterprise: "E1"}, Identity{Team: "T1", Enterprise: "E1", OrgWide: true}
	named := Identity{Team: "E1", Enterprise: "E1", OrgWide: true} // some answer with the organization in place of the workspace
	for _, row := range []struct {
		us               Identity
		team, enterprise string
		want             bool
	}{
		{alone, "T1", "", true}, {alone, "T2", "", false}, {alone, "", "", false}, {alone, "", "E1", false}, {alone, "T2", "E1", false},
		{grid, "T1", "E1", true}, {grid, "T2", "E1", true}, {grid, "", "E1", true}, {grid, "T2", "E2", false}, {grid, "", "", false}, {grid, "T2", "", false},
		{wide, "", "E1", true}, {wide, "T9", "E1", true}, {wide, "", "E2", false}, {named, "T9", "E1", true}, {named, "", "", false},
		{Identity{}, "", "", false},
	} {
		require.Equal(t, row.want, row.us.Includes(row.team, row.enterprise), "%+v", row)
	}
	member := func(team, enterprise string, teams ...string) *slack.User {
		return &slack.User{ID: "U1", TeamID: team, Enterprise: slack.EnterpriseUser{EnterpriseID: enterprise, Teams: teams}}
	}
	for _, row := range []struct {
		us    Identity
		u     *slack.User
		guest bool
	}{
		{alone, member("T1", ""), false}, {alone, member("T2", ""), true},
		{grid, member("T2", "E1", "T2", "T1"), false}, {grid, member("T2", "E1", "T2"), true}, {grid, member("T2", "E2", "T2"), true},
		{wide, member("T2", "E1", "T2"), false}, {wide, member("T3", "E2", "T3"), true}, {wide, member("T3", ""), true},
		{named, member("T2", "E1", "T2"), false}, {named, member("T2", ""), true},
	} {
		require.Equal(t, row.guest, personOf(row.u, row.us).Guest, "%+v of %+v", row.u, row.us)
	}
}
