package bot

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestOnePersonHasAShareOfALane: of its places and of its workers, however many come, and is remembered no
// longer than they have something there.
func TestOnePersonHasAShareOfALane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLane(8, 16, slog.New(slog.DiscardHandler))
		var mu sync.Mutex
		begun := map[approvals.PersonID]int{}
		hold := make(chan struct{})
		slow := func(who approvals.PersonID) bool {
			return l.put(who, func(context.Context) {
				mu.Lock()
				begun[who]++
				mu.Unlock()
				<-hold
			}) != nil
		}
		l.open(t.Context())
		for range 2 {
			require.True(t, slow(dave))
			synctest.Wait()
		}
		taken := 0
		for range 100 {
			if slow(dave) {
				taken++
			}
		}
		require.Equal(t, 4, taken, "a quarter of the places")
		for _, who := range []approvals.PersonID{bob, erin, alice} {
			require.True(t, slow(who))
		}
		synctest.Wait()
		require.Equal(t, map[approvals.PersonID]int{dave: 2, bob: 1, erin: 1, alice: 1}, begun, "a quarter of the workers; others pass who waits")
		close(hold)
		l.close()
		require.Equal(t, 6, begun[dave])
		require.Empty(t, l.inLine)
		require.Empty(t, l.inHand)
		require.Empty(t, l.waiting)
		require.False(t, slow(bob), "it is closed")
	})
}

// TestALaneNeverHoldsMoreThanItHasRoomFor: a crowd of people, each with little.
func TestALaneNeverHoldsMoreThanItHasRoomFor(t *testing.T) {
	l := newLane(1, 16, slog.New(slog.DiscardHandler))
	taken := 0
	for i := range 100 {
		if l.put(approvals.PersonID(fmt.Sprint(i)), func(context.Context) {}) != nil {
			taken++
		}
	}
	require.Equal(t, 16, taken)
	require.Len(t, l.waiting, 16)
}

// TestWhatExpiresIsNotBegun: it leaves the line, and something else is done instead; what was begun stays.
func TestWhatExpiresIsNotBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLane(1, 16, slog.New(slog.DiscardHandler))
		hold := make(chan struct{})
		var did []string
		first := l.put(bob, func(context.Context) { <-hold; did = append(did, "first") })
		second := l.put(erin, func(context.Context) { did = append(did, "second") })
		l.open(t.Context())
		synctest.Wait()
		l.expire(first, func() { did = append(did, "not the first") })
		l.expire(second, func() { did = append(did, "not the second") })
		close(hold)
		l.close()
		require.Equal(t, []string{"not the second", "first"}, did)
	})
}

// TestAnErrandThatPanicsEndsAlone: its worker goes on.
func TestAnErrandThatPanicsEndsAlone(t *testing.T) {
	l := newLane(1, 16, slog.New(slog.DiscardHandler))
	did := false
	l.put(bob, func(context.Context) { panic("x") })
	l.put(bob, func(context.Context) { did = true })
	l.open(t.Context())
	l.close()
	require.True(t, did)
}

// hungHouse is a house whose commands wait for a vendor until they must give up. Only one person's do.
type hungHouse struct {
	House
	of approvals.PersonID
}

func (h hungHouse) Run(ctx context.Context, cmd commands.Command, call commands.Call, now time.Time) (commands.Reply, error) {
	if call.User == h.of {
		<-ctx.Done()
		return commands.Reply{}, ctx.Err()
	}
	return h.House.Run(ctx, cmd, call, now)
}

// TestCommandsOfOnePersonLockNobodyOut: a vendor hangs, and one person types seventeen commands, or two
// hundred, that wait for it. Everybody else's clicks, forms and commands are acknowledged at once and
// counted; the one who has too many is told so, and hears of every one of them in time.
func TestCommandsOfOnePersonLockNobodyOut(t *testing.T) {
	for kind, typed := range map[string]func(i int) string{
		"asking":  func(i int) string { return fmt.Sprintf("/access create p%d@acme.example Pat because they start", i) },
		"reading": func(int) string { return "/access status" },
	} {
		for _, many := range []int{17, 200} {
			t.Run(fmt.Sprint(many, " ", kind), func(t *testing.T) {
				inWorld(t, setup{noDeeds: true, house: func(h *commands.House) House { return hungHouse{h, erin} }}, func(t *testing.T, w *world) {
					_, card := w.Asked("jane@acme.example")
					_, other := w.Asked("june@acme.example")
					var flood []*slacksim.Delivery
					for i := range many {
						flood = append(flood, w.Type(erin, general, typed(i)))
					}
					w.Pass(10 * time.Millisecond)
					at := time.Now()
					yes := w.Click(bob, cards, card.TS, "Approve")
					no := w.Click(bob, cards, other.TS, "Deny")
					ask := w.Type(alice, general, "/access create jack@acme.example Jack because he starts")
					read := w.Type(dave, general, "/access status")
					hers := w.Click(erin, cards, other.TS, "Approve")
					for _, d := range []*slacksim.Delivery{yes, no, ask, read, hers} {
						out := d.Wait()
						require.True(t, out.Acked, out.Error)
						require.NotContains(t, string(out.Payload), "try again in a minute")
					}
					require.Less(t, time.Since(at), time.Second, "in simulated time: nobody waited for the vendor")
					w.Pass(time.Millisecond)
					require.Equal(t, approvals.Approved, w.State(1))
					require.Equal(t, approvals.Approved, w.State(2), "nor do her own clicks wait behind her commands")
					_, err := w.Desk.Request(t.Context(), 3)
					require.NoError(t, err)
					w.Pass(time.Second)
					require.Contains(t, w.Whispered(dave, 0), "You")
					told := 0
					for _, d := range flood {
						out := d.Wait()
						require.True(t, out.Acked, out.Error)
						if strings.Contains(string(out.Payload), "try again in a minute") {
							told++
						}
					}
					held := map[string]int{"asking": share(asksAtOnce * defaultWorkers), "reading": share(defaultWorkers) + share(defaultQueue)}[kind]
					require.Equal(t, max(many-held, 0), told, "all but her share, and only hers, are told to wait")
					require.NotContains(t, w.Log.String(), "dropped")
				})
			})
		}
	}
}
