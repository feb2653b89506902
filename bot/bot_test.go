package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

func TestARequestIsKeptBeforeItIsAcknowledgedWithItsAnswer(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		out := w.Type(alice, general, "/access create jane@acme.example Jane because she runs the launch").Wait()
		require.True(t, out.Acked)
		require.Contains(t, string(out.Payload), "#1", "the answer travels in the ack")
		require.Contains(t, string(out.Payload), `"ephemeral"`)
		require.Equal(t, approvals.Pending, w.state(1))
		w.pass(time.Second)
		require.Contains(t, w.card(cards, "jane@acme.example"), "she runs the launch")
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
		w.pass(time.Second)
		require.Len(t, w.CallsOf("response_url"), 1)
		require.Len(t, w.Ephemerals(alice), 1)
	})
}

func TestWhatIsNotUnderstoodIsAnsweredInTheAck(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		require.Contains(t, w.typed(alice, "/access shar jane@acme.example"), "share")
		require.Empty(t, w.CallsOf("response_url"))
	})
}

func TestARedeliveredCommandOpensOneRequest(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		d := w.Type(alice, general, "/access create jane@acme.example Jane because she runs the launch")
		require.True(t, d.Wait().Acked)
		require.True(t, w.Redeliver(d))
		w.pass(time.Second)
		all, err := w.desk.Requests(t.Context(), approvals.Filter{All: true, Of: alice}, 10)
		require.NoError(t, err)
		require.Len(t, all, 1)
		require.Len(t, w.Messages(cards), 1)
	})
}

func TestFromACommandToTheOutcome(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		n, card := w.asked("jane@acme.example")
		require.Empty(t, w.clicked(bob, cards, card.TS, "Approve"), "a vote that counts needs no answer")
		w.pass(5 * time.Second)
		require.Equal(t, approvals.Done, w.state(n))
		shown := w.card(cards, "jane@acme.example")
		require.Contains(t, shown, "done")
		require.NotContains(t, shown, "Deny")
		require.Len(t, w.DM(alice), 1)
		require.NotContains(t, w.log.String(), "level=ERROR")
	})
}

func TestTheBotEndsWhenItsContextDoes(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		began := time.Now()
		w.stop()
		require.Less(t, time.Since(began), 10*time.Second)
		w.pass(time.Second)
		require.Equal(t, "dispatch_failed", w.Type(alice, general, "/access").Wait().Error, "nothing is connected any more")
	})
}

func TestWhatIsInHandIsFinishedBeforeTheBotEnds(t *testing.T) {
	slow := &slowHouse{by: time.Second}
	inWorld(t, setup{house: slow.around}, func(t *testing.T, w *world) {
		d := w.Type(alice, general, "/access create jane@acme.example Jane because she runs the launch")
		w.pass(100 * time.Millisecond)
		w.stop()
		require.True(t, d.Wait().Acked)
		require.Equal(t, approvals.Pending, w.state(1))
	})
}

func TestASecondRequestIsHeardWhileOneIsSlow(t *testing.T) {
	slow := &slowHouse{by: 2 * time.Second}
	inWorld(t, setup{house: slow.around}, func(t *testing.T, w *world) {
		first := w.Type(alice, general, "/access create jane@acme.example Jane because she runs the launch")
		w.pass(10 * time.Millisecond)
		second := w.Type(dave, general, "/access help").Wait()
		require.True(t, second.Acked)
		require.Less(t, second.After, 100*time.Millisecond)
		require.True(t, first.Wait().Acked)
	})
}

func TestTooSlowToBeKeptIsSaidInTheAck(t *testing.T) {
	slow := &slowHouse{by: time.Minute}
	inWorld(t, setup{house: slow.around}, func(t *testing.T, w *world) {
		said := w.typed(alice, "/access create jane@acme.example Jane because she runs the launch")
		require.Contains(t, said, "longer than Slack allows")
		require.Empty(t, w.Messages(cards))
	})
}

func TestAFullQueueSaysBusyInTheAck(t *testing.T) {
	slow := &slowHouse{by: time.Second}
	inWorld(t, setup{house: slow.around, cfg: Config{Workers: 1, Queue: 1}}, func(t *testing.T, w *world) {
		first := w.Type(alice, general, "/access create a@acme.example Ann because she starts")
		w.pass(time.Millisecond)
		second := w.Type(alice, general, "/access create b@acme.example Ben because he starts")
		w.pass(time.Millisecond)
		third := w.Type(alice, general, "/access create c@acme.example Cay because she starts").Wait()
		require.True(t, third.Acked)
		require.Contains(t, string(third.Payload), "try again in a minute")
		require.True(t, first.Wait().Acked)
		require.True(t, second.Wait().Acked)
		require.NotContains(t, w.log.String(), "dropped")
	})
}

func TestAPanicIsAnsweredWithAReference(t *testing.T) {
	inWorld(t, setup{house: func(h *commands.House) House { return panicHouse{h} }}, func(t *testing.T, w *world) {
		d := w.Type(alice, general, "/access create jane@acme.example Jane because she starts")
		out := d.Wait()
		require.True(t, out.Acked)
		reference := (&envelope{id: d.EnvelopeID()}).reference()
		require.Contains(t, string(out.Payload), reference)
		require.Contains(t, w.log.String(), "something went wrong and was caught")
		require.Contains(t, w.log.String(), reference)
		require.True(t, w.Type(alice, general, "/access shar").Wait().Acked, "the bot goes on")
	})
}
