package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestAnOrganizationIsNotAnotherWorkspace: installed for a whole organization, what people click comes with
// "team": null; and on every Grid people have homes of their own. They are heard, and judged by who they are.
func TestAnOrganizationIsNotAnotherWorkspace(t *testing.T) {
	for name, m := range map[string]slacksim.Manners{"installed for all of it": {OrgWide: true}, "installed in one workspace of it": {Grid: true}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{approvers: []string{bob, erin, dave}, before: func(w *world) {
				w.Behave(m)
				w.AddUser(slacksim.User{ID: bob, Name: "bob", RealName: "Bob Baker", Email: "bob@acme.example", Home: "T0HOME"})
				w.AddUser(slacksim.User{ID: dave, Name: "dave", RealName: "Dave Diaz", Email: "dave@acme.example", Home: "T0HOME", Elsewhere: true})
			}}, func(t *testing.T, w *world) {
				first, card := w.Asked("jane@acme.example")
				require.Empty(t, w.Clicked(bob, cards, card.TS, "Approve"))
				require.Equal(t, approvals.Done, w.State(first))

				second, card := w.Asked("june@acme.example")
				w.Clicked(erin, cards, card.TS, "Deny")
				require.True(t, w.Submit(erin, w.Views(erin)[0].ID, map[string]any{view.FieldReason: "not now"}).Wait().Acked)
				require.Equal(t, approvals.Denied, w.State(second))

				third, card := w.Asked("joe@acme.example")
				said := w.Clicked(dave, cards, card.TS, "Approve")
				if m.OrgWide {
					require.Equal(t, approvals.Done, w.State(third))
					return
				}
				require.Contains(t, said, "Only active members", "who is in another workspace of the organization only")
				require.Equal(t, approvals.Pending, w.State(third))
			})
		})
	}
}

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

		w.Pass(15 * time.Minute) // what is known of a group is asked for again
		before := len(w.CallsOf("usergroups.users.list"))
		_, err = w.people.Group(t.Context(), "S0LEADS")
		require.NoError(t, err)
		require.Len(t, w.CallsOf("usergroups.users.list"), before+1, "asked for where it was")
		_, err = w.people.Group(t.Context(), "S0NONE")
		require.ErrorIs(t, err, approvals.ErrNoGroup, "no workspace has it")
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
		require.Equal(t, web.Misconfigured, web.FaultOf(err))
		w.Asked("jane@acme.example")
		w.Pass(time.Minute)
		require.Contains(t, slacksim.PlainText(w.DM(carol)[0]), "the app hasn't been added to any workspace of your organization")
	})
}
