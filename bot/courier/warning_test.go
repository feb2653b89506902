package courier

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
)

// low promises a warning for an arming, as package units does.
func (w *world) low(armed string, at time.Time, owners ...string) {
	w.T.Helper()
	body, err := json.Marshal(approvals.Warning{App: "planner", Name: "Planner", Owners: owners, At: at, Limit: "20%",
		Balance: approvals.Balance{Read: at, Left: 19_000, Full: 100_000}})
	require.NoError(w.T, err)
	c := outbox.AtOnce(approvals.WarningKey("planner", "20%", armed), 0, time.Now()).ButOnce()
	c.Put.Body = body
	require.NoError(w.T, w.Store.Promise(w.T.Context(), c))
	w.Worker.Wake()
}

func TestAWarningIsSaidOncePerArming(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				fault.Method = "chat.postMessage"
				w.Plan(fault)
				w.low("2026-11-23T06:00", time.Now(), dave, "S0LEADS")
				w.Pass(5 * time.Minute)
				w.low("2026-11-23T06:00", time.Now(), dave, "S0LEADS")
				w.Pass(5 * time.Minute)
				require.Len(t, w.Messages(cards), 1)
				require.Contains(t, w.Messages(cards)[0].Text, "Planner has only 19,000 units left")
				require.Contains(t, w.Messages(cards)[0].Text, "<@"+dave+">, <!subteam^S0LEADS>, please")
				w.low("2026-11-24T06:00", time.Now())
				w.Pass(5 * time.Minute)
				require.Len(t, w.Messages(cards), 2, "armed again it is another occasion")
				require.Contains(t, w.Messages(cards)[1].Text, "<@"+carol+">, please", "with nobody to look after it the admins do")
			})
		})
	}
}

func TestAWarningWaitsForItsChannelAndNotForEver(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Kick(cards, slacksim.BotUser)
		w.low("a", time.Now())
		w.low("b", time.Now().Add(-31*24*time.Hour))
		w.Pass(time.Hour)
		require.Empty(t, w.Messages(cards))
		require.Contains(t, w.said(carol)[0], "I can't post in", "an admin is told")
		w.Invite(cards, slacksim.BotUser)
		w.Pass(time.Hour)
		require.Len(t, w.Messages(cards), 1)
		require.Contains(t, w.Log.String(), "a warning could not be delivered within a month")
		require.NoError(t, w.Store.Promise(t.Context(), outbox.Change{Put: &outbox.Intent{Key: "warning/planner/5%/c", Due: time.Now(), Made: time.Now(), Body: json.RawMessage(`[]`)}}))
		w.Worker.Wake()
		w.Pass(time.Minute)
		require.Contains(t, w.Log.String(), "a warning cannot be read, and is dropped")
	})
}
