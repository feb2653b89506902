package badday

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/pace"
)

// TestCallsOfWhatIsStillNeeded counts the calls of a morning on which everybody is asked about all the accounts of outsiders that they
// asked for: one message each, however many they are, and the workspace is read for that, and for who has left.
func TestCallsOfWhatIsStillNeeded(t *testing.T) {
	pace.Apart(t, "counts the calls of lives that other tests live under it")
	const lives = 12
	onADay(t, demo.Config, func(d *busyDay) {
		for range lives {
			d.live(func() {})
		}
		d.End()
		d.Pass(91 * 24 * time.Hour)
		began := d.calls()
		d.Start()
		d.Pass(30 * time.Minute)
		made := d.calls()
		for method, most := range map[string]int{"chat.postMessage": len(crowd), "chat.update": 0, "conversations.open": len(crowd), "conversations.history": 0,
			"users.list": 2, "users.info": 2 * len(crowd), "vendor " + string(vendorsim.List): 4} {
			require.LessOrEqual(t, made[method]-began[method], most, method)
		}
		require.Equal(t, len(crowd), made["chat.postMessage"]-began["chat.postMessage"], "everybody is asked")
	})
}
