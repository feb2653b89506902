package bot

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestWhoGetsTooManyAnswersIsToldOnce: beyond one person's share of the lane answers are left out, and one sentence
// after those that had room says how many. Others are answered meanwhile, and the next flood is told of anew.
func TestWhoGetsTooManyAnswersIsToldOnce(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{NoPostLimit: true}}, func(t *testing.T, w *world) {
		answer := func(who approvals.PersonID, i int) {
			w.bot.whisper(said{who: who, channel: general}, view.Refusal(approvals.Refuse(approvals.Conflict, "answer %v", i)))
		}
		for flood := 1; flood <= 2; flood++ {
			w.Plan(slacksim.Fault{Method: "chat.postEphemeral", Kind: slacksim.Slow, Times: share(defaultWorkers)})
			for i := range 200 {
				answer(dave, i)
			}
			w.Pass(time.Second)
			answer(bob, 0)
			w.Pass(time.Second)
			require.Len(t, w.Ephemerals(bob), flood, "nobody else waits")
			w.Pass(10 * time.Minute)
			answered, missed, sentences := 0, 0, 0
			for _, m := range w.Ephemerals(dave) {
				text, n := slacksim.PlainText(m), 0
				if _, err := fmt.Sscanf(text, "I left out %d answer", &n); err != nil {
					answered++
					continue
				}
				require.Contains(t, text, "`/access status` shows your requests")
				missed, sentences = missed+n, sentences+1
			}
			require.GreaterOrEqual(t, sentences, flood)
			require.LessOrEqual(t, sentences, 4*flood, "many answers that are missed are one sentence")
			lost := flood * share(defaultWorkers) // whose answer Slack gave too late
			require.GreaterOrEqual(t, answered+missed, flood*200-lost, "each answer came, or is counted among those that did not")
			require.LessOrEqual(t, answered+missed, flood*200)
		}
		require.Empty(t, w.bot.missed.of)
	})
}

// TestWhatIsMissedIsBounded: one sentence for each person, and no more people than a flood can bring; a lane that has
// closed takes none.
func TestWhatIsMissedIsBounded(t *testing.T) {
	var l leftOut
	for i := range mostTurnedAway {
		first, ok := l.add(said{who: approvals.PersonID(fmt.Sprint(i))})
		require.True(t, first && ok)
	}
	first, ok := l.add(said{who: "one more"})
	require.False(t, first || ok)
	first, ok = l.add(said{who: "7"})
	require.True(t, !first && ok)
	require.Equal(t, 2, l.take("7").count)
	require.Zero(t, l.take("7").count)
	synctest.Test(t, func(t *testing.T) {
		b := &Bot{log: slog.New(slog.DiscardHandler), says: newLane(1, 1, slog.New(slog.DiscardHandler))}
		b.says.open(context.Background())
		b.says.close()
		b.leaveOut(said{who: dave})
		require.Empty(t, b.missed.of)
	})
}
