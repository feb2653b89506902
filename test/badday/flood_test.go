package badday

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// slacksWait is how long Slack waits for an ack before it tells the person that the app failed.
const slacksWait = 3 * time.Second

// inFlood is a started world with the demo's people in it.
func inFlood(t *testing.T, f func(w *world.World)) {
	world.In(t, demo.Config, func(w *world.World) {
		w.Start()
		w.Pass(time.Second)
		f(w)
		w.Pass(time.Minute) // nothing is being written while the pages are checked
		w.Check()
	})
}

// asking is a request of its own about nobody in particular.
func asking(i int) string {
	return fmt.Sprintf("/access create p%d@acme.example Pat because they start", i)
}

// TestAThousandRequestsByOnePersonInAMinute: ten of them are taken down, whatever else is done in that
// minute, a restart too; each of the others is told so; and others ask and decide as if nothing was.
func TestAThousandRequestsByOnePersonInAMinute(t *testing.T) {
	inFlood(t, func(w *world.World) {
		var flood, others []*slacksim.Delivery
		for i := range 1000 {
			if i == 500 {
				w.Crash()
				w.Start()
			}
			flood = append(flood, w.N.Slack.Type("U0ALICE", "C0GENERAL", asking(i)))
			if i%250 == 125 {
				others = append(others, w.N.Slack.Type("U0DAVE", "C0GENERAL", asking(5000+i)))
			}
			w.Pass(50 * time.Millisecond)
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
		mine, err := w.App.Desk.Requests(t.Context(), approvals.Filter{Of: "U0ALICE", All: true}, 2000)
		require.NoError(t, err)
		require.Len(t, mine, 10)
		require.Equal(t, 990, told)
		w.Pass(time.Minute)
		out := w.N.Slack.Type("U0ALICE", "C0GENERAL", asking(9999)).Wait()
		require.Contains(t, string(out.Payload), "sent: ", "a minute later she is heard again")
	})
}

// TestWhatIsTakenBackCountsToo: asking and taking back in turn is no way around the limit.
func TestWhatIsTakenBackCountsToo(t *testing.T) {
	inFlood(t, func(w *world.World) {
		for i := range 10 {
			require.Contains(t, string(w.N.Slack.Type("U0ALICE", "C0GENERAL", asking(i)).Wait().Payload), "sent: ")
			require.Contains(t, string(w.N.Slack.Type("U0ALICE", "C0GENERAL", fmt.Sprintf("/access cancel %d", i+1)).Wait().Payload), "canceled: ")
		}
		require.Contains(t, string(w.N.Slack.Type("U0ALICE", "C0GENERAL", asking(10)).Wait().Payload), "asked 10 times")
	})
}

// TestAFloodOfOnePersonDelaysNobodyElse: five hundred clicks, commands that read, and words nobody knows
// arrive at once from one person, while Slack takes answers slowly; another person's click and command
// are acknowledged in time and done.
func TestAFloodOfOnePersonDelaysNobodyElse(t *testing.T) {
	t.Parallel()
	for name, flood := range map[string]func(w *world.World, card slacksim.Message, i int) *slacksim.Delivery{
		"clicks": func(w *world.World, card slacksim.Message, _ int) *slacksim.Delivery {
			return w.N.Slack.Click("U0DAVE", card.Channel, card.TS, "Approve")
		},
		"forged clicks": func(w *world.World, card slacksim.Message, i int) *slacksim.Delivery {
			return w.N.Slack.ClickForged("U0DAVE", slacksim.Forged{Channel: card.Channel, TS: card.TS, ActionID: "explode", Value: fmt.Sprint(i)})
		},
		"words nobody knows": func(w *world.World, _ slacksim.Message, _ int) *slacksim.Delivery {
			return w.N.Slack.Type("U0DAVE", "C0GENERAL", "/access xyzzy "+strings.Repeat("plugh ", 500))
		},
		"commands that read": func(w *world.World, _ slacksim.Message, _ int) *slacksim.Delivery {
			return w.N.Slack.Type("U0DAVE", "C0GENERAL", "/access status")
		},
	} {
		t.Run(name, func(t *testing.T) {
			inFlood(t, func(w *world.World) {
				w.N.Slack.Type("U0ALICE", "C0GENERAL", asking(0)).Wait()
				w.Pass(5 * time.Second)
				card := w.N.Slack.Messages("C0APPROVE")[0]
				w.N.Slack.Plan(slacksim.Fault{Method: "response_url", Kind: slacksim.Slow, Delay: 8 * time.Second, Times: 5000})
				for i := range 500 {
					flood(w, card, i)
				}
				w.Pass(100 * time.Millisecond)
				click := w.N.Slack.Click("U0BOB", card.Channel, card.TS, "Approve")
				ask := w.N.Slack.Type("U0ERIN", "C0GENERAL", asking(1))
				for _, d := range []*slacksim.Delivery{click, ask} {
					out := d.Wait()
					require.True(t, out.Acked, out.Error)
					require.Less(t, out.After, slacksWait)
				}
				w.N.Slack.ClearFaults()
				w.Pass(2 * time.Minute)
				r, err := w.App.Desk.Request(t.Context(), 1)
				require.NoError(t, err)
				require.Equal(t, approvals.Done, r.State)
				_, err = w.App.Desk.Request(t.Context(), 2)
				require.NoError(t, err)
			})
		})
	}
}
