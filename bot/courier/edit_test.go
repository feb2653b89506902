package courier

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

// edits is somebody pressing Edit and sending the form that opens with another first name.
func (w *world) edits(who string, card slacksim.Message, first string) *slacksim.Delivery {
	w.T.Helper()
	require.Empty(w.T, w.Clicked(who, card.Channel, card.TS, "Edit"))
	require.Len(w.T, w.Views(who), 1, "the form of the request")
	return w.Submit(who, "", map[string]any{"first:outside": first, view.FieldReason: "It's " + first})
}

// TestAnEditIsToldOnce: whatever becomes of Slack's answers, the requester has one message for each edit, nothing is decided
// by it, and the card shows what is asked now.
func TestAnEditIsToldOnce(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				n, card := w.Asked("jane@acme.example")
				for i, who := range []string{bob, erin} {
					fault.Method, fault.Times = "chat.postMessage", 3
					w.Plan(fault)
					require.True(t, w.edits(who, w.Messages(cards)[0], fmt.Sprint("Jane ", i)).Wait().Acked)
					require.Empty(t, w.Views(who))
					w.Pass(5 * time.Minute)
				}
				r := w.Request(n)
				require.Len(t, r.Edits, 2)
				require.Len(t, w.DM(alice), 2)
				for i, m := range w.DM(alice) {
					require.Contains(t, m.Text, fmt.Sprint("→ Jane ", i))
				}
				require.Equal(t, []any{approvals.Pending, 0}, []any{r.State, len(r.Votes)}, "it decides nothing")
				require.Equal(t, view.Card(r).Text, w.Messages(cards)[0].Text)
				w.Clicked(erin, card.Channel, card.TS, "Approve")
				require.Equal(t, approvals.Actor(erin), w.Request(n).DecidedBy, "by the card as it is now")
			})
		})
	}
}

// TestAFormThatEditsIsOneEdit: sent twice at once, delivered again long after, and changed meanwhile.
func TestAFormThatEditsIsOneEdit(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		first := w.edits(bob, card, "Janet")
		require.True(t, first.Wait().Acked)
		w.Redeliver(first)
		w.Pass(20 * time.Minute) // what was heard is forgotten by then
		w.Redeliver(first)
		w.Pass(time.Minute)
		require.Len(t, w.Request(n).Edits, 1)
		require.Len(t, w.DM(alice), 1)
		require.Equal(t, "Janet", w.Request(n).Change.FirstName)
	})
}
