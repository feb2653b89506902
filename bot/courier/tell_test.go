package courier

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestAnOutcomeIsToldAsItMayBeReadByThen: somebody asks as an approver, and is none any more when the outcome can be
// told at last. Where Slack does not say whether they are, they hear what they said.
func TestAnOutcomeIsToldAsItMayBeReadByThen(t *testing.T) {
	const why = "The limit is reached: 25 of 25."
	for name, row := range map[string]struct {
		meanwhile func(w *world)
		reads     bool
	}{
		"an approver still": {func(*world) {}, true},
		"a guest": {func(w *world) {
			w.AddUser(slacksim.User{ID: bob, Name: "bob", RealName: "Bob", Email: "bob@acme.example", Guest: true})
		}, false},
		"who knows": {func(w *world) {
			w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Times: 1000})
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{noDeeds: true, approvers: []string{bob, dave}}, func(t *testing.T, w *world) {
				w.Typed(bob, "/access create jane@acme.example Jane because she runs the launch")
				w.Clicked(dave, cards, w.Messages(cards)[0].TS, "Approve")
				w.RateLimit("conversations.open", 1000, 5*time.Second)
				for _, e := range []approvals.Event{approvals.Begun{}, approvals.Refused{Outcome: approvals.Outcome{At: time.Now(), Text: approvals.Sayf(why)}}} {
					_, err := w.Desk.Record(t.Context(), 1, e, time.Now())
					require.NoError(t, err)
				}
				row.meanwhile(w)
				w.Pass(remembered + time.Minute)
				require.Empty(t, w.DM(bob))
				w.RateLimit("conversations.open", 0, 0)
				w.Pass(2 * time.Minute)
				told := w.said(bob)
				require.Len(t, told, 1)
				require.Contains(t, told[0], "jane@acme.example")
				if row.reads {
					require.Contains(t, told[0], why)
				} else {
					require.NotContains(t, told[0], "limit is reached")
				}
			})
		})
	}
}

// TestAnAdminWhoAskedIsToldOfAFailureOnce: their card as an admin says that it failed and what to do; no other message
// says that there is nothing to do. A guest who is named in the configuration is told like anybody else.
func TestAnAdminWhoAskedIsToldOfAFailureOnce(t *testing.T) {
	for name, admin := range map[string]bool{"an admin": true, "named and a guest by now": false} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{noDeeds: true, before: func(w *world) { w.admins(carol, dave) }}, func(t *testing.T, w *world) {
				w.Typed(dave, "/access create jane@acme.example Jane because she runs the launch")
				w.Clicked(bob, cards, w.Messages(cards)[0].TS, "Approve")
				if !admin {
					w.AddUser(slacksim.User{ID: dave, Name: "dave", RealName: "Dave", Email: "dave@acme.example", Guest: true})
					w.Pass(remembered + time.Minute)
				}
				for _, e := range []approvals.Event{approvals.Begun{}, approvals.Refused{Outcome: approvals.Outcome{At: time.Now(), Text: approvals.Sayf("No seat is free.")}}} {
					_, err := w.Desk.Record(t.Context(), 1, e, time.Now())
					require.NoError(t, err)
				}
				w.Pass(time.Minute)
				require.Len(t, w.DM(dave), 1)
				require.Equal(t, admin, strings.Contains(w.said(dave)[0], "Try again"), w.said(dave)[0])
				require.Equal(t, admin, !strings.Contains(w.said(dave)[0], "You don't need to do anything"))
			})
		})
	}
}
