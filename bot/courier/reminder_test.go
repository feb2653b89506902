package courier

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
)

// reminds lets the world's policy remind after a day.
func reminds(w *world) {
	w.Desk.Policies[0].RemindAfter = 24 * time.Hour
	w.Worker.Add(outbox.Lane{Kind: approvals.KindRemind, Doer: w.Desk.Reminding(time.Now), Width: 2})
}

// remindsSoon is reminds after two hours: where a day is lived many times over, the pings of so many hours cost more than they show.
func remindsSoon(w *world) {
	reminds(w)
	w.Desk.Policies[0].RemindAfter = 2 * time.Hour
}

// reminded are the reminders of a conversation.
func reminded(list []slacksim.Message) (out []string) {
	for _, m := range list {
		if strings.Contains(m.Text, "waiting for") && !m.Deleted {
			out = append(out, m.Text)
		}
	}
	return out
}

// TestAReminderIsSaidOnce: whatever becomes of Slack's answers, there is one about all that waits, for each person, and one
// in the channel for a group.
func TestAReminderIsSaidOnce(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			fault.Method, fault.Times = "chat.postMessage", 3
			inWorld(t, setup{approvers: []string{bob, erin}, before: remindsSoon}, func(t *testing.T, w *world) {
				w.Asked("jane@acme.example")
				w.Asked("june@acme.example")
				w.Pass(2*time.Hour - 2*time.Minute)
				w.Plan(fault)
				w.Pass(3 * time.Hour)
				for _, who := range []string{bob, erin} {
					require.Len(t, reminded(w.DM(who)), 1)
					require.Contains(t, reminded(w.DM(who))[0], "2 requests are waiting for you, the oldest since")
				}
				w.Pass(2 * time.Hour)
				require.Len(t, reminded(w.DM(bob)), 2, "and one more four hours later")
			})
			inWorld(t, setup{approvers: []string{"S0LEADS"}, before: remindsSoon}, func(t *testing.T, w *world) {
				w.Asked("jane@acme.example")
				w.Pass(2*time.Hour - 2*time.Minute)
				w.Plan(fault)
				w.Pass(3 * time.Hour)
				require.Len(t, reminded(w.Messages(cards)), 1)
				require.Contains(t, reminded(w.Messages(cards))[0], "#1 is still waiting for anyone in <!subteam^S0LEADS>, since")
			})
		})
	}
}

// TestNothingIsRemindedOfThatIsOver: what is decided before the message goes out is not in it, nor is there one where
// nothing is left of what it was for.
func TestNothingIsRemindedOfThatIsOver(t *testing.T) {
	inWorld(t, setup{approvers: []string{bob, "S0LEADS"}, before: reminds}, func(t *testing.T, w *world) {
		_, first := w.Asked("jane@acme.example")
		w.Pass(20 * time.Hour)
		w.Asked("june@acme.example") // young: the occasion is the first one's alone
		w.Pass(4*time.Hour - time.Minute)
		w.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Status500, Times: 1})
		w.Pass(75 * time.Second)
		require.Empty(t, reminded(w.DM(bob)), "it is looked for still")
		w.Clicked(erin, cards, first.TS, "Approve")
		w.Pass(10 * time.Hour)
		require.Empty(t, reminded(w.DM(bob)))
		w.Pass(11 * time.Hour)
		require.Len(t, reminded(w.DM(bob)), 1)
		require.Contains(t, reminded(w.DM(bob))[0], "#2 is still waiting for you")
	})
}

// TestAReminderWithoutAReceiptStandsOnce: it was tried twice without an answer, what it was for is over before it is known
// whether it stands, and then Slack takes in both.
func TestAReminderWithoutAReceiptStandsOnce(t *testing.T) {
	inWorld(t, setup{approvers: []string{bob, "S0LEADS"}, before: remindsSoon}, func(t *testing.T, w *world) {
		_, card := w.Asked("jane@acme.example")
		w.Pass(2*time.Hour - time.Minute)
		w.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Late, Delay: 5 * time.Minute, Times: 2})
		w.Pass(2*time.Minute + 30*time.Second)
		w.Clicked(erin, cards, card.TS, "Approve")
		w.Pass(3 * time.Minute)
		require.Empty(t, reminded(w.DM(bob)), "neither is there yet")
		w.Pass(2 * time.Hour)
		require.Len(t, reminded(w.DM(bob)), 1)
	})
}

// TestWhoMayNotDecideIsNotReminded: a guest, who has left, whom it is for. Of whom Slack says nothing, they are reminded
// once it does.
func TestWhoMayNotDecideIsNotReminded(t *testing.T) {
	inWorld(t, setup{approvers: []string{bob, dave, "U0GUEST"}, before: reminds}, func(t *testing.T, w *world) {
		w.Typed(alice, "/access create bob+seo@acme.example Bob because he joins")
		w.Pass(23 * time.Hour)
		w.Deactivate(dave, true)
		w.Pass(2 * time.Hour)
		for _, who := range []string{alice, bob, dave, "U0GUEST"} {
			require.Empty(t, reminded(w.DM(who)), who)
		}
	})
	inWorld(t, setup{approvers: []string{erin}, before: reminds}, func(t *testing.T, w *world) {
		w.Asked("jane@acme.example")
		w.Pass(24*time.Hour - time.Minute)
		w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Times: 6})
		w.Pass(2 * time.Minute)
		require.Empty(t, reminded(w.DM(erin)))
		w.Pass(20 * time.Minute)
		require.Len(t, reminded(w.DM(erin)), 1)
	})
}

// TestANudgeIsSaidOnce, whatever becomes of Slack's answers.
func TestANudgeIsSaidOnce(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{approvers: []string{bob, "S0LEADS"}}, func(t *testing.T, w *world) {
				fault.Method, fault.Times = "chat.postMessage", 3
				w.Asked("jane@acme.example")
				w.Plan(fault)
				require.Contains(t, w.Typed(alice, "/access nudge 1"), "I'm reminding <@U0BOB> about #1")
				w.Pass(time.Hour)
				require.Len(t, reminded(w.DM(bob)), 1)
				require.Contains(t, reminded(w.DM(bob))[0], "<@U0ALICE> is asking: #1 is still waiting for you")
			})
		})
	}
}

// TestANudgeIsNotSaidOfWhatIsOver by the time it goes out.
func TestANudgeIsNotSaidOfWhatIsOver(t *testing.T) {
	inWorld(t, setup{approvers: []string{bob, "S0LEADS"}}, func(t *testing.T, w *world) {
		_, card := w.Asked("jane@acme.example")
		w.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Status500, Times: 1})
		w.Typed(alice, "/access nudge 1")
		w.Clicked(erin, cards, card.TS, "Approve")
		w.Pass(time.Hour)
		require.Empty(t, reminded(w.DM(bob)))
	})
}
