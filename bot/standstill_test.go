package bot

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/slacksim"
)

// stopping is a world whose machine can stop: time goes by, and nothing moves.
func stopping(t *testing.T, s setup, body func(t *testing.T, w *world, stops func(time.Duration))) {
	var stood atomic.Int64
	s.cfg.Standstill = &Standstill{Now: func() time.Time { return time.Now().Add(time.Duration(stood.Load())) }}
	inWorld(t, s, func(t *testing.T, w *world) {
		w.Pass(time.Second)
		body(t, w, func(d time.Duration) { stood.Add(int64(d)) })
	})
}

const asksForJane = "/access create jane@acme.example Jane because she runs the launch"

func TestWhatWasSentWhileEverythingStoodStillIsNotTakenDown(t *testing.T) {
	stopping(t, setup{}, func(t *testing.T, w *world, stops func(time.Duration)) {
		stops(20 * time.Second)
		require.Contains(t, w.Typed(alice, asksForJane), "nothing was saved")
		all, err := w.Desk.Requests(t.Context(), approvals.Filter{All: true}, 10)
		require.NoError(t, err)
		require.Empty(t, all)
		require.Len(t, w.CallsOf("response_url"), 1, "Slack reads no ack by then")

		w.Pass(settling)
		require.Contains(t, w.Typed(alice, asksForJane), "#1", "what comes after that is heard as ever")
	})
}

func TestAClickThatWasMadeMeanwhileDecidesNothing(t *testing.T) {
	stopping(t, setup{}, func(t *testing.T, w *world, stops func(time.Duration)) {
		_, card := w.Asked("jane@acme.example")
		stops(20 * time.Second)
		w.Pass(300 * time.Millisecond) // whoever sees first that time has gone by
		require.Contains(t, w.Clicked(bob, cards, card.TS, "Approve"), "nothing was saved")
		require.Equal(t, approvals.Pending, w.State(1))
		w.Pass(settling)
		require.Empty(t, w.Clicked(bob, cards, card.TS, "Approve"))
		w.Pass(time.Second)
		require.Equal(t, approvals.Done, w.State(1))
	})
}

// TestABusyMachineIsNoStandstill: who is only slow is heard, with what time is left for it.
func TestABusyMachineIsNoStandstill(t *testing.T) {
	stopping(t, setup{}, func(t *testing.T, w *world, stops func(time.Duration)) {
		stops(still - ticks)
		require.Contains(t, w.Typed(alice, asksForJane), "#1")
	})
}

// TestAMachineThatSleptStoodStill: the time that passes by itself doesn't go on then, the clock that's set does.
func TestAMachineThatSleptStoodStill(t *testing.T) {
	at := time.Now()
	s := &Standstill{Now: func() time.Time { return at }}
	require.Zero(t, s.age(), "a start is no standstill")
	at = at.Add(time.Second)
	require.Zero(t, s.age())
	at = at.Round(0).Add(time.Hour) // only the clock that's set can be read of it
	require.Equal(t, time.Hour, s.age())
	at = at.Add(settling + 1)
	require.Zero(t, s.age())
}

// TestWhatSlackTellsByItselfIsTakenWhenever: it's brought again where it isn't acknowledged.
func TestWhatSlackTellsByItselfIsTakenWhenever(t *testing.T) {
	var seen atomic.Int64
	watched := func(w *world) {
		w.bot.Seen = func(ctx context.Context, _ web.Change, _ time.Time) error {
			if ctx.Err() == nil {
				seen.Add(1)
			}
			return ctx.Err()
		}
	}
	stopping(t, setup{before: watched, sim: slacksim.Options{Events: []string{"user_change"}}}, func(t *testing.T, w *world, stops func(time.Duration)) {
		stops(20 * time.Second)
		w.Deactivate(dave, true)
		w.Pass(time.Second)
		require.EqualValues(t, 1, seen.Load())
	})
}
