package toyapp

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// both is the demo's configuration with a planner beside SE Ranking.
var both = strings.Replace(demo.Config, "bundles:\n", "  planner:\n    kind: boards\n    name: Planner\nbundles:\n", 1)

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
		require.Empty(t, w.Answered("U0ALICE", "invite jane@acme.example because x"), "the form opens, for the team that is missing")
		require.Contains(t, slacksim.ViewText(w.N.Slack.Views("U0ALICE")[0]), "Team")
		w.N.Slack.CloseAllViews("U0ALICE")
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

// TestTheToyIsWalkedByTheForm: its own fields, one of them required, and its boards; another app chosen and back.
func TestTheToyIsWalkedByTheForm(t *testing.T) {
	inPlanner(t, func(w *world.World, v *Vendor) {
		s := w.N.Slack
		form := func() slacksim.View { return s.Views("U0BOB")[0] }
		do := func(d *slacksim.Delivery) { require.True(t, d.Wait().Acked); w.Pass(2 * time.Second) }
		do(s.Type("U0BOB", "C0GENERAL", "/access request planner"))
		text := slacksim.ViewText(form())
		for _, word := range []string{"Invite", "Dismiss", "Role", "Guest", "Board owner", "May delete every board", "Team", "Boards", "Search boards"} {
			require.Contains(t, text, word)
		}
		do(s.ClickView("U0BOB", "", view.FieldFor, "outside"))
		boards := w.BlockOf(form(), "Boards")
		out := s.Suggest("U0BOB", "", boards, "hir").Wait()
		require.Contains(t, string(out.Payload), `"Hiring (#b-2)"`)
		do(s.ClickView("U0BOB", "", boards, "b-2"))
		fill := map[string]any{view.FieldEmail: "lee@acme.example", w.BlockOf(form(), "Team"): "Growth", w.BlockOf(form(), "Role"): "guest", view.FieldReason: "he helps"}
		require.NoError(t, s.Fill("U0BOB", "", fill))
		do(s.ClickView("U0BOB", "", view.FieldApp, "seranking"))
		require.NotContains(t, slacksim.ViewText(form()), "Search boards")
		do(s.ClickView("U0BOB", "", view.FieldApp, "planner"))
		do(s.Submit("U0BOB", "", nil))
		require.Contains(t, form().Errors[w.BlockOf(form(), "Team")], "“Growth” doesn't fit here")
		require.NoError(t, s.Fill("U0BOB", "", map[string]any{w.BlockOf(form(), "Team"): "growth"}))
		do(s.Submit("U0BOB", "", nil))
		require.Empty(t, s.Views("U0BOB"))

		// the same in one line, for somebody else
		require.Contains(t, w.Answered("U0BOB", "invite mia@acme.example team=growth boards=b-2 app=planner because he helps"), "#2")
		w.Pass(5 * time.Second)
		byForm, typed := w.Request(1), w.Request(2)
		require.Equal(t, typed.Change.Values, byForm.Change.Values)
		require.Equal(t, typed.Said.Typed, byForm.Said.Typed)
		require.Equal(t, typed.Rule, byForm.Rule)
		s.Click("U0ERIN", "C0APPROVE", w.CardFor("lee@acme.example").TS, "Approve").Wait()
		w.Pass(10 * time.Second)
		require.Equal(t, approvals.Done, w.State(1))
		require.Equal(t, []string{"b-2"}, v.members[0].boards)
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
		posted := append(w.N.Slack.Ephemerals("U0ADMIN"), w.N.Slack.DM("U0ADMIN")...) // asked outside its channel it comes to who asked alone
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
