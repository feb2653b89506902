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

// asks is somebody pressing Ask and sending the form that opens.
func (w *world) asks(who string, card slacksim.Message, words string) *slacksim.Delivery {
	w.T.Helper()
	require.Empty(w.T, w.Clicked(who, card.Channel, card.TS, "Ask"))
	require.Len(w.T, w.Views(who), 1, "the form for a question")
	return w.Submit(who, "", map[string]any{view.FieldWords: words})
}

// TestAQuestionAndItsAnswerAreToldOnce: whatever becomes of Slack's answers, the requester has one message for each
// question, which shows what is so, and whoever asked one for each answer.
func TestAQuestionAndItsAnswerAreToldOnce(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				n, card := w.Asked("jane@acme.example")
				fault.Method, fault.Times = "chat.postMessage", 3
				w.Plan(fault)
				for who, words := range map[string]string{bob: "Which one?", erin: "For how long?"} {
					require.True(t, w.asks(who, card, words).Wait().Acked)
					w.Pass(5 * time.Minute)
				}
				require.Empty(t, w.Views(bob))
				require.Len(t, w.DM(alice), 2)
				w.Plan(fault)
				for i, m := range w.DM(alice) {
					require.Equal(t, view.Question(w.Request(n), i+1).Text, m.Text)
					w.Clicked(alice, m.Channel, m.TS, "Answer")
					require.True(t, w.Submit(alice, "", map[string]any{view.FieldWords: fmt.Sprintf("%d of them", i+1)}).Wait().Acked)
					w.Pass(5 * time.Minute)
				}
				require.Empty(t, w.Views(alice))
				r := w.Request(n)
				for i, q := range r.Questions {
					who := string(q.By.Person())
					require.Equal(t, fmt.Sprintf("%d of them", i+1), q.Answer.Words)
					require.Equal(t, view.Question(r, i+1).Text, w.DM(alice)[i].Text)
					require.NotContains(t, fmt.Sprint(w.DM(alice)[i].Blocks), "actions", "nothing is left to answer")
					require.Len(t, w.DM(who), 1)
					require.Equal(t, view.Answered(r, i+1).Text, w.DM(who)[0].Text)
				}
				require.Equal(t, []any{approvals.Pending, 0}, []any{r.State, len(r.Votes)}, "it decides nothing")
				require.Equal(t, view.Card(r).Text, w.Messages(cards)[0].Text)
			})
		})
	}
}

// TestAQuestionThatIsSentTwiceIsAskedOnce: by a redelivery at once and long after, and out of a second form; and so is
// its answer.
func TestAQuestionThatIsSentTwiceIsAskedOnce(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		first := w.asks(bob, card, "Which one?")
		require.True(t, first.Wait().Acked)
		w.Redeliver(first)
		w.Pass(20 * time.Minute) // what was heard is forgotten by then
		w.Redeliver(first)
		require.True(t, w.asks(bob, card, "Which one?").Wait().Acked)
		w.Pass(time.Minute)
		require.Len(t, w.DM(alice), 1)
		m := w.DM(alice)[0]
		w.Clicked(alice, m.Channel, m.TS, "Answer")
		out := w.Submit(alice, "", map[string]any{view.FieldWords: "That one"})
		require.True(t, out.Wait().Acked)
		w.Redeliver(out)
		w.Pass(20 * time.Minute)
		w.Redeliver(out)
		w.Pass(time.Minute)
		require.Empty(t, w.Views(alice))
		w.Redeliver(first)
		w.Pass(time.Minute)
		require.Len(t, w.Request(n).Questions, 1, "answered or not")
		require.Len(t, w.DM(bob), 1)
		require.Len(t, w.DM(alice), 1)
		require.True(t, w.asks(bob, card, "Which one?").Wait().Acked)
		w.Pass(time.Minute)
		require.Len(t, w.Request(n).Questions, 2, "he wants to know again")
	})
}

// TestWhatCannotBeAskedOrAnsweredIsSaid, to whoever tried, and changes nothing.
func TestWhatCannotBeAskedOrAnsweredIsSaid(t *testing.T) {
	inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		require.Contains(t, w.Clicked(alice, card.Channel, card.TS, "Ask"), "You asked for #1 yourself")
		require.Contains(t, w.Clicked(dave, card.Channel, card.TS, "Ask"), "isn't yours to decide")
		require.True(t, w.asks(bob, card, " \u200b ").Wait().Acked)
		w.Pass(time.Second)
		require.Contains(t, w.Views(bob)[0].Errors[view.FieldWords], "a few words")
		require.True(t, w.Submit(bob, "", map[string]any{view.FieldWords: "Which one?"}).Wait().Acked)
		w.Pass(time.Minute)
		m := w.DM(alice)[0]
		value := view.QuestionValue(w.Request(n).Name(), 1)
		for _, who := range []string{bob, dave} {
			require.True(t, w.ClickForged(who, slacksim.Forged{Channel: m.Channel, TS: m.TS, ActionID: view.ActionAnswer, Value: value}).Wait().Acked)
			w.Pass(time.Second)
			require.Contains(t, w.Whispered(who, len(w.Ephemerals(who))-1), "only they can answer")
		}
		for _, value := range []string{view.QuestionValue(w.Request(n).Name(), 2), w.value(n)} {
			require.True(t, w.ClickForged(alice, slacksim.Forged{Channel: m.Channel, TS: m.TS, ActionID: view.ActionAnswer, Value: value}).Wait().Acked)
			w.Pass(time.Second)
			require.Contains(t, w.Whispered(alice, len(w.Ephemerals(alice))-1), "I don't know that question")
		}
		require.Empty(t, w.Clicked(alice, m.Channel, m.TS, "Answer"))
		require.Empty(t, w.Clicked(bob, card.Channel, card.TS, "Ask"))
		w.Clicked(erin, card.Channel, card.TS, "Approve")
		for _, who := range []string{alice, bob} {
			require.True(t, w.Submit(who, "", map[string]any{view.FieldWords: "Too late"}).Wait().Acked)
			w.Pass(time.Second)
			require.Contains(t, slacksim.ViewText(w.Views(who)[0]), "<@U0ERIN> approved #1")
		}
		w.Pass(time.Minute)
		require.Equal(t, approvals.Approved, w.State(n))
		require.Len(t, w.Request(n).Questions, 1)
		require.Equal(t, view.Question(w.Request(n), 1).Text, w.DM(alice)[0].Text)
		require.Contains(t, w.DM(alice)[0].Text, "nothing left to answer")
		require.NotContains(t, fmt.Sprint(w.DM(alice)[0].Blocks), "actions")
	})
}

// TestWhoeverHasLeftIsAskedNothing: the card shows the question, and that nobody answered.
func TestWhoeverHasLeftIsAskedNothing(t *testing.T) {
	inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		w.Deactivate(alice, true)
		require.True(t, w.asks(bob, card, "Which one?").Wait().Acked)
		w.Pass(10 * time.Minute)
		require.Empty(t, w.DM(alice))
		require.Contains(t, w.Card(cards, "jane@acme.example"), "hasn't answered yet")
		w.Clicked(erin, card.Channel, card.TS, "Approve")
		w.Pass(10 * time.Minute)
		require.Empty(t, w.DM(alice))
		require.Equal(t, approvals.Approved, w.State(n))
	})
}
