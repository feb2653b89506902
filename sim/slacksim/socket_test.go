package slacksim

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"
)

func TestASlashCommandReachesTheAppAndItsAckAnswers(t *testing.T) {
	inWorld(t, Options{}, func(w *world) {
		a := w.connect(func(c *socketmode.Client, e socketmode.Event) {
			_ = c.Ack(*e.Request, map[string]any{"text": "Got it"})
		})
		defer a.stop()
		o := w.Type("U0ALICE", "general", "/access create jane@acme.example Jane because <3 & @dave").Wait()
		require.True(t, o.Acked, o.Error)
		command := a.got(socketmode.EventTypeSlashCommand)[0].Data.(slack.SlashCommand)
		require.Equal(t, "create <mailto:jane@acme.example|jane@acme.example> Jane because &lt;3 &amp; <@U0DAVE|dave>", command.Text)
		require.Equal(t, "general", command.ChannelName)
		require.Equal(t, "Got it", last(t, w.Ephemerals("U0ALICE")).Text)
		require.Empty(t, w.Ephemerals("U0BOB"))
	})
}

func TestAConnectionStaysUpForDaysByPings(t *testing.T) {
	inWorld(t, Options{ConnectionLife: -1}, func(w *world) {
		a := w.connect(nil)
		defer a.stop()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		require.Len(t, a.got(socketmode.EventTypeConnected), 1)
	})
}
