package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestWhatIsHeardUntilTheGoodbyeIsAnswered: told to end while it owes an ack, Usher hears on that connection until the ack is written, and
// what it hears meanwhile is answered too.
func TestWhatIsHeardUntilTheGoodbyeIsAnswered(t *testing.T) {
	slow := &slowHouse{by: time.Second}
	inWorld(t, setup{house: slow.around}, func(t *testing.T, w *world) {
		first := w.Type(alice, general, "/access create jane@acme.example Jane because she runs the launch")
		w.Pass(100 * time.Millisecond)
		go w.Stop()
		w.Pass(500 * time.Millisecond)
		second := w.Type(dave, general, "/access create jack@acme.example Jack because he starts")
		require.True(t, first.Wait().Acked)
		require.True(t, second.Wait().Acked)
		w.Stop()
		require.Equal(t, approvals.Pending, w.State(2))
		w.Pass(time.Second) // Slack takes the goodbyes in
		require.Zero(t, w.Connections())
	})
}

// TestWithNothingInHandTheGoodbyeIsSaidAtOnce, on both connections, and nobody has to wait.
func TestWithNothingInHandTheGoodbyeIsSaidAtOnce(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		opens, began := len(w.CallsOf(opensSocket)), time.Now()
		w.Stop()
		require.Less(t, time.Since(began), 100*time.Millisecond)
		w.Pass(time.Second) // Slack takes the goodbyes in
		require.Zero(t, w.Connections())
		require.Len(t, w.CallsOf(opensSocket), opens)
		require.NotContains(t, w.Log.String(), "was left")
	})
}

// TestWhatCrossesAGoodbyeIsAcknowledgedOnAnotherConnection, and answered another way, since that may not count.
func TestWhatCrossesAGoodbyeIsAcknowledgedOnAnotherConnection(t *testing.T) {
	for _, counts := range []bool{true, false} {
		slow := &slowHouse{by: time.Second}
		inWorld(t, setup{house: slow.around, sim: slacksim.Options{AcceptAckAnywhere: counts}}, func(t *testing.T, w *world) {
			d := w.Type(alice, general, "/access create jane@acme.example Jane because she runs the launch")
			w.Pass(100 * time.Millisecond)
			for _, c := range w.bot.links {
				if l := c.hearing(); l.owed > 0 {
					l.leave()
				}
			}
			require.Equal(t, counts, d.Wait().Acked)
			w.Pass(5 * time.Second)
			require.Contains(t, w.Log.String(), "acknowledged on another connection")
			require.Equal(t, approvals.Pending, w.State(1))
			require.Contains(t, slacksim.PlainText(w.Ephemerals(alice)[0]), "Request #1 sent")
		})
	}
}
