package badday

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/test/world"
)

// TestAStormOfStatusesDelaysNobody: two thousand people change theirs in a moment, with profiles that slack-go cannot read. Each event
// is acknowledged, none is asked about, and whoever types and clicks meanwhile is answered in time.
func TestAStormOfStatusesDelaysNobody(t *testing.T) {
	inFlood(t, func(w *world.World) {
		w.N.Slack.Type("U0ALICE", "C0GENERAL", asking(0)).Wait()
		w.Pass(5 * time.Second)
		card := w.N.Slack.Messages("C0APPROVE")[0]
		calls := len(w.N.Slack.Calls())
		storm := w.N.Slack.Storm(2000)
		require.GreaterOrEqual(t, len(storm), 2000, "Usher hears of people who change")
		click := w.N.Slack.Click("U0BOB", card.Channel, card.TS, "Approve").Wait()
		require.True(t, click.Acked, click.Error)
		require.Less(t, click.After, slacksWait)
		ask := w.N.Slack.Type("U0ERIN", "C0GENERAL", asking(1)).Wait()
		require.True(t, ask.Acked, ask.Error)
		require.Less(t, ask.After, slacksWait)
		for _, d := range storm {
			require.True(t, d.Wait().Acked)
		}
		w.Pass(time.Minute)
		require.Less(t, len(w.N.Slack.Calls())-calls, 40, "what changed of nobody who matters is not asked about")
		require.Equal(t, approvals.Done, w.State(1))
	})
}
