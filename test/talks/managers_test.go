package talks

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

// managersDecide is the demo's company where the manager decides, by the configuration or the profile.
func managersDecide() string {
	return strings.NewReplacer("[U0BOB, S0LEADS]", "[manager]",
		"apps:\n", "people: {managers: {U0DAVE: U0BOB}, manager_field: Manager, manager_field_editable: accepted}\napps:\n").Replace(demo.Config)
}

// TestNobodyDecidesAsTheManagerWhatTheyGain: the manager who asks, the one whom it is for, and the one who has named
// themselves, on each route there is.
func TestNobodyDecidesAsTheManagerWhatTheyGain(t *testing.T) {
	for name, row := range map[string]struct{ who, asks, ask, own string }{
		"the manager who asks for their own people": {"U0BOB", "U0BOB", "create dave@acme.example Dave because he joins", "You asked for #2 yourself"},
		"the manager whom it is for":                {"U0ERIN", "U0ALICE", "create erin@acme.example Erin because she joins", "#2 is for you"},
		"one's own manager":                         {"U0ERIN", "U0ERIN", "create erin@acme.example Erin because I join", "You asked for #2 yourself"},
		"one's own manager, for somebody outside":   {"U0ERIN", "U0ERIN", "create lee@globex.example Lee because of the audit", "You asked for #2 yourself"},
	} {
		t.Run(name, func(t *testing.T) {
			inSiege(t, managersDecide(), func(w *world.World) {
				w.N.Slack.AddProfileField(slacksim.ProfileField{ID: "Xf1", Label: "Manager", Type: "user"})
				w.N.Slack.SetProfile("U0ERIN", "Xf1", "U0ERIN")
				w.Pass(25 * time.Hour) // the field was looked for when there was none
				require.Contains(t, w.Answered(row.asks, row.ask), "so the admins decide instead.")
				w.Pass(time.Minute)
				card := w.CardFor(strings.Fields(row.ask)[1])
				for _, button := range []string{"Approve", "Deny"} {
					require.Contains(t, w.Hears(row.who, func() *slacksim.Delivery { return w.N.Slack.Click(row.who, card.Channel, card.TS, button) }), row.own)
				}
				w.Pass(time.Minute)
				require.Contains(t, w.ClickAs(row.who, slacksim.Forged{Channel: "C0GENERAL", TS: "1.0", ActionID: view.ActionApprove, Value: w.Value(2)}), row.own)
				require.Contains(t, string(w.FormAs(row.who, 2).Wait().Payload), row.own)
				require.Empty(t, world.ToApprover(w.N.Slack.DM(row.who), true), "nobody is asked who may not decide")
				require.Equal(t, approvals.Pending, w.State(2))
				require.Empty(t, w.N.Vendor.Effects())
				w.Pass(time.Minute)
				require.Empty(t, w.Hears("U0ADMIN", func() *slacksim.Delivery { return w.N.Slack.Click("U0ADMIN", card.Channel, card.TS, "Approve") }))
				require.Equal(t, approvals.Done, w.State(2))
			})
		})
	}
}
