package badday

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// TestAnAckNeverWaitsForAVendor: whatever is asked, by whom, and however slow the vendor is to read, at the start and
// when the lists are due, the ack comes as soon as Slack's own answers allow; and the cards complete themselves.
func TestAnAckNeverWaitsForAVendor(t *testing.T) {
	t.Parallel()
	verbs := []string{"create p%d@acme.example Pat because x", "share priya.nair@acme.example 10%d because x", "unshare amira.haddad@acme.example 10%d because x",
		"update wei.chen@acme.example amount=%d period=day because x", "delete n%d@acme.example because x"}
	for _, delay := range []time.Duration{500 * time.Millisecond, 20 * time.Second, 10 * time.Minute} {
		t.Run(delay.String(), func(t *testing.T) {
			world.In(t, demo.Config, func(w *world.World) {
				vendorsim.SeedDemo(w.N.Vendor)
				world.Plan(w, vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Slow, When: vendorsim.Before, Delay: delay})
				w.Start()
				w.Pass(time.Second)
				n := 0
				for round := range 3 { // at the start, with lists that are good, and with lists that are due
					for _, who := range []string{"U0ALICE", "U0ERIN"} {
						for _, verb := range verbs {
							out := w.N.Slack.Type(who, "C0GENERAL", "/access "+fmt.Sprintf(verb, 3+round)).Wait()
							require.True(t, out.Acked)
							require.Less(t, out.After, 100*time.Millisecond, "round %d: %s by %s", round, verb, who)
							n++
						}
						w.Pass(time.Minute)
					}
					w.Pass([]time.Duration{time.Minute, 20 * time.Minute, 0}[round])
				}
				w.N.Vendor.Heal()
				w.Pass(20 * time.Minute)
				all, err := w.App.Desk.Requests(t.Context(), approvals.Filter{All: true}, 100)
				require.NoError(t, err)
				require.GreaterOrEqual(t, len(all), n/2)
				for _, r := range all {
					require.False(t, r.Look.At.IsZero() && r.Seats.At.IsZero(), "#%d was completed", r.Number)
				}
				w.Check()
			})
		})
	}
}

// TestAnAckNeverWaitsForWhoseAnAddressIs: Slack is asked beside the look at the vendor. Whoever turns out to be meant is known by their
// id from then on, and what Slack doesn't say at all is asked again by who decides and by the deed.
func TestAnAckNeverWaitsForWhoseAnAddressIs(t *testing.T) {
	t.Parallel()
	for _, delay := range []time.Duration{500 * time.Millisecond, 20 * time.Second} {
		t.Run(delay.String(), func(t *testing.T) {
			world.In(t, demo.Config, func(w *world.World) {
				vendorsim.SeedDemo(w.N.Vendor)
				w.Start()
				w.Pass(time.Second)
				w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access status").Wait() // who asks is known, and is so for five minutes
				w.N.Slack.Plan(slacksim.Fault{Method: "users.lookupByEmail", Kind: slacksim.Slow, Delay: delay, Times: -1})
				for _, words := range []string{"create erin@acme.example Erin because x", "create new@acme.example Nora because x", "delete wei.chen@acme.example because x"} {
					out := w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access "+words).Wait()
					require.True(t, out.Acked)
					require.Less(t, out.After, 100*time.Millisecond, words)
				}
				w.Pass(time.Minute)
				all, err := w.App.Desk.Requests(t.Context(), approvals.Filter{All: true, From: 1}, 100)
				require.NoError(t, err)
				require.Len(t, all, 3)
				for _, r := range all {
					require.Equal(t, delay > time.Second, r.Unpinned, "#%d", r.Number) // longer than anybody waits for Slack
				}
				require.Equal(t, delay < time.Second, all[0].Change.Person == "U0ERIN")
				require.Empty(t, all[1].Change.Person)
				w.Check()
			})
		})
	}
}

// TestAClickDoesNotWaitForAVendor: while one person asks for what the vendor is slow to tell, another decides.
func TestAClickDoesNotWaitForAVendor(t *testing.T) {
	t.Parallel()
	inFlood(t, func(w *world.World) {
		w.N.Slack.Type("U0ALICE", "C0GENERAL", asking(0)).Wait()
		w.Pass(5 * time.Second)
		card := w.N.Slack.Messages("C0APPROVE")[0]
		w.Pass(10 * time.Minute) // the lists are due
		world.Plan(w, vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Slow, When: vendorsim.Before, Delay: 20 * time.Second})
		var asked []*slacksim.Delivery
		for i := range 17 {
			asked = append(asked, w.N.Slack.Type("U0DAVE", "C0GENERAL", fmt.Sprintf("/access share priya.nair@acme.example 10%d because x", i)))
		}
		out := w.N.Slack.Click("U0BOB", card.Channel, card.TS, "Approve").Wait()
		require.True(t, out.Acked)
		require.Less(t, out.After, 500*time.Millisecond)
		require.Empty(t, w.N.Slack.Ephemerals("U0BOB"))
		for _, d := range asked {
			require.Less(t, d.Wait().After, 500*time.Millisecond)
		}
		r, err := w.App.Desk.Request(t.Context(), 1)
		require.NoError(t, err)
		require.NotEqual(t, approvals.Pending, r.State)
		w.N.Vendor.Heal()
		w.Pass(2 * time.Minute)
	})
}
