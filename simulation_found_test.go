package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// TestAWrongClockPutsNothingOff is what seeds of the simulation found: a program that starts under a
// clock of next month, before Slack has told it better, must not put off until next month what seems
// due then.
func TestAWrongClockPutsNothingOff(t *testing.T) {
	inTalk(t, crashConfig, func(w *talkWorld) {
		vendorsim.SeedDemo(w.n.Vendor)
		off := jumpyWall(w)
		w.start()
		w.n.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
		w.pass(time.Minute)
		w.end()
		off.Store(int64(40 * 24 * time.Hour))
		w.n.Slack.Plan(slacksim.Fault{Method: "auth.test", Kind: slacksim.Slow, Delay: 3 * time.Second})
		w.start()
		w.pass(time.Hour)
		r, err := w.app.Desk.Request(context.Background(), 1)
		require.NoError(t, err)
		require.Equal(t, approvals.Expired, r.State)
		require.Len(t, w.n.Slack.Messages("C0REPORTS"), 1, "digests")
	})
}

// strikes is a box that ends a life when a key has been claimed, or before its result is written.
type strikes struct {
	outbox.Box
	key          string
	claim, write func()
}

// Claim implements outbox.Box.
func (b strikes) Claim(ctx context.Context, key string, now time.Time) (outbox.Intent, error) {
	in, err := b.Box.Claim(ctx, key, now)
	if key == b.key {
		b.claim()
	}
	return in, err
}

// Finish implements outbox.Box.
func (b strikes) Finish(ctx context.Context, claimed outbox.Intent, result outbox.Result, now time.Time) error {
	if claimed.Key == b.key {
		b.write()
	}
	return b.Box.Finish(ctx, claimed, result, now)
}

// TestAnUpdateOfALostLifeIsNotTakenForTheOneBefore is what a seed found: a life ended in updating the
// admin's card of a deed that is tried again; the deed failed as it had before, and the card went on to
// say that it is running, because what it had to show was what the last receipt said it showed.
func TestAnUpdateOfALostLifeIsNotTakenForTheOneBefore(t *testing.T) {
	nothing := func() {}
	for name, c := range map[string]struct {
		// looks is how many looks at the vendor's take long, limits how often the next life must wait for Slack.
		looks, limits int
		strike        func(box outbox.Box, key string, dead func()) strikes
	}{
		"struck before the update":                  {-1, 0, func(b outbox.Box, key string, dead func()) strikes { return strikes{b, key, dead, nothing} }},
		"struck after the update":                   {-1, 0, func(b outbox.Box, key string, dead func()) strikes { return strikes{b, key, nothing, dead} }},
		"struck after the update, and Slack limits": {1, 2, func(b outbox.Box, key string, dead func()) strikes { return strikes{b, key, nothing, dead} }},
	} {
		t.Run(name, func(t *testing.T) {
			inTalk(t, demo.Config, func(w *talkWorld) {
				vendorsim.SeedDemo(w.n.Vendor)
				w.start()
				w.n.Slack.Type("U0ALICE", "C0GENERAL", "/access create priya.nair@acme.example Priya because she joins").Wait()
				w.pass(10 * time.Second)
				w.n.Slack.Click("U0BOB", "C0APPROVE", w.n.Slack.Messages("C0APPROVE")[0].TS, "Approve").Wait()
				w.pass(time.Minute)
				w.end()

				w.alter = func(s *app.Surroundings) {
					s.Between.Box = func(b outbox.Box) outbox.Box {
						return c.strike(b, approvals.AdminKey(1, "U0ADMIN"), func() { w.life.strike() })
					}
				}
				w.start()
				slow := vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.List, Times: c.looks}, Kind: vendorsim.Slow, Delay: 5 * time.Second}
				require.NoError(t, w.n.Vendor.Plan(slow))
				card := w.n.Slack.DM("U0ADMIN")[0]
				w.n.Slack.Click("U0ADMIN", card.Channel, card.TS, "Try again").Wait()
				w.pass(time.Second)
				require.True(t, w.life.over())
				w.crash()

				w.alter = nil
				w.n.Slack.RateLimit("chat.update", c.limits, 5*time.Second)
				w.start()
				w.pass(2 * time.Minute)
				r, err := w.app.Desk.Request(context.Background(), 1)
				require.NoError(t, err)
				require.Equal(t, approvals.Failed, r.State)
				require.Equal(t, view.AdminCard(r).Text, w.n.Slack.DM("U0ADMIN")[0].Text)
			})
		})
	}
}
