package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
