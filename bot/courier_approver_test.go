package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
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
					require.Equal(t, ApproverCard(w.Request(n)).Text, w.DM(who)[0].Text)
					require.Contains(t, w.DM(who)[0].Text, "#1 · SE Ranking seat for jane@acme.example")
				}
				w.Clicked(bob, w.DM(bob)[0].Channel, w.DM(bob)[0].TS, "Approve")
				w.Pass(time.Minute)
				require.Equal(t, ApproverCard(w.Request(n)).Text, w.DM(erin)[0].Text)
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

// TestPendingHasButtons: each of what waits has its buttons, as many as a message takes; the rest is a line each, and
// nothing is left out unsaid. A click is answered, since the list itself stays as it is.
func TestPendingHasButtons(t *testing.T) {
	var list []approvals.Request
	for i := range 60 {
		r := sample(approvals.Create, approvals.Pending)
		r.Number = int64(i + 1)
		r.Reason = strings.Repeat("because ", 200)
		list = append(list, r)
	}
	m := ReplyMessage(commands.Reply{Head: say("60 requests are waiting for you:"), Waiting: list, Lines: []approvals.Text{say("Their cards are in %v.", approvals.ChannelID("C0APPROVE"))}})
	require.LessOrEqual(t, len(m.Blocks), maxBlocks)
	require.LessOrEqual(t, units(string(encode(m.Blocks))), maxAll)
	blocks := map[string]bool{}
	for _, b := range m.Blocks {
		if a, ok := b.(*slack.ActionBlock); ok {
			require.False(t, blocks[a.BlockID], "each name once")
			blocks[a.BlockID] = true
		}
	}
	require.GreaterOrEqual(t, len(blocks), 4)
	all := string(encode(m.Blocks))
	require.Contains(t, all, fmt.Sprintf("*#%d* · ", len(blocks)+1), "the next one is a line")
	require.True(t, strings.Contains(all, "*#60* · ") || strings.Contains(all, " more"), all)
	require.Contains(t, all, "C0APPROVE")

	inWorld(t, setup{approvers: []string{bob, "S0LEADS"}}, func(t *testing.T, w *world) {
		n, _ := w.Asked("jane@acme.example")
		said := w.Typed(erin, "/access pending")
		require.Contains(t, said, "1 request is waiting for you")
		require.Contains(t, said, "#1 · SE Ranking seat for jane@acme.example")
		list := w.Ephemerals(erin)
		before := len(w.Ephemerals(erin))
		w.ClickForged(erin, slacksim.Forged{Channel: general, TS: list[len(list)-1].TS, ActionID: ActionApprove, Value: w.value(n), BlockID: fmt.Sprint(BlockWaiting, n)}).Wait()
		w.Pass(time.Second)
		require.Contains(t, w.Whispered(erin, before), "approved #1")
		require.NotEqual(t, approvals.Pending, w.State(n))
	})
}

// TestPendingSaysWhatAnUpdateAlters, as its card does: beside its buttons, and where it has only a line.
func TestPendingSaysWhatAnUpdateAlters(t *testing.T) {
	r := sample(approvals.Update, approvals.Pending)
	r.Change = approvals.Change{Email: "ann@acme.example", Account: 7, HasAccess: true, Access: []string{"audit_website"}}
	r.Look = &approvals.Look{Was: &approvals.Was{HasAccess: true, Access: []approvals.Permission{{Code: "report_manual", Label: "manual reports"}}}}
	var list []approvals.Request
	for range withButtons + 1 {
		list = append(list, r)
	}
	m := ReplyMessage(commands.Reply{Head: say("9 requests are waiting for you:"), Waiting: list})
	lines := strings.Split(m.Text, "\n")
	require.Contains(t, lines[len(lines)-1], "Takes away manual reports")
	require.Equal(t, withButtons+1, strings.Count(m.Text, "Takes away manual reports"))
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
			require.Equal(t, ApproverCard(w.Request(n)).Text, m.Text)
			require.NotContains(t, fmt.Sprint(m.Blocks), "actions")
		}
		require.NotEmpty(t, w.DM(bob), "it did turn up")
	})
}
