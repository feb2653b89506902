package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

func TestWhatIsDeliveredTwiceIsAnsweredOnce(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		asked := w.Type(alice, general, "/access create jane@acme.example Jane because she starts")
		first := asked.Wait()
		require.True(t, first.Acked)
		status := w.Type(alice, general, "/access status")
		status.Wait()
		w.Pass(time.Second)
		card := w.Messages(cards)[0]
		stranger := w.Click(dave, cards, card.TS, "Approve")
		stranger.Wait()
		why := w.Click(bob, cards, card.TS, "Deny")
		why.Wait()
		w.Pass(time.Second)
		before := [3]int{len(w.Ephemerals(alice)), len(w.Ephemerals(dave)), len(w.Ephemerals(bob))}
		require.Equal(t, [3]int{2, 1, 0}, before)
		require.Len(t, w.Views(bob), 1)
		for _, d := range []*slacksim.Delivery{asked, status, stranger, why} {
			require.True(t, w.Redeliver(d))
			w.Pass(15 * time.Second)
		}
		require.Equal(t, before, [3]int{len(w.Ephemerals(alice)), len(w.Ephemerals(dave)), len(w.Ephemerals(bob))})
		require.Len(t, w.Views(bob), 1)
		require.Len(t, w.CallsOf("views.open"), 1)
		require.Len(t, w.Messages(cards), 1)
	})
}

func TestARepetitionIsAcknowledgedOnlyAfterTheFirst(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	h := newHeard(func() time.Time { return now })
	click := keysOf(&envelope{id: "e1"}, said{typ: typeClick, who: bob, trigger: "t1", action: view.ActionApprove, value: "v1:1"})
	again := keysOf(&envelope{id: "e2"}, said{typ: typeClick, who: bob, trigger: "t2", action: view.ActionApprove, value: "v1:1"})
	mine, earlier := h.begin(click)
	require.Nil(t, earlier)
	_, earlier = h.begin(again)
	require.Same(t, mine, earlier, "a double click")
	select {
	case <-earlier.done:
		t.Fatal("it is in hand still")
	default:
	}
	mine.settle("words")
	mine.settle("other words")
	<-earlier.done
	require.Equal(t, "words", earlier.answer)
	now = now.Add(doubleClick)
	_, earlier = h.begin(again)
	require.Nil(t, earlier, "a click after a pause for thought is one of its own")
	_, earlier = h.begin(click)
	require.NotNil(t, earlier, "the trigger tells a redelivery apart from that")
	now = now.Add(repeatFor)
	_, earlier = h.begin(click)
	require.Nil(t, earlier)
}

func TestTheMemoryOfWhatWasHeardIsBounded(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	h := newHeard(func() time.Time { return now })
	for i := range 3 * mostHeard {
		h.begin(map[string]time.Duration{string(rune(i + 0x10000)): time.Minute})
		now = now.Add(10 * time.Millisecond)
		require.LessOrEqual(t, len(h.list), mostHeard)
	}
}

// TestWhatTwoReplicasHearIsOneAction: what one has heard and acknowledged, or not, Slack may deliver to another, which remembers nothing
// of it. What it does stands in the store under what Slack calls it, or in the state of what it is about; and whoever hears it
// second changes nothing, logs nothing, and has nothing said to anybody but, perhaps, the answer to who did it.
func TestWhatTwoReplicasHearIsOneAction(t *testing.T) {
	inWorld(t, setup{approvers: []string{bob, carol}, need: 2, noDeeds: true}, func(t *testing.T, w *world) {
		var card slacksim.Message
		first := func() slacksim.Message { return w.Messages(cards)[0] }
		acts := []struct {
			name string
			does func() *slacksim.Delivery
		}{
			{"a command", func() *slacksim.Delivery {
				return w.Type(alice, general, "/access create jane@acme.example Jane because she starts")
			}},
			{"a question", func() *slacksim.Delivery {
				w.Clicked(bob, cards, card.TS, "Ask")
				return w.Submit(bob, "", map[string]any{view.FieldWords: "For how long?"})
			}},
			{"a vote", func() *slacksim.Delivery { return w.Click(bob, cards, card.TS, "Approve") }},
			{"a nudge", func() *slacksim.Delivery { return w.Type(alice, general, "/access nudge 1") }},
			{"a refusal", func() *slacksim.Delivery {
				w.Clicked(carol, cards, card.TS, "Deny")
				return w.Submit(carol, "", map[string]any{view.FieldReason: "No budget"})
			}},
			{"another command", func() *slacksim.Delivery {
				return w.Type(alice, general, "/access create lee@acme.example Lee because he starts")
			}},
			{"taking it back", func() *slacksim.Delivery { return w.Type(alice, general, "/access cancel 2") }},
		}
		is := func() (out [5]int64) {
			head, err := w.Store.Head(t.Context())
			require.NoError(t, err)
			out[0] = head.Seq
			for i, list := range [][]slacksim.Message{w.Messages(cards), w.DM(alice), w.DM(bob), w.DM(carol)} {
				out[i+1] = int64(len(list))
			}
			return out
		}
		for _, act := range acts {
			before := is()
			d := act.does()
			require.True(t, d.Wait().Acked, act.name)
			w.Pass(time.Minute)
			after := is()
			require.Greater(t, after[0], before[0], act.name)
			w.bot.heard.mu.Lock()
			clear(w.bot.heard.list)
			w.bot.heard.mu.Unlock()
			require.True(t, w.Redeliver(d), act.name)
			w.Pass(time.Minute)
			require.Equal(t, after, is(), act.name)
			card = first()
		}
		require.Equal(t, approvals.Denied, w.State(1))
		require.Equal(t, approvals.Canceled, w.State(2))
	})
}
