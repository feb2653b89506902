package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

// works is a round from asking to the account, and a database that is whole.
func (w *talkWorld) works() {
	w.t.Helper()
	require.Contains(w.t, string(w.n.Slack.Type("U0ALICE", "C0GENERAL", "/access create still.here@acme.example Still because it works").Wait().Payload), "sent: ")
	w.pass(10 * time.Second)
	require.True(w.t, w.n.Slack.Click("U0BOB", "C0APPROVE", w.cardFor("still.here@acme.example").TS, "Approve").Wait().Acked)
	w.pass(time.Minute)
	_, ok := w.n.Vendor.Account("still.here@acme.example")
	require.True(w.t, ok)
	require.Empty(w.t, w.logs.take(), "errors that nobody announced")
	w.check()
}

// cardFor is the one card about an address.
func (w *talkWorld) cardFor(email string) slacksim.Message {
	w.t.Helper()
	var found []slacksim.Message
	for _, m := range w.n.Slack.Messages("C0APPROVE") {
		if strings.Contains(m.Text, email) {
			found = append(found, m)
		}
	}
	require.Len(w.t, found, 1, "cards for %s", email)
	return found[0]
}

// hears is what is said to one person alone by an act of theirs; the act is acknowledged.
func (w *talkWorld) hears(who string, act func() *slacksim.Delivery) string {
	w.t.Helper()
	before := len(w.n.Slack.Ephemerals(who))
	out := act().Wait()
	require.True(w.t, out.Acked, out.Error)
	w.pass(20 * time.Second)
	var said []string
	for _, m := range w.n.Slack.Ephemerals(who)[before:] {
		said = append(said, slacksim.PlainText(m))
	}
	return strings.Join(said, "\n")
}

func (w *talkWorld) answered(who, typed string) string {
	w.t.Helper()
	return w.hears(who, func() *slacksim.Delivery { return w.n.Slack.Type(who, "C0GENERAL", "/access "+typed) })
}

type payload = map[string]any

// value is what a button of request n bears.
func (w *talkWorld) value(n int64) string {
	w.t.Helper()
	r, err := w.app.Desk.Request(context.Background(), n)
	require.NoError(w.t, err)
	return view.ButtonValue(r.Name())
}

func (w *talkWorld) state(n int64) approvals.State {
	w.t.Helper()
	r, err := w.app.Desk.Request(w.t.(*testing.T).Context(), n)
	require.NoError(w.t, err)
	return r.State
}

// clickAs is a click that somebody made up.
func (w *talkWorld) clickAs(who string, f slacksim.Forged) string {
	w.t.Helper()
	return w.hears(who, func() *slacksim.Delivery { return w.n.Slack.ClickForged(who, f) })
}

// formAs is a form that somebody made up and sent without its having been opened.
func (w *talkWorld) formAs(who string, n int64) *slacksim.Delivery {
	return w.n.Slack.Raw("interactive", who, "C0APPROVE", payload{"type": "view_submission", "user": payload{"id": who}, "team": payload{"id": slacksim.TeamID},
		"view": payload{"callback_id": view.CallbackDeny, "private_metadata": w.value(n),
			"state": payload{"values": payload{view.FieldReason: payload{view.FieldReason: payload{"type": "plain_text_input", "value": "made up"}}}}}})
}

// neverTooFast holds the vendor's journal, of at least so many calls, to its limit.
func (w *talkWorld) neverTooFast(calls int) {
	w.t.Helper()
	all := w.n.Vendor.Calls()
	require.Greater(w.t, len(all), calls)
	for i, c := range all {
		require.NotEqual(w.t, http.StatusTooManyRequests, c.Status, "call %d of %d", c.N, len(all))
		if i >= 5 {
			require.GreaterOrEqual(w.t, c.At.Sub(all[i-5].At).Seconds(), 1.0, "calls %d to %d", all[i-5].N, c.N)
		}
	}
}
