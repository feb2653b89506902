package courier

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/pace"
)

// answersWithin is how long Slack's answer is waited for.
const answersWithin = 5 * time.Second

// late is a call that Slack carries out some time after we have stopped waiting for its answer.
func late(method string, after time.Duration) slacksim.Fault {
	return slacksim.Fault{Method: method, Kind: slacksim.Late, Delay: answersWithin + after}
}

func TestAnUpdateThatSlackMakesAfterTheNextOneDoesNotLast(t *testing.T) {
	for _, after := range []time.Duration{10 * time.Second, 90 * time.Second, 5 * time.Minute, 25 * time.Minute} {
		inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
			n, card := w.Asked("jane@acme.example")
			w.Plan(late("chat.update", after))
			w.Clicked(bob, cards, card.TS, "Approve") // by now the update that shows the yes is on its way
			for _, e := range []approvals.Event{approvals.Begun{}, approvals.Happened{Outcome: approvals.Outcome{At: time.Now(), Text: approvals.Sayf("The account was created."), AccountID: "36872"}}} {
				_, err := w.Desk.Record(t.Context(), n, e, time.Now())
				require.NoError(t, err)
			}
			w.Pass(answersWithin + 4*time.Second)
			require.Contains(t, w.Card(cards, "jane@acme.example"), "done", "the truth is shown as soon as it can be")
			w.Pass(after)
			require.NotContains(t, w.Card(cards, "jane@acme.example"), "done", "the late one came")
			w.Pass(4*after + time.Minute)
			require.Contains(t, w.Card(cards, "jane@acme.example"), "done", "and what came late does not stay")
			w.Pass(time.Hour)
			updates := len(w.CallsOf("chat.update"))
			w.Pass(24 * time.Hour)
			require.Len(t, w.CallsOf("chat.update"), updates, "and then there is peace")
		})
	}
}

func TestADeletedCardThatWaitsComesBackByItself(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		_, card := w.Asked("jane@acme.example")
		w.Pass(time.Hour)
		require.Equal(t, card.TS, w.Messages(cards)[0].TS)
		require.True(t, w.DeleteMessage(cards, card.TS))
		w.Pass(2 * time.Hour)
		require.Contains(t, w.Card(cards, "jane@acme.example"), "Can approve")
		again := w.Messages(cards)[0]
		w.Clicked(bob, cards, again.TS, "Approve")
		w.Pass(time.Minute)
		require.Contains(t, w.Card(cards, "jane@acme.example"), "done")
	})
}

func TestACardThatWaitsForAWeekIsLookedAtADozenTimes(t *testing.T) {
	pace.Lives(t, 6*24*time.Hour)
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Asked("jane@acme.example")
		posts := len(w.CallsOf("chat.postMessage"))
		w.FailNext("conversations.history", slacksim.BeforeEffect, slacksim.Cut)
		w.Pass(6 * 24 * time.Hour)
		looks := len(w.CallsOf("conversations.history"))
		require.Greater(t, looks, 10)
		require.Less(t, looks, 16)
		require.Len(t, w.CallsOf("chat.postMessage"), posts)
		require.Empty(t, w.CallsOf("chat.update"))
		w.Card(cards, "jane@acme.example")
	})
}

// TestACardWithAWrongTSIsFound: Slack said of the card that it stands where nothing does, which nobody can
// tell from a right answer. It is found when it is looked after, or to be changed, and there is one.
func TestACardWithAWrongTSIsFound(t *testing.T) {
	for name, after := range map[string]time.Duration{"when it is to change": time.Minute, "when it is watched": time.Hour} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				w.FailNext("chat.postMessage", slacksim.AfterEffect, slacksim.OtherTS)
				n, card := w.Asked("jane@acme.example")
				w.Pass(after)
				require.Len(t, w.Messages(cards), 1)
				w.Click(bob, cards, card.TS, "Approve").Wait()
				w.Pass(time.Minute)
				require.Equal(t, approvals.Done, w.State(n))
				require.Contains(t, w.Card(cards, "jane@acme.example"), "done")
				require.Len(t, w.CallsOf("chat.postMessage"), 2, "the card, and the message to who asked")
			})
		})
	}
}

// TestADeletedCardIsLookedForBeforeItComesBack: while nobody can look, nothing is posted anew.
func TestADeletedCardIsLookedForBeforeItComesBack(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		_, card := w.Asked("jane@acme.example")
		require.True(t, w.DeleteMessage(cards, card.TS))
		w.Plan(slacksim.Fault{Method: "conversations.history", Kind: slacksim.Status500, Skip: 1, Times: 2})
		w.Pass(watchSoonest + 3*time.Second)
		require.Empty(t, w.Messages(cards))
		w.Pass(time.Minute)
		require.Len(t, w.Messages(cards), 1)
	})
}
