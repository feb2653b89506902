package badday

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// TestWhatAClaimImpliesMayStillArrive: the bot is killed right after it sent a message of which it had noted nothing but that it's owed, and
// Slack shows that message long after the next life has looked for it. It's said once.
func TestWhatAClaimImpliesMayStillArrive(t *testing.T) {
	for _, late := range []time.Duration{5 * time.Second, 40 * time.Second} {
		world.In(t, world.Config, func(w *world.World) {
			vendorsim.SeedDemo(w.N.Vendor)
			p := &world.Played{World: w, Scenario: world.Made(nil)}
			w.Start()
			p.Asked()
			m := p.Card()
			w.Pass(time.Minute)
			sent := len(w.N.Slack.CallsOf("chat.postMessage"))
			w.N.Slack.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Late, Delay: late})
			require.True(t, w.N.Slack.Click("U0BOB", m.Channel, m.TS, "Approve").Wait().Acked)
			until(w, func() bool { return len(w.N.Slack.CallsOf("chat.postMessage")) > sent })
			require.Empty(t, w.N.Slack.DM("U0ALICE"), "it's on its way")
			w.Crash()
			w.Begin()
			w.Pass(10 * time.Minute)
			told := 0
			for _, m := range w.N.Slack.DM("U0ALICE") {
				if strings.Contains(m.Text, "ready") {
					told++
				}
			}
			require.Equal(t, 1, told)
			p.Promises()
			w.Logs.Take()
			w.End()
		})
	}
}

// until lets time go by in moments, so that the program can be killed right after something.
func until(w *world.World, so func() bool) {
	for range 1000 {
		if so() {
			return
		}
		w.Pass(10 * time.Millisecond)
	}
	w.T.Fatalf("it doesn't come to that")
}

// TestACardThatAClaimImpliesIsLookedForWhereItWas: killed on the same terms over a card, the bot begins again with another channel for
// cards. It's looked for where it went, and one stands in the end.
func TestACardThatAClaimImpliesIsLookedForWhereItWas(t *testing.T) {
	world.In(t, world.Config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Start()
		d := &busyDay{World: w, began: time.Now()}
		d.live(func() {}) // where cards go is known once one stands
		w.N.Slack.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Late, Delay: 5 * time.Second, Times: 100})
		cards := func() (n int) {
			for _, c := range w.N.Slack.CallsOf("chat.postMessage") {
				if c.Args["channel"] == "C0APPROVE" {
					n++
				}
			}
			return n
		}
		posted := cards()
		d.heard(d.ask())
		until(w, func() bool { return cards() > posted })
		require.Empty(t, d.waiting(), "it's on its way")
		w.Crash()
		w.Reconfigure("C0APPROVE", "C0GENERAL")
		w.Pass(10 * time.Minute)
		stand := d.waiting()
		for _, m := range w.N.Slack.Messages("C0GENERAL") {
			if len(world.Buttons(m)) > 0 {
				stand = append(stand, m)
			}
		}
		require.Len(t, stand, 1)
		w.Logs.Take()
		w.End()
	})
}

// TestAnApproversCardThatAClaimImpliesFollows: it was sent when the bot was killed, nothing but the claim says so, and what it's about is over
// before the next life can look for it.
func TestAnApproversCardThatAClaimImpliesFollows(t *testing.T) {
	world.In(t, world.Config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Start()
		d := &busyDay{World: w, began: time.Now()}
		w.Pass(time.Minute)
		d.heard(d.ask())
		until(w, func() bool { return len(w.N.Slack.DM("U0BOB")) > 0 })
		w.Crash()
		w.N.Slack.RateLimit("users.info", 1000, time.Second)
		w.Begin()
		w.Pass(10 * time.Second)
		require.NotEmpty(t, world.Buttons(w.N.Slack.DM("U0BOB")[0]))
		w.N.Slack.RateLimit("users.info", 0, 0)
		w.Pass(time.Second)
		d.heard(w.N.Slack.Type(d.by[0], "C0GENERAL", "/access cancel 1"))
		w.Pass(10 * time.Minute)
		require.Empty(t, d.waiting())
		cards := w.N.Slack.DM("U0BOB")
		require.Len(t, cards, 1)
		require.Empty(t, world.Buttons(cards[0]))
		w.Logs.Take()
		w.End()
	})
}
