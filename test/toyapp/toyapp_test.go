package toyapp

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// both is the demo's configuration with a planner beside SE Ranking.
var both = strings.Replace(demo.Config, "policies:\n", "  planner:\n    kind: boards\n    name: Planner\npolicies:\n", 1)

func inPlanner(t *testing.T, f func(w *world.World, v *Vendor)) {
	v := &Vendor{}
	world.InScene(t, t, both, func(w *world.World) {
		w.Start()
		f(w, v)
	}, Kind(v, Entry()))
}

func TestTheEntryIsWhole(t *testing.T) { require.NoError(t, Entry().Check()) }

// TestTheToyIsWalkedEndToEnd: typed, through card and deed, by the words of its entry alone.
func TestTheToyIsWalkedEndToEnd(t *testing.T) {
	inPlanner(t, func(w *world.World, v *Vendor) {
		require.Contains(t, w.Answered("U0ALICE", "invit jane@acme.example team=growth because x"), "Did you mean `invite`?")
		require.Contains(t, w.Answered("U0ALICE", "invite jane@acme.example because x"), "Please add `team=`.")
		require.Contains(t, w.Answered("U0ALICE", "invite jane@acme.example team=growth rolle=owner because x"), "Did you mean `role=`?")
		require.Contains(t, w.Answered("U0ALICE", "invite jane@acme.example team=growth role=boss because x"), "It takes `guest, owner`.")
		require.Contains(t, w.Answered("U0ALICE", "help invite"), "EMAIL [role=…] team=… [boards=…] because …")
		require.Contains(t, w.Answered("U0ALICE", "share jane@acme.example 1 app=planner because x"), "Planner doesn't have `share`.")

		require.Contains(t, w.Answered("U0ALICE", "invite jane@acme.example team=growth role=owner because she leads it"), "#1* sent: invite jane@acme.example to Planner.")
		w.Pass(5 * time.Second)
		card := w.CardFor("jane@acme.example")
		require.Contains(t, card.Text, "#1 · Planner: invite jane@acme.example")
		require.Contains(t, card.Text, "Makes jane@acme.example a board owner. It may delete every board.")
		require.Contains(t, card.Text, "Team growth")
		w.N.Slack.Click("U0BOB", "C0APPROVE", card.TS, "Approve").Wait()
		w.Pass(10 * time.Second)
		require.Equal(t, approvals.Done, w.State(1))
		require.Equal(t, 1, v.Writes)

		require.Contains(t, w.Answered("U0ALICE", "invite lee@acme.example team=growth boards=hiring,b-1 because he helps"), "#2")
		w.Pass(5 * time.Second)
		card = w.CardFor("lee@acme.example")
		require.Contains(t, card.Text, "Opens 2 boards: Hiring (#b-2) · Q1 launch (#b-1)")
		w.N.Slack.Click("U0BOB", "C0APPROVE", card.TS, "Approve").Wait()
		w.Pass(10 * time.Second)
		require.Equal(t, []string{"b-2", "b-1"}, v.members[1].boards)
		require.Contains(t, w.Answered("U0ADMIN", "accounts app=planner"), "2 memberships used · blocked by limits: not known")
		require.Contains(t, w.Answered("U0ADMIN", "show lee@acme.example app=planner"), "not known, because Planner doesn't say")
		require.Contains(t, w.Answered("U0ADMIN", "boards"), "2 boards")
	})
}

// TestTheToyInDoubt: an answer that is lost while it can't be read is a doubt, and settles itself once it can be; the
// invitation was made once.
func TestTheToyInDoubt(t *testing.T) {
	inPlanner(t, func(w *world.World, v *Vendor) {
		w.Answered("U0ALICE", "invite jane@acme.example team=growth because she helps")
		w.Pass(5 * time.Second)
		v.trouble(false, true)
		w.N.Slack.Click("U0BOB", "C0APPROVE", w.CardFor("jane@acme.example").TS, "Approve").Wait()
		w.Pass(5 * time.Minute)
		require.Equal(t, approvals.InDoubt, w.State(1))
		require.True(t, says(w.N.Slack.DM("U0ADMIN"), "I asked Planner to invite jane@acme.example"))
		v.trouble(false, false)
		w.Pass(5 * time.Minute)
		require.Equal(t, approvals.Done, w.State(1))
		require.Equal(t, 1, v.Writes)
	})
}

// TestTheToyInTheDigest: what it says of itself stands there, and of the rest that it is not known.
func TestTheToyInTheDigest(t *testing.T) {
	inPlanner(t, func(w *world.World, v *Vendor) {
		require.NoError(t, v.invite(member{email: "jane@acme.example", role: "guest"}))
		w.Answered("U0ADMIN", "report weekly-seats")
		w.Pass(30 * time.Second)
		posted := append(w.N.Slack.Messages("C0GENERAL"), w.N.Slack.DM("U0ADMIN")...)
		require.True(t, says(posted, "Planner 1 used"))
		require.True(t, says(posted, "Without a board: 1 account"))
		require.True(t, says(posted, "Not known, because Planner doesn't say: who is blocked by limits"))
	})
}

func says(list []slacksim.Message, text string) bool {
	for _, m := range list {
		if strings.Contains(m.Text, text) {
			return true
		}
	}
	return false
}
