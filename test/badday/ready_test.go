package badday

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// TestReadiness: what /readyz and `usher check --ready` say of Usher while Slack is away, when it's back, and once the store is closed.
func TestReadiness(t *testing.T) {
	world.In(t, world.Config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Start()
		w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
		w.Pass(time.Minute)
		require.Empty(t, w.App.Unready(context.Background()))
		w.End()
		w.N.Slack.Plan(slacksim.Fault{Method: "auth.test", Kind: slacksim.Cut, Times: 1000})
		w.N.Slack.Plan(slacksim.Fault{Method: "apps.connections.open", Kind: slacksim.Cut, Times: 1000})
		w.Begin()
		deaf := "Slack isn't heard: none of the 2 connections is open"
		_, err := w.App.Control("").Vote(context.Background(), 1, approvals.OSUser("root"), control.Decision{Yes: true, Override: true, Reason: "Slack is away"})
		require.NoError(t, err)
		w.Pass(14 * time.Minute)
		require.Equal(t, []string{deaf}, w.App.Unready(context.Background()))
		w.Pass(6 * time.Minute)
		why := w.App.Unready(context.Background())
		require.Equal(t, deaf, why[0])
		require.Contains(t, why[1:], "overdue for 20m0s: carrying out what was approved")
		w.N.Slack.ClearFaults()
		w.Pass(10 * time.Minute)
		require.Empty(t, w.App.Unready(context.Background()))
		require.NoError(t, w.App.Store.Close())
		require.Equal(t, []string{"the store doesn't answer; the log says why"}, w.App.Unready(context.Background()))
		w.Logs.Take()
	})
}
