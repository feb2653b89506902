package courier

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestANamedApproverIsToldOnce: whatever becomes of Slack's answers, they have one message, which shows what is so.
func TestANamedApproverIsToldOnce(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{approvers: []string{bob, erin, "S0LEADS"}, need: 2}, func(t *testing.T, w *world) {
				fault.Method, fault.Times = "chat.postMessage", 3
				w.Plan(fault)
				n, _ := w.Asked("jane@acme.example")
				w.Pass(5 * time.Minute)
				for _, who := range []string{bob, erin} {
					require.Len(t, w.DM(who), 1)
					require.Equal(t, view.ApproverCard(w.Request(n), "U0BOB").Text, w.DM(who)[0].Text)
					require.Contains(t, w.DM(who)[0].Text, "#1 · SE Ranking seat for jane@acme.example")
				}
				w.Clicked(bob, w.DM(bob)[0].Channel, w.DM(bob)[0].TS, "Approve")
				w.Pass(time.Minute)
				require.Equal(t, view.ApproverCard(w.Request(n), "U0BOB").Text, w.DM(erin)[0].Text)
				require.Contains(t, w.DM(erin)[0].Text, "1 of 2 said yes")
				w.Clicked(erin, w.DM(erin)[0].Channel, w.DM(erin)[0].TS, "Approve")
				w.Pass(time.Minute)
				require.Equal(t, approvals.Done, w.State(n))
				for _, who := range []string{bob, erin} {
					require.Len(t, w.DM(who), 1)
					require.Contains(t, w.DM(who)[0].Text, "Approved by <@U0BOB> and <@U0ERIN>")
					require.NotContains(t, fmt.Sprint(w.DM(who)[0].Blocks), "actions")
				}
			})
		})
	}
}

// TestWhoMayNotDecideIsNotAsked: nobody hears of their own request or one for themselves, nor a guest, nor somebody
// who has left, nor who has said yes already; and a request that is over is news to nobody.
func TestWhoMayNotDecideIsNotAsked(t *testing.T) {
	inWorld(t, setup{approvers: []string{alice, bob, "U0GUEST", "U0GONE", "S0LEADS"}}, func(t *testing.T, w *world) {
		w.Typed(alice, "/access create bob@acme.example Bob because he joins")
		w.Typed(alice, "/access create bob+seo@acme.example Bob because he joins")
		w.Pass(time.Minute)
		for _, who := range []string{alice, bob, erin, "U0GUEST", "U0GONE"} {
			require.Empty(t, w.DM(who), who)
		}
		require.Empty(t, w.CallsOf("conversations.open"), "nothing is opened for nothing")
	})
	inWorld(t, setup{approvers: []string{bob, "S0LEADS"}}, func(t *testing.T, w *world) {
		w.RateLimit("conversations.open", 1000, time.Second)
		_, card := w.Asked("jane@acme.example")
		w.Clicked(erin, cards, card.TS, "Approve")
		w.Pass(time.Second)
		w.RateLimit("conversations.open", 0, 0)
		w.Pass(10 * time.Minute)
		require.Empty(t, w.DM(bob), "it was over before he could be asked")
	})
}

// TestWhoeverCannotBeFoundOutIsAskedLater: an approver of whom Slack says nothing is asked once it does.
func TestWhoeverCannotBeFoundOutIsAskedLater(t *testing.T) {
	inWorld(t, setup{approvers: []string{erin}}, func(t *testing.T, w *world) {
		w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Skip: 1, Times: 6}) // of who asks it says who they are
		w.Asked("jane@acme.example")
		require.Empty(t, w.DM(erin))
		w.Pass(20 * time.Minute)
		require.Len(t, w.DM(erin), 1)
	})
}

// TestAMessageThatArrivesWhenItIsOverSaysSo: an attempt that was given up, and is not made again because somebody has
// decided meanwhile, may turn up minutes later. It does not keep its buttons.
func TestAMessageThatArrivesWhenItIsOverSaysSo(t *testing.T) {
	inWorld(t, setup{approvers: []string{bob, "S0LEADS"}}, func(t *testing.T, w *world) {
		w.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Late, Delay: 9 * time.Minute, Times: 4})
		n, _ := w.Asked("jane@acme.example")
		w.Pass(time.Second)
		_, err := w.Desk.Vote(t.Context(), n, approvals.Vote{By: erin, Yes: true, At: time.Now()}, time.Now())
		require.NoError(t, err)
		w.Pass(2 * time.Hour)
		require.LessOrEqual(t, len(w.DM(bob)), 1)
		for _, m := range w.DM(bob) {
			require.Equal(t, view.ApproverCard(w.Request(n), "U0BOB").Text, m.Text)
			require.NotContains(t, fmt.Sprint(m.Blocks), "actions")
		}
		require.NotEmpty(t, w.DM(bob), "it did turn up")
	})
}
