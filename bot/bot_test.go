package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/sim/slacksim"
)

func TestARequestIsKeptBeforeItIsAcknowledgedWithItsAnswer(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		out := w.Type(alice, general, "/access create jane@acme.example Jane because she runs the launch").Wait()
		require.True(t, out.Acked)
		require.Contains(t, string(out.Payload), "#1", "the answer travels in the ack")
		require.Contains(t, string(out.Payload), `"ephemeral"`)
		require.Equal(t, approvals.Pending, w.State(1))
		w.Pass(time.Second)
		require.Contains(t, w.Card(cards, "jane@acme.example"), "she runs the launch")
		require.Empty(t, w.CallsOf("response_url"))
	})
}

func TestWhatOnlyReadsIsAcknowledgedAtOnceAndAnsweredAfter(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		d := w.Type(alice, general, "/access status")
		out := d.Wait()
		require.True(t, out.Acked)
		require.Less(t, out.After, 100*time.Millisecond)
		require.NotContains(t, string(out.Payload), "blocks")
		w.Pass(time.Second)
		require.Len(t, w.CallsOf("response_url"), 1)
		require.Len(t, w.Ephemerals(alice), 1)
	})
}

func TestWhatIsNotUnderstoodIsAnsweredInTheAck(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		require.Contains(t, w.Typed(alice, "/access shar jane@acme.example"), "share")
		require.Empty(t, w.CallsOf("response_url"))
	})
}

func TestARedeliveredCommandOpensOneRequest(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		d := w.Type(alice, general, "/access create jane@acme.example Jane because she runs the launch")
		require.True(t, d.Wait().Acked)
		require.True(t, w.Redeliver(d))
		w.Pass(time.Second)
		all, err := w.Desk.Requests(t.Context(), approvals.Filter{All: true, Of: alice}, 10)
		require.NoError(t, err)
		require.Len(t, all, 1)
		require.Len(t, w.Messages(cards), 1)
	})
}

func TestFromACommandToTheOutcome(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		require.Empty(t, w.Clicked(bob, cards, card.TS, "Approve"), "a vote that counts needs no answer")
		w.Pass(5 * time.Second)
		require.Equal(t, approvals.Done, w.State(n))
		shown := w.Card(cards, "jane@acme.example")
		require.Contains(t, shown, "done")
		require.NotContains(t, shown, "Deny")
		require.Len(t, w.DM(alice), 1)
		require.NotContains(t, w.Log.String(), "level=ERROR")
	})
}

func TestTheBotEndsWhenItsContextDoes(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		began := time.Now()
		w.Stop()
		require.Less(t, time.Since(began), 10*time.Second)
		w.Pass(time.Second)
		require.Equal(t, "dispatch_failed", w.Type(alice, general, "/access").Wait().Error, "nothing is connected any more")
	})
}

func TestWhatIsInHandIsFinishedBeforeTheBotEnds(t *testing.T) {
	slow := &slowHouse{by: time.Second}
	inWorld(t, setup{house: slow.around}, func(t *testing.T, w *world) {
		d := w.Type(alice, general, "/access create jane@acme.example Jane because she runs the launch")
		w.Pass(100 * time.Millisecond)
		w.Stop()
		require.True(t, d.Wait().Acked)
		require.Equal(t, approvals.Pending, w.State(1))
	})
}

func TestASecondRequestIsHeardWhileOneIsSlow(t *testing.T) {
	slow := &slowHouse{by: 2 * time.Second}
	inWorld(t, setup{house: slow.around}, func(t *testing.T, w *world) {
		first := w.Type(alice, general, "/access create jane@acme.example Jane because she runs the launch")
		w.Pass(10 * time.Millisecond)
		second := w.Type(dave, general, "/access help").Wait()
		require.True(t, second.Acked)
		require.Less(t, second.After, 100*time.Millisecond)
		require.True(t, first.Wait().Acked)
	})
}

func TestTooSlowToBeKeptIsSaidInTheAck(t *testing.T) {
	slow := &slowHouse{by: time.Minute}
	inWorld(t, setup{house: slow.around}, func(t *testing.T, w *world) {
		said := w.Typed(alice, "/access create jane@acme.example Jane because she runs the launch")
		require.Contains(t, said, "longer than Slack allows")
		require.Empty(t, w.Messages(cards))
	})
}

func TestAFullQueueSaysBusyInTheAck(t *testing.T) {
	slow := &slowHouse{by: time.Second}
	inWorld(t, setup{house: slow.around, cfg: Config{Workers: 1, Queue: 1}}, func(t *testing.T, w *world) {
		first := w.Type(alice, general, "/access create a@acme.example Ann because she starts")
		w.Pass(time.Millisecond)
		second := w.Type(alice, general, "/access create b@acme.example Ben because he starts")
		w.Pass(time.Millisecond)
		third := w.Type(alice, general, "/access create c@acme.example Cay because she starts").Wait()
		require.True(t, third.Acked)
		require.Contains(t, string(third.Payload), "try again in a minute")
		require.True(t, first.Wait().Acked)
		require.True(t, second.Wait().Acked)
		require.NotContains(t, w.Log.String(), "dropped")
	})
}

func TestAPanicIsAnsweredWithAReference(t *testing.T) {
	inWorld(t, setup{house: func(h *commands.House) House { return panicHouse{h} }}, func(t *testing.T, w *world) {
		d := w.Type(alice, general, "/access create jane@acme.example Jane because she starts")
		out := d.Wait()
		require.True(t, out.Acked)
		reference := (&envelope{id: d.EnvelopeID()}).reference()
		require.Contains(t, string(out.Payload), reference)
		require.Contains(t, w.Log.String(), "something went wrong and was caught")
		require.Contains(t, w.Log.String(), reference)
		require.True(t, w.Type(alice, general, "/access shar").Wait().Acked, "the bot goes on")
	})
}

// TestKeysNeverShow: what opens anything to whoever has it stays out of the log.
func TestKeysNeverShow(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.FailNext("chat.postMessage", slacksim.BeforeEffect, slacksim.Cut)
		w.FailNext("response_url", slacksim.BeforeEffect, slacksim.Cut)
		w.Asked("jane@acme.example")
		w.Typed(alice, "/access status")
		w.Pass(time.Minute)
		log := w.Log.String()
		require.NotContains(t, log, "xoxb-slacksim")
		require.NotContains(t, log, "xapp-slacksim")
		require.NotContains(t, log, "/commands/T0", "a response URL is a key")
		require.NotContains(t, log, "ticket=")
	})
}
