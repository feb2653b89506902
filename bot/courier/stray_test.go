package courier

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
)

// oneFailure is what a failed call may cost, with all that follows.
const oneFailure = 10 * time.Second

// inARowCost is what so many failures of one card in a row may cost: the first three oneFailure each, and every
// further one twice as long as the one before, because it is looked for as long (comingFor).
func inARowCost(fails int) (cost time.Duration) {
	for lost := range fails {
		cost += comingFor(approvals.CardKey(1), note{Lost: lost}) + oneFailure - cardComing
	}
	return cost
}

// stoodAt is when the card of request n was there first.
func (w *world) stoodAt(n int64) (at time.Time) {
	for _, c := range w.CallsOf("chat.postMessage") {
		if c.Applied && strings.Contains(fmt.Sprint(c.Args["metadata"]), fmt.Sprintf(`"%s"`, approvals.CardKey(n))) && (at.IsZero() || c.At.Before(at)) {
			at = c.At
		}
	}
	return at
}

// failed counts the attempts to post the card of a request that failed, or seemed to.
func (w *world) failed(n int64) (fails int) {
	for _, c := range w.CallsOf("chat.postMessage") {
		if c.Answer != "" && strings.Contains(fmt.Sprint(c.Args["metadata"]), fmt.Sprintf(`"%s"`, approvals.CardKey(n))) {
			fails++
		}
	}
	return fails
}

// postsSince counts the attempts to post to the cards' channel.
func (w *world) postsSince(then time.Time) (posts int) {
	for _, c := range w.CallsOf("chat.postMessage") {
		if c.Args["channel"] == cards && !c.At.Before(then) {
			posts++
		}
	}
	return posts
}

// receipted is whether a card stands and its receipt says so: it is known to people and to us.
func (w *world) receipted(n int64) bool {
	r, ok, err := w.Store.Receipt(w.T.Context(), approvals.CardKey(n))
	require.NoError(w.T, err)
	return ok && r.ID != ""
}

// TestACardComesSoonWhenEveryThirdCallFails: of all that is posted, changed and taken away every third call
// is answered 500, having taken effect or not. No card takes longer than ten seconds for each of the
// first three failures in a row that it met itself, and twice as long for each further one, one by one or twenty at
// once; and there is one of each.
func TestACardComesSoonWhenEveryThirdCallFails(t *testing.T) {
	for name, after := range map[string]bool{"not applied": false, "applied": true} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				w.Plan(slacksim.Fault{Method: "chat.*", Kind: slacksim.Status500, After: after, Every: 3, Times: 1e6})
				slowest, fails := time.Duration(0), 0
				ask := func(i int) {
					require.True(t, w.Type([]string{alice, dave, carol}[i%3], general, fmt.Sprintf("/access create p%d@acme.example Pat because they start", i)).Wait().Acked)
				}
				watch := func(n int64, asked time.Time) {
					for !w.receipted(n) {
						require.Less(t, time.Since(asked), time.Hour, "the card of #%d", n) // what it may take is held below
						w.Pass(50 * time.Millisecond)
					}
					took := w.stoodAt(n).Sub(asked)                                             // not by now: a card before it may have been watched for long
					queue := 3*time.Second + 2*time.Second*time.Duration(w.postsSince(asked)-1) // a channel takes one message a second, and some turns are lost
					require.LessOrEqual(t, took, inARowCost(w.failed(n))+queue, "the card of #%d", n)
					slowest, fails = max(slowest, took), max(fails, w.failed(n))
				}
				for i := 1; i <= 20; i++ {
					asked := time.Now()
					ask(i)
					watch(int64(i), asked)
					if m := w.Messages(cards); i%2 == 0 {
						w.Clicked(bob, cards, m[len(m)-1].TS, "Approve")
					}
					w.Pass(time.Duration(i%5) * time.Second)
				}
				t.Logf("one by one: the slowest of 20 cards took %v; most failures of one card: %d", slowest, fails)
				require.LessOrEqual(t, slowest, inARowCost(max(fails, 2))) // it was more than 110 s
				w.Pass(time.Minute)
				asked := time.Now()
				for i := 21; i <= 40; i++ {
					ask(i)
				}
				for i := 21; i <= 40; i++ {
					watch(int64(i), asked)
				}
				t.Logf("at once: the last of 20 cards came after %v, with %d attempts to post", time.Since(asked), w.postsSince(asked))
				w.Pass(2 * time.Hour)
				require.Len(t, w.Messages(cards), 40)
				require.Len(t, w.DM(alice), 3, "what came of hers")
			})
		})
	}
}

// TestACardThatComesTwiceIsTakenAwayOnce: Slack takes a card in long after anybody believed it would. For a
// while two stand; the later one is taken away, the other one can be decided on and shows what is so.
func TestACardThatComesTwiceIsTakenAwayOnce(t *testing.T) {
	for _, after := range []time.Duration{time.Second, 3 * time.Second, 10 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 50 * time.Minute} {
		t.Run(after.String(), func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				w.Plan(late("chat.postMessage", after))
				n, _ := w.Asked("jane@acme.example")
				w.Pass(oneFailure - time.Second)
				require.True(t, w.receipted(n), "nobody waits longer than for one failure")
				first := w.Messages(cards)[0]
				w.Pass(after)
				w.Pass(3*after + 20*time.Second)
				require.Len(t, w.Messages(cards), 1)
				require.Equal(t, first.TS, w.Messages(cards)[0].TS, "the one that people know stays")
				w.Clicked(bob, cards, first.TS, "Approve")
				w.Pass(2 * time.Hour)
				require.Contains(t, w.Card(cards, "jane@acme.example"), "done")
				require.Len(t, w.DM(alice), 1)
				in, _, err := w.Store.Due(t.Context(), kindStray, time.Now().Add(24*time.Hour), 5)
				require.NoError(t, err)
				require.Empty(t, in, "and then there is peace")
			})
		})
	}
}

// TestTheEarlierOneStaysWhereAReceiptNamesNone: the answer to the second attempt bore a wrong ts, and the
// first attempt arrived as well.
func TestTheEarlierOneStaysWhereAReceiptNamesNone(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Plan(late("chat.postMessage", 20*time.Second))
		w.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.OtherTS})
		w.Asked("jane@acme.example")
		w.Pass(20 * time.Second)
		first := w.Messages(cards)[0]
		w.Pass(3 * time.Minute)
		require.Len(t, w.Messages(cards), 1)
		require.Equal(t, first.TS, w.Messages(cards)[0].TS)
		w.Clicked(bob, cards, first.TS, "Approve")
		w.Pass(time.Minute)
		require.Contains(t, w.Card(cards, "jane@acme.example"), "done")
	})
}

// TestACardThatComesLateShowsWhatIsSo: somebody has deleted the card that was posted instead of it, before or after
// it was decided. The late one has buttons still, of a request that is done.
func TestACardThatComesLateShowsWhatIsSo(t *testing.T) {
	for _, when := range []time.Duration{0, time.Minute} {
		t.Run(when.String(), func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				w.Plan(late("chat.postMessage", 10*time.Minute))
				w.Asked("jane@acme.example")
				w.Pass(time.Minute)
				first := w.Messages(cards)[0]
				w.Clicked(bob, cards, first.TS, "Approve")
				w.Pass(when)
				w.DeleteMessage(cards, first.TS)
				w.Pass(time.Hour)
				require.Len(t, w.Messages(cards), 1)
				require.NotEqual(t, first.TS, w.Messages(cards)[0].TS)
				require.Contains(t, w.Card(cards, "jane@acme.example"), "done")
			})
		})
	}
}

// TestADirectMessageIsNeverSaidTwice, whatever becomes of its first attempt: lost before Slack took it in,
// lost after it, or taken in late. At no moment do two stand, as long as it comes within a minute.
func TestADirectMessageIsNeverSaidTwice(t *testing.T) {
	rows := map[string]slacksim.Fault{}
	for name, fault := range faults() {
		fault.Method = "chat.postMessage"
		rows["lost, "+name] = fault
	}
	for _, after := range []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, 45 * time.Second, 54 * time.Second} {
		rows[fmt.Sprintf("taken in %v late", after)] = late("chat.postMessage", after)
	}
	for name, fault := range rows {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				_, card := w.Asked("jane@acme.example")
				w.Plan(fault)
				w.Clicked(bob, cards, card.TS, "Approve")
				for range 5 * 60 {
					w.Pass(time.Second)
					require.LessOrEqual(t, len(w.DM(alice)), 1)
				}
				require.Len(t, w.DM(alice), 1)
				require.Empty(t, w.CallsOf("chat.delete"))
			})
		})
	}
}

// TestADirectMessageThatComesAfterAllIsTakenAway: later than a minute nobody can wait for; then one stays.
func TestADirectMessageThatComesAfterAllIsTakenAway(t *testing.T) {
	for _, after := range []time.Duration{2 * time.Minute, 20 * time.Minute} {
		inWorld(t, setup{}, func(t *testing.T, w *world) {
			_, card := w.Asked("jane@acme.example")
			w.Plan(late("chat.postMessage", after))
			w.Clicked(bob, cards, card.TS, "Approve")
			w.Pass(stillComing + 10*time.Second)
			require.Len(t, w.DM(alice), 1)
			first := w.DM(alice)[0]
			w.Pass(2 * time.Hour)
			require.Len(t, w.DM(alice), 1)
			require.Equal(t, first.TS, w.DM(alice)[0].TS)
		})
	}
}

// TestAMessageLostAgainAndAgainIsAskedForLessOften: an outage is no reason to post every few seconds.
func TestAMessageLostAgainAndAgainIsAskedForLessOften(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Status500, Times: 1e6})
		w.Asked("jane@acme.example")
		w.Pass(time.Hour)
		tries := len(w.CallsOf("chat.postMessage"))
		require.Greater(t, tries, 12)
		require.Less(t, tries, 24)
		w.ClearFaults()
		w.Pass(latest + time.Minute)
		w.Card(cards, "jane@acme.example")
		in, _, err := w.Store.Due(t.Context(), kindStray, time.Now().Add(24*time.Hour), 100)
		require.NoError(t, err)
		require.LessOrEqual(t, len(in), tries)
	})
}

func TestTakingAwayIsTriedAgain(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Plan(late("chat.postMessage", 10*time.Second))
		w.Plan(slacksim.Fault{Method: "chat.delete", Kind: slacksim.Status500, Times: 2})
		w.Asked("jane@acme.example")
		w.Pass(time.Minute)
		require.Len(t, w.CallsOf("chat.delete"), 3)
		w.Card(cards, "jane@acme.example")
	})
}

// TestAWorkspaceThatKeepsEverythingKeepsTwo: some may not delete; then both stand, and the log says so.
func TestAWorkspaceThatKeepsEverythingKeepsTwo(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{KeepsAll: true}}, func(t *testing.T, w *world) {
		w.Plan(late("chat.postMessage", 10*time.Second))
		w.Asked("jane@acme.example")
		w.Pass(2 * time.Hour)
		require.Len(t, w.Messages(cards), 2)
		require.Len(t, w.CallsOf("chat.delete"), len(strayLooks))
		require.Contains(t, w.Log.String(), "stands twice, and Slack does not let me take it away")
	})
}

func TestWhenAnAttemptIsLookedFor(t *testing.T) {
	began := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	for since, want := range map[time.Duration]time.Duration{
		0: 1000, 40: 960, 1000: 2000, 1500: 1500, 3000: 4000, 6500: 500, 7000: 0, 8000: 0, -1000: 0,
	} {
		c := &Courier{now: func() time.Time { return began.Add(since * time.Millisecond) }}
		require.Equal(t, want*time.Millisecond, c.nextLook(began, cardComing), "after %d ms", since)
	}
	for lost, want := range map[int]time.Duration{0: 7, 2: 7, 3: 14, 4: 28, 100: 300} {
		require.Equal(t, want*time.Second, comingFor("card/1", note{Lost: lost}))
	}
	for _, key := range []string{"tell/1/requester/done", "admin/1/U0ADMIN", "alarm/x/2026-11-28/U0ADMIN", "report/weekly/2026-11-23T09:00"} {
		require.Equal(t, stillComing, comingFor(key, note{}), "what is said once")
	}
	require.Equal(t, "tell/1/requester/done", strayOf("stray/tell/1/requester/done/1764320400000"))
	require.Empty(t, strayOf("stray/"))
	require.Equal(t, kindStray, outbox.Kind("stray/card/1/1764320400000"))
}
