package badday

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// TestADecisionSurvivesSlacksOutage: Slack is away for hours from the moment the approval is
// acknowledged. The deed is done meanwhile; card and message follow when it is back, once.
func TestADecisionSurvivesSlacksOutage(t *testing.T) {
	for _, restart := range []bool{false, true} {
		world.In(t, world.Config, func(w *world.World) {
			vendorsim.SeedDemo(w.N.Vendor)
			away := &atomic.Bool{}
			w.Alter = world.CutOff{Away: away}.Between
			p := &world.Played{World: w, Scenario: world.Made(nil)}
			w.Start()
			p.Asked()
			m := p.Card()
			require.True(t, w.N.Slack.Click("U0BOB", m.Channel, m.TS, "Approve").Wait().Acked)
			away.Store(true)
			w.N.SlackNet.Break()
			synctest.Wait()
			w.Pass(2 * time.Minute)
			require.Len(t, w.N.Vendor.CallsOf(vendorsim.Create), 1, "the deed does not wait for Slack")
			if restart {
				w.Crash()
				w.Begin()
			}
			w.Pass(6 * time.Hour)
			require.Empty(t, w.N.Slack.DM("U0ALICE"))
			away.Store(false)
			p.Live(6 * time.Minute)
			p.Promises()
			p.Live(time.Hour)
			p.Promises()
			require.Empty(t, w.Logs.Take())
		})
	}
}
