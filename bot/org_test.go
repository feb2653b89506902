package bot

import (
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
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
				require.True(t, w.Submit(erin, w.Views(erin)[0].ID, map[string]any{FieldReason: "not now"}).Wait().Acked)
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
		require.Equal(t, row.want, row.us.includes(row.team, row.enterprise), "%+v", row)
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

// TestAnEmptyAnswerOfAResponseURLIsOne: what was taken in is not said once more another way.
func TestAnEmptyAnswerOfAResponseURLIsOne(t *testing.T) {
	inWorld(t, setup{before: func(w *world) { w.Behave(slacksim.Manners{TerseHooks: true}) }}, func(t *testing.T, w *world) {
		_, card := w.Asked("jane@acme.example")
		require.NotEmpty(t, w.Clicked(dave, cards, card.TS, "Approve"))
		w.Pass(time.Minute)
		require.Len(t, w.Ephemerals(dave), 1)
		require.Len(t, w.CallsOf("response_url"), 1)
		require.Empty(t, w.CallsOf("chat.postEphemeral"))
		require.Empty(t, w.DM(dave))
		require.NotContains(t, w.Log.String(), "wrong answer")
	})
}

// TestAnEchoThatIsLeftOutIsNoMisfit: whose conversation it is, and what was changed or taken away, need not
// be repeated to us.
func TestAnEchoThatIsLeftOutIsNoMisfit(t *testing.T) {
	inWorld(t, setup{before: func(w *world) { w.Behave(slacksim.Manners{BareDMs: true, NoEchoes: true}) }}, func(t *testing.T, w *world) {
		w.Plan(late("chat.postMessage", 10*time.Second))
		w.Asked("jane@acme.example")
		w.Pass(time.Minute)
		w.Clicked(bob, cards, w.Messages(cards)[0].TS, "Approve")
		w.Pass(2 * time.Hour)
		require.Contains(t, w.Card(cards, "jane@acme.example"), "done")
		require.Len(t, w.DM(alice), 1)
		require.Len(t, w.CallsOf("conversations.open"), 1)
		require.Len(t, w.CallsOf("chat.delete"), 1)
		require.LessOrEqual(t, len(w.CallsOf("chat.update")), 2)
	})
}

// TestAnAnswerThatNeverFitsIsTold: what waits for it would wait for ever, and nobody know.
func TestAnAnswerThatNeverFitsIsTold(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.FailNext("chat.postMessage", slacksim.AfterEffect, slacksim.Cut)
		w.Plan(slacksim.Fault{Method: "conversations.history", Kind: slacksim.NoID, Times: 1e6})
		w.Asked("jane@acme.example")
		w.Pass(10 * time.Minute)
		require.Len(t, w.DM(carol), 1)
		require.Contains(t, slacksim.PlainText(w.DM(carol)[0]), "Slack keeps answering `conversations.history` in a way I can't read")
		require.Contains(t, w.Log.String(), "Slack keeps answering what I cannot read")
		w.ClearFaults()
		w.Pass(latest + time.Minute)
		w.Card(cards, "jane@acme.example")
		require.Len(t, w.CallsOf("chat.postMessage"), 2, "the card, and the word to the admin")
	})
}
