package courier

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

// remembered is how long it is, who somebody is.
const remembered = 5 * time.Minute

// inDoubt puts a request in doubt, of which the admins have cards then.
func (w *world) inDoubt(email string) int64 {
	w.T.Helper()
	n, card := w.Asked(email)
	w.Clicked(bob, cards, card.TS, "Approve")
	for _, e := range []approvals.Event{approvals.Begun{}, approvals.Lost{Doubt: approvals.Doubt{Looks: 4}}} {
		_, err := w.Desk.Record(w.T.Context(), n, e, time.Now())
		require.NoError(w.T, err)
	}
	w.Pass(time.Minute)
	return n
}

func (w *world) admins(ids ...approvals.PersonID) {
	w.Desk.Admins, w.courier.admins = ids, ids
}

// said are the direct messages somebody has got, as text.
func (w *world) said(who string) (all []string) {
	for _, m := range w.DM(who) {
		all = append(all, slacksim.PlainText(m))
	}
	return all
}

// TestAnAdminWhoIsNoneAnyMoreIsToldNothing: a doubt is for admins' eyes; a guest or somebody who left gets
// none of it, and the others hear that.
func TestAnAdminWhoIsNoneAnyMoreIsToldNothing(t *testing.T) {
	inWorld(t, setup{noDeeds: true, before: func(w *world) { w.admins(carol, "U0GUEST", "U0GONE") }}, func(t *testing.T, w *world) {
		w.inDoubt("jane@acme.example")
		w.inDoubt("joe@acme.example")
		require.Empty(t, w.DM("U0GUEST"))
		heard := w.said(carol)
		require.Len(t, heard, 4, "two doubts, two who are no admins any more, each once a day: %q", heard)
		all := heard[0] + heard[1] + heard[2] + heard[3]
		for _, words := range []string{"jane@acme.example", "joe@acme.example", "<@U0GUEST> is listed in slack.admins", "<@U0GONE> is listed in slack.admins"} {
			require.Contains(t, all, words)
		}
		require.Contains(t, w.clickedForged("U0GUEST", w.DM(carol)[0], view.ActionHappened, 1), "Slack doesn't list you as one")
		require.Equal(t, approvals.InDoubt, w.State(1))
	})
}

// clickedForged presses a button that somebody made up, and returns what they alone then read.
func (w *world) clickedForged(user string, m slacksim.Message, action string, n int64) string {
	w.T.Helper()
	before := len(w.Ephemerals(user)) + len(w.DM(user))
	value := w.value(n)
	require.True(w.T, w.ClickForged(user, slacksim.Forged{Channel: m.Channel, TS: m.TS, ActionID: action, Value: value}).Wait().Acked)
	w.Pass(time.Second)
	all := append(w.Ephemerals(user), w.DM(user)...)
	require.Len(w.T, all, before+1)
	return slacksim.PlainText(all[len(all)-1])
}

// TestNoAdminIsLeft: nobody may hear it directly, so the log and the approvals channel say so, once a day.
func TestNoAdminIsLeft(t *testing.T) {
	inWorld(t, setup{noDeeds: true, before: func(w *world) { w.admins("U0GONE", "U0GUEST") }}, func(t *testing.T, w *world) {
		w.inDoubt("jane@acme.example")
		w.inDoubt("joe@acme.example")
		said := ""
		for _, m := range w.Messages(cards) {
			said += slacksim.PlainText(m)
		}
		require.Equal(t, 1, strings.Count(said, "Nobody listed in slack.admins is still an active member of this workspace"), said)
		require.Empty(t, w.DM("U0GUEST"))
		require.Contains(t, w.Log.String(), "nobody named in slack.admins is an active member of the workspace")
	})
}

// TestAnAdminWhoCannotBeLookedUpWaits: nothing is told on a guess, and nothing is lost.
func TestAnAdminWhoCannotBeLookedUpWaits(t *testing.T) {
	inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
		w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Skip: 2, Times: 5}) // after who asks and who decides
		n := w.inDoubt("jane@acme.example")
		w.Pass(5 * time.Minute)
		require.Len(t, w.DM(carol), 1)
		require.Equal(t, approvals.InDoubt, w.State(n))
		require.NotContains(t, w.Log.String(), "is no active member")
	})
}

// TestAnAdminWhoWasTakenForAStrangerIsToldAfterAll: Slack said wrongly that she had left. Her card and her alarm come
// once it says otherwise, and what was settled meanwhile is not brought to her.
func TestAnAdminWhoWasTakenForAStrangerIsToldAfterAll(t *testing.T) {
	inWorld(t, setup{noDeeds: true, before: func(w *world) { w.admins(carol, dave); w.Deactivate(carol, true) }}, func(t *testing.T, w *world) {
		open, over := w.inDoubt("jane@acme.example"), w.inDoubt("joe@acme.example")
		_, err := w.Desk.Settle(t.Context(), over, dave, true, "slack", time.Now())
		require.NoError(t, err)
		changes, err := Alarms("disk", approvals.Sayf("The disk is full."), []approvals.PersonID{carol}, time.Now())
		require.NoError(t, err)
		require.NoError(t, w.Store.Promise(t.Context(), changes...))
		w.Pass(20 * time.Minute)
		require.Empty(t, w.DM(carol))
		told := len(w.DM(dave))
		w.Pass(time.Hour)
		require.Len(t, w.DM(dave), told, "that she is missing is said once")

		w.Deactivate(carol, false)
		w.Pass(3 * time.Hour)
		said := strings.Join(w.said(carol), "\n")
		require.Len(t, w.DM(carol), 2, said)
		require.Contains(t, said, "jane@acme.example")
		require.Contains(t, said, "The disk is full.")
		require.NotContains(t, said, "joe@acme.example")
		_, err = w.Desk.Settle(t.Context(), open, carol, true, "slack", time.Now())
		require.NoError(t, err)
		w.Pass(time.Minute)
		owed, err := w.Store.Intents(t.Context(), approvals.KindAdmins)
		require.NoError(t, err)
		require.Empty(t, owed, "nothing is looked for any more")
	})
}

// TestACardOfAnAdminWhoWasAwayFollows: it stood while she seemed to be gone, and shows what is so once she is back.
func TestACardOfAnAdminWhoWasAwayFollows(t *testing.T) {
	inWorld(t, setup{noDeeds: true, before: func(w *world) { w.admins(carol, dave) }}, func(t *testing.T, w *world) {
		n := w.inDoubt("jane@acme.example")
		require.Contains(t, w.said(carol)[0], "doubt")
		w.Deactivate(carol, true)
		w.Pass(remembered + time.Minute)
		_, err := w.Desk.Settle(t.Context(), n, dave, true, "slack", time.Now())
		require.NoError(t, err)
		w.Pass(time.Minute)
		require.Contains(t, fmt.Sprint(w.DM(carol)[0].Blocks), "type:button")
		w.Deactivate(carol, false)
		w.Pass(time.Hour)
		require.NotContains(t, fmt.Sprint(w.DM(carol)[0].Blocks), "type:button")
	})
}

// TestWhoWasTakenOutOfTheAdminsIsToldNothing: what was promised to them before the configuration changed is not.
func TestWhoWasTakenOutOfTheAdminsIsToldNothing(t *testing.T) {
	inWorld(t, setup{noDeeds: true, before: func(w *world) { w.admins(carol, dave) }}, func(t *testing.T, w *world) {
		w.courier.admins = []approvals.PersonID{carol}
		w.inDoubt("jane@acme.example")
		require.Empty(t, w.DM(dave))
		require.Len(t, w.DM(carol), 1)
	})
}
