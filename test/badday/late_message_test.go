package badday

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// TestWhatAClaimImpliesMayStillArrive: the bot is killed right after it sent a message of which it had noted nothing but that it's owed, and
// Slack shows that message long after the next life has looked for it. It's said once.
func TestWhatAClaimImpliesMayStillArrive(t *testing.T) {
	for _, late := range []time.Duration{5 * time.Second, 40 * time.Second} {
		world.In(t, world.Config, func(w *world.World) {
			vendorsim.SeedDemo(w.N.Vendor)
			p := &world.Played{World: w, Scenario: world.Made(nil)}
			w.Start()
			p.Asked()
			m := p.Card()
			w.Pass(time.Minute)
			sent := len(w.N.Slack.CallsOf("chat.postMessage"))
			w.N.Slack.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Late, Delay: late})
			require.True(t, w.N.Slack.Click("U0BOB", m.Channel, m.TS, "Approve").Wait().Acked)
			for len(w.N.Slack.CallsOf("chat.postMessage")) == sent {
				w.Pass(10 * time.Millisecond)
			}
			require.Empty(t, w.N.Slack.DM("U0ALICE"), "it's on its way")
			w.Crash()
			w.Begin()
			w.Pass(10 * time.Minute)
			told := 0
			for _, m := range w.N.Slack.DM("U0ALICE") {
				if strings.Contains(m.Text, "ready") {
					told++
				}
			}
			require.Equal(t, 1, told)
			p.Promises()
			w.Logs.Take()
			w.End()
		})
	}
}
