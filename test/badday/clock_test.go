package badday

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// TestNoEarlyExpiryWhileNobodyCanBeAsked starts under a clock that is a month ahead, with Slack away.
func TestNoEarlyExpiryWhileNobodyCanBeAsked(t *testing.T) {
	world.In(t, world.Config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		off := world.JumpyWall(w)
		w.Start()
		w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
		w.Pass(time.Minute)
		w.End()
		off.Store(int64(30 * 24 * time.Hour))
		w.N.Slack.Plan(slacksim.Fault{Method: "auth.test", Kind: slacksim.Cut, Times: 1000})
		w.N.Slack.Plan(slacksim.Fault{Method: "apps.connections.open", Kind: slacksim.Cut, Times: 1000})
		w.Begin()
		w.Pass(20 * time.Minute)
		r, err := w.App.Desk.Request(context.Background(), 1)
		require.NoError(t, err)
		require.Equal(t, approvals.Pending, r.State)
		w.N.Slack.ClearFaults()
		w.Pass(10 * time.Minute)
		r, err = w.App.Desk.Request(context.Background(), 1)
		require.NoError(t, err)
		require.Equal(t, approvals.Pending, r.State, "Slack's word is taken for the time")
		w.Pass(30 * time.Minute)
		r, err = w.App.Desk.Request(context.Background(), 1)
		require.NoError(t, err)
		require.Equal(t, approvals.Expired, r.State)
	})
}

// TestADecisionUnderAWrongClockIsCarriedOut: the clock is ahead and Slack away when somebody decides at
// the command line; once Slack is back, and the clock set right by it, what was promised at once happens.
func TestADecisionUnderAWrongClockIsCarriedOut(t *testing.T) {
	for name, row := range map[string]struct {
		say  control.Decision
		want approvals.State
	}{
		"yes": {control.Decision{Yes: true}, approvals.Done},
		"no":  {control.Decision{Reason: "no budget"}, approvals.Denied},
	} {
		t.Run(name, func(t *testing.T) {
			world.In(t, demo.Config, func(w *world.World) {
				vendorsim.SeedDemo(w.N.Vendor)
				off := world.JumpyWall(w)
				w.Start()
				w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
				w.Pass(time.Minute)
				w.End()
				off.Store(int64(30 * time.Hour))
				w.N.Slack.Plan(slacksim.Fault{Method: "auth.test", Kind: slacksim.Cut, Times: 20})
				w.Begin()
				w.Pass(5 * time.Second)
				_, err := w.App.Control(w.Dir).Vote(context.Background(), 1, approvals.OSUser("root"), row.say)
				require.NoError(t, err)
				w.Pass(10 * time.Minute)
				w.N.Slack.ClearFaults()
				w.Pass(10 * time.Minute)
				r, err := w.App.Desk.Request(context.Background(), 1)
				require.NoError(t, err)
				require.Equal(t, row.want, r.State)
				require.True(t, r.Decided.After(time.Now().Add(24*time.Hour)), "the clock was wrong then")
				cards := w.N.Slack.Messages("C0APPROVE")
				require.Len(t, cards, 1)
				world.Shows(t, view.Card(r), cards[0], "the card")
				require.Len(t, w.N.Slack.DM("U0ALICE"), 1)
				w.Check()
			})
		})
	}
}

// TestClockJumps sets the clock days forward and back, while the program runs and while it is down:
// nothing expires early, no report is posted twice, and what is due still comes.
func TestClockJumps(t *testing.T) {
	for name, jumps := range map[string][]time.Duration{
		"forward while it runs":       {0, 30 * 24 * time.Hour},
		"back while it runs":          {0, -30 * 24 * time.Hour},
		"forward before a start":      {30 * 24 * time.Hour, 30 * 24 * time.Hour},
		"back before a start":         {-3 * 24 * time.Hour, -3 * 24 * time.Hour},
		"forward, and mended between": {10 * 24 * time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			world.In(t, world.Config, func(w *world.World) {
				vendorsim.SeedDemo(w.N.Vendor)
				off := world.JumpyWall(w)
				off.Store(int64(jumps[0]))
				w.Start()
				w.Pass(2 * time.Second)
				w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
				w.Pass(5 * time.Minute) // to 00:05
				off.Store(int64(jumps[1]))
				w.Pass(5 * time.Minute)
				w.End()
				w.Start()
				w.Pass(30 * time.Minute) // to 00:40; the report's slot was 00:15
				r, err := w.App.Desk.Request(context.Background(), 1)
				require.NoError(t, err)
				require.Equal(t, approvals.Pending, r.State, "no early expiry")
				require.Len(t, world.Digests(w.N.Slack.Messages("C0REPORTS")), 1, "one digest")
				w.Pass(20 * time.Minute)
				r, err = w.App.Desk.Request(context.Background(), 1)
				require.NoError(t, err)
				require.Equal(t, approvals.Expired, r.State, "and in time")
				require.Len(t, w.N.Slack.DM("U0ALICE"), 1)
				w.Check()
			})
		})
	}
}

// TestClockJumpsRemindNobodyTwice: the same with reminders and an escalation. None comes early or twice, and each comes.
func TestClockJumpsRemindNobodyTwice(t *testing.T) {
	config := strings.Replace(world.Config, "approvers: [U0BOB, S0LEADS]\n", "approvers: [U0BOB]\n    remind_after: 10m\n    escalate_after: 20m\n    escalate_to: [U0DAVE]\n", 1)
	for name, jumps := range map[string][]time.Duration{
		"forward while it runs":       {0, 30 * 24 * time.Hour},
		"back while it runs":          {0, -30 * 24 * time.Hour},
		"forward before a start":      {30 * 24 * time.Hour, 30 * 24 * time.Hour},
		"back before a start":         {-3 * 24 * time.Hour, -3 * 24 * time.Hour},
		"forward, and mended between": {10 * 24 * time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			world.In(t, config, func(w *world.World) {
				vendorsim.SeedDemo(w.N.Vendor)
				off := world.JumpyWall(w)
				off.Store(int64(jumps[0]))
				w.Start()
				w.Pass(2 * time.Second)
				w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
				w.Pass(5 * time.Minute)
				off.Store(int64(jumps[1]))
				w.Pass(3 * time.Minute)
				w.End()
				w.Start()
				for _, at := range []struct {
					pass                time.Duration
					reminders, raisedTo int
				}{{time.Minute, 0, 0}, {5 * time.Minute, 1, 0}, {10 * time.Minute, 1, 1}, {11 * time.Minute, 2, 1}, {10 * time.Minute, 2, 1}} {
					w.Pass(at.pass)
					require.Len(t, world.ToApprover(w.N.Slack.DM("U0BOB"), false), at.reminders, "after %v more", at.pass)
					require.Len(t, world.ToApprover(w.N.Slack.DM("U0DAVE"), true), at.raisedTo, "after %v more", at.pass)
				}
				w.Check()
			})
		})
	}
}

// TestAReplicaWhoseClockIsAnHourOff, beside one whose clock is right and then alone: it goes by Slack's, so nothing expires early, what's due comes once and
// in time, and both say the same time.
func TestAReplicaWhoseClockIsAnHourOff(t *testing.T) {
	for name, wrong := range map[string]time.Duration{"ahead": time.Hour, "behind": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			world.In(t, world.Config, func(w *world.World) {
				vendorsim.SeedDemo(w.N.Vendor)
				off := world.JumpyWall(w)
				w.Share()
				w.Start()
				off.Store(int64(wrong))
				r := w.Join()
				w.Pass(2 * time.Second)
				w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
				w.Pass(20 * time.Minute) // the report's slot was 00:15
				require.Len(t, world.Digests(w.N.Slack.Messages("C0REPORTS")), 1, "one digest")
				require.WithinDuration(t, w.App.Clock.Now(), r.App().Clock.Now(), 2*time.Second)
				w.Pass(25 * time.Minute) // to 00:45; it expires at 00:50
				state := func() approvals.State {
					asked, err := r.App().Desk.Request(context.Background(), 1)
					require.NoError(t, err)
					return asked.State
				}
				require.Equal(t, approvals.Pending, state(), "no early expiry")
				w.End()
				w.Pass(10 * time.Minute)
				require.Equal(t, approvals.Expired, state(), "and in time")
				require.Len(t, w.N.Slack.DM("U0ALICE"), 1)
				require.Len(t, world.Digests(w.N.Slack.Messages("C0REPORTS")), 1)
				r.End()
			})
		})
	}
}
