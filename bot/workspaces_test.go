package bot

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// far is a workspace of the organization that is not the first in Slack's list.
const far = "T0FAR"

// acrossWorkspaces installs the app for a whole organization, and puts the approvals channel and those who
// decide into another workspace than the first.
func acrossWorkspaces(w *world) {
	w.Behave(slacksim.Manners{OrgWide: true})
	w.AddChannel(slacksim.Channel{ID: cards, Name: "access-approvals", Team: far, Members: []string{slacksim.BotUser, bob, erin}})
	w.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Name: "Team leads", Team: far, Users: []string{bob, erin}})
}

// TestInAnOrganizationEachWorkspaceIsAsked: with a token for a whole organization Slack's lists are each
// workspace's own. A channel's name, a group and what it is called are found in whichever has them.
func TestInAnOrganizationEachWorkspaceIsAsked(t *testing.T) {
	inWorld(t, setup{channel: "#access-approvals", before: acrossWorkspaces}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		require.Empty(t, w.Clicked(erin, cards, card.TS, "Approve"))
		require.Equal(t, approvals.Done, w.State(n))
		name, err := w.people.GroupName(t.Context(), "S0LEADS")
		require.NoError(t, err)
		require.Equal(t, "@leads", name)
		require.Len(t, w.CallsOf("auth.teams.list"), 1, "remembered")

		w.Pass(groupFor)
		before := len(w.CallsOf("usergroups.users.list"))
		_, err = w.people.Group(t.Context(), "S0LEADS")
		require.NoError(t, err)
		require.Len(t, w.CallsOf("usergroups.users.list"), before+1, "asked for where it was")
		members, err := w.people.Group(t.Context(), "S0NONE")
		require.NoError(t, err)
		require.Empty(t, members, "no workspace has it")
	})
}

// TestANameOfTwoChannelsIsNotGuessed: a card in the wrong workspace's channel is read by people it is not for.
func TestANameOfTwoChannelsIsNotGuessed(t *testing.T) {
	inWorld(t, setup{channel: "#access-approvals", before: func(w *world) {
		acrossWorkspaces(w)
		w.AddChannel(slacksim.Channel{ID: "C0TWIN", Name: "access-approvals", Members: []string{slacksim.BotUser}})
	}}, func(t *testing.T, w *world) {
		w.Asked("jane@acme.example")
		w.Pass(time.Minute)
		require.Empty(t, w.Messages(cards))
		require.Empty(t, w.Messages("C0TWIN"))
		require.Len(t, w.DM(carol), 1)
		require.Contains(t, slacksim.PlainText(w.DM(carol)[0]), "More than one workspace of your organization has a channel called #access-approvals")
	})
}

// TestAnAppInNoWorkspaceSaysSo: nobody is judged by a list of nothing.
func TestAnAppInNoWorkspaceSaysSo(t *testing.T) {
	inWorld(t, setup{channel: "#access-approvals", approvers: []string{bob}, before: func(w *world) {
		w.Behave(slacksim.Manners{OrgWide: true, Nowhere: true})
	}}, func(t *testing.T, w *world) {
		_, err := w.people.Group(t.Context(), "S0LEADS")
		require.Equal(t, Misconfigured, FaultOf(err))
		w.Asked("jane@acme.example")
		w.Pass(time.Minute)
		require.Contains(t, slacksim.PlainText(w.DM(carol)[0]), "the app hasn't been added to any workspace of your organization")
	})
}

// TestASearchThroughWorkspacesGoesOnWhereItWasCutShort: an organization may have more workspaces than Slack
// answers questions a minute. What each said is remembered, so that the search comes to an end.
func TestASearchThroughWorkspacesGoesOnWhereItWasCutShort(t *testing.T) {
	inWorld(t, setup{before: func(w *world) {
		w.Behave(slacksim.Manners{OrgWide: true})
		for _, id := range []string{"A", "B", "C"} {
			w.AddGroup(slacksim.Group{ID: "S0" + id, Team: "T0" + id, Users: []string{bob}})
		}
	}}, func(t *testing.T, w *world) {
		w.Plan(slacksim.Fault{Method: methodGroup, Kind: slacksim.RetryAfter, Delay: 20 * time.Second, Skip: 3})
		_, err := w.people.Group(t.Context(), "S0C")
		require.Equal(t, Limited, FaultOf(err), "not found is not nowhere")
		w.Pass(20 * time.Second)
		members, err := w.people.Group(t.Context(), "S0C")
		require.NoError(t, err)
		require.Equal(t, []approvals.PersonID{bob}, members)
		require.Len(t, w.CallsOf(methodGroup), 5, "the first three are not asked again")
	})
}

// TestTheWorkspacesAreReadWhole: page by page, again after a while, and what does not fit is not believed.
func TestTheWorkspacesAreReadWhole(t *testing.T) {
	inWorld(t, setup{before: func(w *world) {
		w.Behave(slacksim.Manners{OrgWide: true})
		for i := range teamsPage {
			w.AddGroup(slacksim.Group{ID: fmt.Sprintf("S0N%03d", i), Team: fmt.Sprintf("T0N%03d", i)})
		}
	}}, func(t *testing.T, w *world) {
		for _, kind := range []slacksim.Kind{slacksim.NoID, slacksim.Torn} {
			w.FailNext(methodTeams, slacksim.AfterEffect, kind)
			_, err := w.slack.workspaces(t.Context())
			require.Equal(t, Unknown, FaultOf(err), kind)
		}
		all, err := w.slack.workspaces(t.Context())
		require.NoError(t, err)
		require.Len(t, all, teamsPage+1)

		w.AddGroup(slacksim.Group{ID: "S0NEW", Team: "T0NEW"})
		all, _ = w.slack.workspaces(t.Context())
		require.NotContains(t, all, "T0NEW")
		w.Pass(workspacesFor)
		all, _ = w.slack.workspaces(t.Context())
		require.Contains(t, all, "T0NEW")
	})
}

// TestAWorkspaceThatSlackContradictsIsAskedAnew: listed as ours, and then refused. Nobody is judged by that.
func TestAWorkspaceThatSlackContradictsIsAskedAnew(t *testing.T) {
	inWorld(t, setup{before: acrossWorkspaces}, func(t *testing.T, w *world) {
		w.FailNext(methodTeams, slacksim.AfterEffect, slacksim.OtherID)
		_, err := w.people.Group(t.Context(), "S0LEADS")
		require.Equal(t, Unknown, FaultOf(err))
		members, err := w.people.Group(t.Context(), "S0LEADS")
		require.NoError(t, err)
		require.Equal(t, []approvals.PersonID{bob, erin}, members)
	})
}
