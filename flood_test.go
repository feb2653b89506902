package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
)

// slacksWait is how long Slack waits for an ack before it tells the person that the app failed.
const slacksWait = 3 * time.Second

// inFlood is a started world with the demo's people in it.
func inFlood(t *testing.T, f func(w *talkWorld)) {
	inTalk(t, demo.Config, func(w *talkWorld) {
		w.start()
		w.pass(time.Second)
		f(w)
		w.pass(time.Minute) // nothing is being written while the pages are checked
		w.check()
	})
}

// asking is a request of its own about nobody in particular.
func asking(i int) string {
	return fmt.Sprintf("/access create p%d@acme.example Pat because they start", i)
}

// TestAThousandRequestsByOnePersonInAMinute: ten of them are taken down, whatever else is done in that
// minute, a restart too; each of the others is told so; and others ask and decide as if nothing was.
func TestAThousandRequestsByOnePersonInAMinute(t *testing.T) {
	inFlood(t, func(w *talkWorld) {
		var flood, others []*slacksim.Delivery
		for i := range 1000 {
			if i == 500 {
				w.crash()
				w.start()
			}
			flood = append(flood, w.n.Slack.Type("U0ALICE", "C0GENERAL", asking(i)))
			if i%250 == 125 {
				others = append(others, w.n.Slack.Type("U0DAVE", "C0GENERAL", asking(5000+i)))
			}
			w.pass(50 * time.Millisecond)
		}
		told := 0
		for _, d := range flood {
			out := d.Wait()
			if strings.Contains(string(out.Payload), "asked 10 times in the last minute") {
				told++
			}
		}
		for _, d := range others {
			out := d.Wait()
			require.True(t, out.Acked)
			require.Less(t, out.After, slacksWait)
			require.Contains(t, string(out.Payload), "sent: ")
		}
		mine, err := w.app.Desk.Requests(t.Context(), approvals.Filter{Of: "U0ALICE", All: true}, 2000)
		require.NoError(t, err)
		require.Len(t, mine, 10)
		require.Equal(t, 990, told)
		w.pass(time.Minute)
		out := w.n.Slack.Type("U0ALICE", "C0GENERAL", asking(9999)).Wait()
		require.Contains(t, string(out.Payload), "sent: ", "a minute later she is heard again")
	})
}

// TestWhatIsTakenBackCountsToo: asking and taking back in turn is no way around the limit.
func TestWhatIsTakenBackCountsToo(t *testing.T) {
	inFlood(t, func(w *talkWorld) {
		for i := range 10 {
			require.Contains(t, string(w.n.Slack.Type("U0ALICE", "C0GENERAL", asking(i)).Wait().Payload), "sent: ")
			require.Contains(t, string(w.n.Slack.Type("U0ALICE", "C0GENERAL", fmt.Sprintf("/access cancel %d", i+1)).Wait().Payload), "canceled: ")
		}
		require.Contains(t, string(w.n.Slack.Type("U0ALICE", "C0GENERAL", asking(10)).Wait().Payload), "asked 10 times")
	})
}

// TestAFloodOfOnePersonDelaysNobodyElse: five hundred clicks, commands that read, and words nobody knows
// arrive at once from one person, while Slack takes answers slowly; another person's click and command
// are acknowledged in time and done.
func TestAFloodOfOnePersonDelaysNobodyElse(t *testing.T) {
	t.Parallel()
	for name, flood := range map[string]func(w *talkWorld, card slacksim.Message, i int) *slacksim.Delivery{
		"clicks": func(w *talkWorld, card slacksim.Message, _ int) *slacksim.Delivery {
			return w.n.Slack.Click("U0DAVE", card.Channel, card.TS, "Approve")
		},
		"forged clicks": func(w *talkWorld, card slacksim.Message, i int) *slacksim.Delivery {
			return w.n.Slack.ClickForged("U0DAVE", slacksim.Forged{Channel: card.Channel, TS: card.TS, ActionID: "explode", Value: fmt.Sprint(i)})
		},
		"words nobody knows": func(w *talkWorld, _ slacksim.Message, _ int) *slacksim.Delivery {
			return w.n.Slack.Type("U0DAVE", "C0GENERAL", "/access xyzzy "+strings.Repeat("plugh ", 500))
		},
		"commands that read": func(w *talkWorld, _ slacksim.Message, _ int) *slacksim.Delivery {
			return w.n.Slack.Type("U0DAVE", "C0GENERAL", "/access status")
		},
	} {
		t.Run(name, func(t *testing.T) {
			inFlood(t, func(w *talkWorld) {
				w.n.Slack.Type("U0ALICE", "C0GENERAL", asking(0)).Wait()
				w.pass(5 * time.Second)
				card := w.n.Slack.Messages("C0APPROVE")[0]
				w.n.Slack.Plan(slacksim.Fault{Method: "response_url", Kind: slacksim.Slow, Delay: 8 * time.Second, Times: 5000})
				for i := range 500 {
					flood(w, card, i)
				}
				w.pass(100 * time.Millisecond)
				click := w.n.Slack.Click("U0BOB", card.Channel, card.TS, "Approve")
				ask := w.n.Slack.Type("U0ERIN", "C0GENERAL", asking(1))
				for _, d := range []*slacksim.Delivery{click, ask} {
					out := d.Wait()
					require.True(t, out.Acked, out.Error)
					require.Less(t, out.After, slacksWait)
				}
				w.n.Slack.ClearFaults()
				w.pass(2 * time.Minute)
				r, err := w.app.Desk.Request(t.Context(), 1)
				require.NoError(t, err)
				require.Equal(t, approvals.Done, r.State)
				_, err = w.app.Desk.Request(t.Context(), 2)
				require.NoError(t, err)
			})
		})
	}
}
