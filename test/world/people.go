package world

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

// Works is a round from asking to the account, and a database that is whole.
func (w *World) Works() {
	w.T.Helper()
	require.Contains(w.T, string(w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create still.here@acme.example Still because it works").Wait().Payload), "sent: ")
	w.Pass(10 * time.Second)
	require.True(w.T, w.N.Slack.Click("U0BOB", "C0APPROVE", w.CardFor("still.here@acme.example").TS, "Approve").Wait().Acked)
	w.Pass(time.Minute)
	_, ok := w.N.Vendor.Account("still.here@acme.example")
	require.True(w.T, ok)
	require.Empty(w.T, w.Logs.Take(), "errors that nobody announced")
	w.Check()
}

// CardFor is the one card about an address.
func (w *World) CardFor(email string) slacksim.Message {
	w.T.Helper()
	var found []slacksim.Message
	for _, m := range w.N.Slack.Messages("C0APPROVE") {
		if strings.Contains(m.Text, email) {
			found = append(found, m)
		}
	}
	require.Len(w.T, found, 1, "cards for %s", email)
	return found[0]
}

// Hears is what is said to one person alone by an act of theirs; the act is acknowledged.
func (w *World) Hears(who string, act func() *slacksim.Delivery) string {
	w.T.Helper()
	before := len(w.N.Slack.Ephemerals(who))
	out := act().Wait()
	require.True(w.T, out.Acked, out.Error)
	w.Pass(20 * time.Second)
	var said []string
	for _, m := range w.N.Slack.Ephemerals(who)[before:] {
		said = append(said, slacksim.PlainText(m))
	}
	return strings.Join(said, "\n")
}

// Answered is what somebody reads who typed a command.
func (w *World) Answered(who, typed string) string {
	w.T.Helper()
	return w.Hears(who, func() *slacksim.Delivery { return w.N.Slack.Type(who, "C0GENERAL", "/access "+typed) })
}

// Payload is what is sent to Slack with an ack.
type Payload = map[string]any

// Value is what a button of request n bears.
func (w *World) Value(n int64) string {
	w.T.Helper()
	r, err := w.App.Desk.Request(context.Background(), n)
	require.NoError(w.T, err)
	return view.ButtonValue(r.Name())
}

// State is where a request stands.
func (w *World) State(n int64) approvals.State { w.T.Helper(); return w.Request(n).State }

// Request is a request as it is now.
func (w *World) Request(n int64) approvals.Request {
	w.T.Helper()
	r, err := w.App.Desk.Request(w.T.(*testing.T).Context(), n)
	require.NoError(w.T, err)
	return r
}

// BlockOf is the block of a form's input that is labeled so.
func (w *World) BlockOf(v slacksim.View, label string) string {
	w.T.Helper()
	for _, b := range v.View["blocks"].([]any) {
		b := b.(map[string]any)
		if l, ok := b["label"].(map[string]any); ok && l["text"] == label {
			return b["block_id"].(string)
		}
	}
	require.Fail(w.T, "no such field", "the form has no %q: %s", label, slacksim.ViewText(v))
	return ""
}

// ClickAs is a click that somebody made up.
func (w *World) ClickAs(who string, f slacksim.Forged) string {
	w.T.Helper()
	return w.Hears(who, func() *slacksim.Delivery { return w.N.Slack.ClickForged(who, f) })
}

// FormAs is a form that somebody made up and sent without its having been opened.
func (w *World) FormAs(who string, n int64) *slacksim.Delivery {
	return w.N.Slack.Raw("interactive", who, "C0APPROVE", Payload{"type": "view_submission", "user": Payload{"id": who}, "team": Payload{"id": slacksim.TeamID},
		"view": Payload{"callback_id": view.CallbackDeny, "private_metadata": w.Value(n),
			"state": Payload{"values": Payload{view.FieldReason: Payload{view.FieldReason: Payload{"type": "plain_text_input", "value": "made up"}}}}}})
}

// NeverTooFast holds the vendor's journal, of at least so many calls, to its limit.
func (w *World) NeverTooFast(calls int) {
	w.T.Helper()
	all := w.N.Vendor.Calls()
	require.Greater(w.T, len(all), calls)
	for i, c := range all {
		require.NotEqual(w.T, http.StatusTooManyRequests, c.Status, "call %d of %d", c.N, len(all))
		if i >= 5 {
			require.GreaterOrEqual(w.T, c.At.Sub(all[i-5].At).Seconds(), 1.0, "calls %d to %d", all[i-5].N, c.N)
		}
	}
}
