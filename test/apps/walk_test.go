package apps

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// inAcme runs f in a company that has done what the page says, with a bundle of its own.
func inAcme(t *testing.T, f func(w *world.World)) {
	page := parts(t)
	yml := folder(t, page, page[0])
	yml = strings.Replace(yml, "policies:\n", "  board-starter:\n    items:\n      - {app: acme, action: create, role: editor, team: growth}\npolicies:\n", 1)
	world.InScene(t, t, yml, func(w *world.World) {
		w.Start()
		f(w)
	})
}

// TestWhatTheFileSaysIsAskedInALine: help, what is meant, what is missing, the card.
func TestWhatTheFileSaysIsAskedInALine(t *testing.T) {
	inAcme(t, func(w *world.World) {
		require.Contains(t, w.Answered("U0ALICE", "create jane@acme.example Jane Doe rol=editor team=growth app=acme because x"), "Did you mean `role=`?")
		require.Contains(t, w.Answered("U0ALICE", "create jane@acme.example Jane Doe role=editr team=growth app=acme because x"), "Did you mean `role=editor`?")
		require.Contains(t, w.Answered("U0ALICE", "create jane@acme.example Jane Doe team=growth app=acm because x"), "Did you mean `acme`?")
		require.Contains(t, w.Answered("U0ALICE", "share jane@acme.example 39 app=acme because x"), "Acme Board doesn't have `share`.")
		require.Contains(t, w.Answered("U0ALICE", "create jane@acme.example Jane role=editor team=growth app=acme because she leads it"), "#1* sent: Acme Board licence for jane@acme.example.")
		w.Pass(5 * time.Second)
		card := w.CardFor("jane@acme.example")
		for _, says := range []string{"#1 · Acme Board licence for jane@acme.example", "Gives Jane an editor. It can change and delete every board.", "Team growth", "By hand somebody does it in Acme Board once it's approved: 3 steps"} {
			require.Contains(t, card.Text, says)
		}
		require.Contains(t, w.Answered("U0ALICE", "status 1"), "growth")
		require.Contains(t, w.Answered("U0ADMIN", "accounts app=acme"), "I can't see who has a licence in Acme Board")
		require.Contains(t, w.Answered("U0ALICE", "delete jane@acme.example app=acme because she left"), "#2")
	})
}

// TestWhatTheFileSaysIsAskedByTheForm and is the same request as in a line.
func TestWhatTheFileSaysIsAskedByTheForm(t *testing.T) {
	inAcme(t, func(w *world.World) {
		s := w.N.Slack
		do := func(d *slacksim.Delivery) { require.True(t, d.Wait().Acked); w.Pass(2 * time.Second) }
		do(s.Type("U0BOB", "C0GENERAL", "/access request acme"))
		form := s.Views("U0BOB")[0]
		for _, word := range []string{"A new licence", "Role", "Viewer", "Sees every board", "Can change and delete every board", "Team"} {
			require.Contains(t, slacksim.ViewText(form), word)
		}
		do(s.ClickView("U0BOB", "", view.FieldFor, "outside"))
		form = s.Views("U0BOB")[0]
		require.NoError(t, s.Fill("U0BOB", "", map[string]any{view.FieldEmail: "lee@acme.example", "first:outside": "Lee", w.BlockOf(form, "Role"): "editor", w.BlockOf(form, "Team"): "growth", view.FieldReason: "he helps"}))
		do(s.Submit("U0BOB", "", nil))
		require.Empty(t, s.Views("U0BOB"))
		require.Contains(t, w.Answered("U0BOB", "create mia@acme.example Mia role=editor team=growth app=acme because he helps"), "#2")
		w.Pass(5 * time.Second)
		byForm, typed := w.Request(1), w.Request(2)
		require.Equal(t, typed.Change.Values, byForm.Change.Values)
		require.Equal(t, typed.Rule, byForm.Rule)
	})
}

// TestItIsPartOfABundle, asked beside nothing and carried out as one.
func TestItIsPartOfABundle(t *testing.T) {
	inAcme(t, func(w *world.World) {
		require.Contains(t, w.Answered("U0ALICE", "bundle board-starter jane@acme.example Jane because she starts"), "#1")
		w.Pass(5 * time.Second)
		require.Contains(t, w.CardFor("jane@acme.example").Text, "growth")
	})
}
