package simulation

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
	"github.com/usherbot/usher/test/world"
)

// TestAWrongClockPutsNothingOff is what seeds of the simulation found: a program that starts under a
// clock of next month, before Slack has told it better, must not put off until next month what seems
// due then.
func TestAWrongClockPutsNothingOff(t *testing.T) {
	world.In(t, world.Config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		off := world.JumpyWall(w)
		w.Start()
		w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
		w.Pass(time.Minute)
		w.End()
		off.Store(int64(40 * 24 * time.Hour))
		w.N.Slack.Plan(slacksim.Fault{Method: "auth.test", Kind: slacksim.Slow, Delay: 3 * time.Second})
		w.Start()
		w.Pass(time.Hour)
		r, err := w.App.Desk.Request(context.Background(), 1)
		require.NoError(t, err)
		require.Equal(t, approvals.Expired, r.State)
		require.Len(t, world.Digests(w.N.Slack.Messages("C0REPORTS")), 1, "digests")
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
			world.In(t, demo.Config, func(w *world.World) {
				vendorsim.SeedDemo(w.N.Vendor)
				w.Start()
				w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create priya.nair@acme.example Priya because she joins").Wait()
				w.Pass(10 * time.Second)
				w.N.Slack.Click("U0BOB", "C0APPROVE", w.N.Slack.Messages("C0APPROVE")[0].TS, "Approve").Wait()
				w.Pass(time.Minute)
				w.End()

				w.Alter = func(s *app.Surroundings) {
					s.Between.Box = func(b outbox.Box) outbox.Box {
						return c.strike(b, approvals.AdminKey(1, "U0ADMIN"), func() { w.Life.Strike() })
					}
				}
				w.Start()
				slow := vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.List, Times: c.looks}, Kind: vendorsim.Slow, Delay: 5 * time.Second}
				require.NoError(t, w.N.Vendor.Plan(slow))
				card := w.N.Slack.DM("U0ADMIN")[0]
				w.N.Slack.Click("U0ADMIN", card.Channel, card.TS, "Try again").Wait()
				w.Pass(time.Second)
				require.True(t, w.Life.Over())
				w.Crash()

				w.Alter = nil
				w.N.Slack.RateLimit("chat.update", c.limits, 5*time.Second)
				w.Start()
				w.Pass(2 * time.Minute)
				r, err := w.App.Desk.Request(context.Background(), 1)
				require.NoError(t, err)
				require.Equal(t, approvals.Failed, r.State)
				require.Equal(t, view.AdminCard(r).Text, w.N.Slack.DM("U0ADMIN")[0].Text)
			})
		})
	}
}
