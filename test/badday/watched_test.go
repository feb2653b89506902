package badday

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/metricstext"
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

// TestNumbersOfARequest: what was asked, decided, done and told is counted, once, by how long it took.
func TestNumbersOfARequest(t *testing.T) {
	onADay(t, world.Config, func(d *busyDay) {
		d.heard(d.ask())
		d.Pass(10 * time.Minute)
		d.approve()
		d.Pass(time.Minute)
		d.complete()
		var text strings.Builder
		require.NoError(t, d.App.Metrics(context.Background(), &text))
		families := metricstext.WellFormed(t, text.String())
		shown := metricstext.Shown(families)
		n := float64(len(d.asked))
		require.NotZero(t, n)
		require.Equal(t, n, shown[`usher_decision_seconds{outcome="approved"}`])
		require.Equal(t, n, shown[`usher_deed_seconds{action="create",app="seranking",outcome="done"}`])
		require.Equal(t, n, shown[`usher_request_outcomes_total{action="create",app="seranking",outcome="done"}`])
		require.Equal(t, n, shown[`usher_delivery_seconds{kind="tell"}`])
		require.GreaterOrEqual(t, shown[`usher_delivery_seconds{kind="card"}`], 2*n)
		took := families["usher_decision_seconds"].Metric[0].GetHistogram()
		require.InDelta(t, 600*n, took.GetSampleSum(), 60*n)
		require.Zero(t, took.Bucket[1].GetCumulativeCount(), "none within five minutes")
		require.Equal(t, uint64(n), took.Bucket[2].GetCumulativeCount(), "all within a quarter of an hour")
	})
}
