package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/test/metricstext"
)

// someNumbers is one look at a busy Usher.
func someNumbers() numbers {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	acks := make([]int, len(bot.AckBounds)+1)
	acks[0], acks[1], acks[len(acks)-1] = 2, 1, 1
	return numbers{
		now: now,
		gauges: store.Gauges{Asked: 12, Open: map[approvals.State]int{approvals.InDoubt: 1, approvals.Pending: 3},
			Owed: map[string]store.Owed{"card": {Count: 2, Held: 1, Oldest: now.Add(-90 * time.Second)}, "expire": {Count: 3, Oldest: now.Add(time.Hour)}}},
		audit:   approvals.Head{Seq: 41},
		posted:  map[string]time.Time{"weekly \"seats\"\\\n": time.Unix(946684800, 0)},
		units:   map[string]approvals.Balance{"semrush": {Read: now.Add(-time.Hour), Left: 48210, Out: now.Add(240 * time.Hour)}, "blind": {Blind: now}},
		known:   []directory.Seen{{Name: "Okta", People: 120, Read: now.Add(-time.Hour)}, {Name: "never read"}},
		seats:   map[string]history.Point{"seranking": {Known: true, At: now.Add(-time.Hour), Used: 22, Bought: 25, Blocked: 3}, "unbought": {Known: true, At: now, Used: 1}},
		timings: someTimings(now),
		spans:   map[string]uint64{"sent": 700, "lost": 3},
		heard:   bot.Status{Open: 2, Counted: 3, Acks: acks, Total: 4 * time.Second}, wanted: 2, nodes: 3,
	}
}

// someTimings are those of one request that was asked an hour ago, approved and done, and of one that was denied; and of three messages.
func someTimings(now time.Time) *timings {
	out := newTimings()
	r := approvals.Request{App: approvals.App{ID: "seranking"}, Action: "create", Asked: now.Add(-time.Hour), Started: now.Add(-20 * time.Second)}
	for _, step := range [][2]approvals.State{{"", approvals.Pending}, {approvals.Pending, approvals.Pending}, {approvals.Pending, approvals.Approved},
		{approvals.Approved, approvals.Running}, {approvals.Running, approvals.Done}, {"", ""}} {
		out.kept(r, approvals.Entry{At: now, Before: step[0], After: step[1]})
	}
	out.kept(r, approvals.Entry{At: now.Add(-2 * time.Hour), Before: approvals.Pending, After: approvals.Denied}) // by a clock that was set back
	result := outbox.Done()
	d := out.delivered(outbox.DoerFunc(func(context.Context, outbox.Job) outbox.Result { return result }), func() time.Time { return now })
	for _, in := range []outbox.Intent{{Key: "card/1", Due: time.Unix(0, 0), Made: now.Add(-time.Hour), Since: now.Add(-2 * time.Second)},
		{Key: "card/2", Due: now.Add(-time.Second), Tries: 2, Made: now.Add(-time.Hour), Since: now.Add(-40 * time.Second)},
		{Key: "reminder/U0BOB", Due: now.Add(-time.Second), Tries: 1, Made: now.Add(-90 * time.Second)}, {Key: "reminder/U0ERIN", Due: now.Add(-3 * time.Second), Made: now.Add(-time.Hour)}} {
		d.Do(context.Background(), outbox.NewJob(in, nil))
	}
	result = outbox.RetryAt(now, "it isn't there yet")
	d.Do(context.Background(), outbox.NewJob(outbox.Intent{Key: "card/3"}, nil))
	return out
}

// TestMetricsAreTheseNumbers: names, kinds, labels and values, as a scraper reads them.
func TestMetricsAreTheseNumbers(t *testing.T) {
	var out strings.Builder
	require.NoError(t, someNumbers().write(&out))
	families := metricstext.WellFormed(t, out.String())
	require.Equal(t, map[string]float64{
		`usher_requests{state="in doubt"}`: 1, `usher_requests{state="pending"}`: 3, `usher_last_request_number{}`: 12,
		`usher_intents_owed{kind="card"}`: 2, `usher_intents_owed{kind="expire"}`: 3,
		`usher_intents_held{kind="card"}`: 1, `usher_intents_held{kind="expire"}`: 0, `usher_nodes{}`: 3, `usher_slack_connections_wanted{}`: 2,
		`usher_intents_overdue_seconds{kind="card"}`: 90, `usher_intents_overdue_seconds{kind="expire"}`: 0,
		`usher_audit_entries{}`: 41,
		`usher_report_last_posted_timestamp_seconds{report="weekly \"seats\"\\\n"}`: 946684800,
		`usher_slack_connections{counted_by="usher"}`:                               2, `usher_slack_connections{counted_by="slack"}`: 3,
		`usher_ack_seconds{}`:             4,
		`usher_units_left{app="semrush"}`: 48210, `usher_units_read_timestamp_seconds{app="semrush"}`: 1795420800,
		`usher_build_info{version="` + Version() + `"}`: 1,
		`usher_seats_used{app="seranking"}`:             22, `usher_seats_bought{app="seranking"}`: 25, `usher_seats_blocked{app="seranking"}`: 3, `usher_seats_read_timestamp_seconds{app="seranking"}`: 1795420800,
		`usher_seats_used{app="unbought"}`: 1, `usher_seats_blocked{app="unbought"}`: 0, `usher_seats_read_timestamp_seconds{app="unbought"}`: 1795424400,
		`usher_decision_seconds{outcome="approved"}`: 1, `usher_decision_seconds{outcome="denied"}`: 1,
		`usher_deed_seconds{action="create",app="seranking",outcome="done"}`:           1,
		`usher_request_outcomes_total{action="create",app="seranking",outcome="done"}`: 1, `usher_request_outcomes_total{action="create",app="seranking",outcome="denied"}`: 1,
		`usher_delivery_seconds{kind="card"}`: 2, `usher_delivery_seconds{kind="reminder"}`: 2,
		`usher_units_run_out_timestamp_seconds{app="semrush"}`: 1796288400,
		`usher_trace_spans_total{outcome="sent"}`:              700, `usher_trace_spans_total{outcome="lost"}`: 3,
		`usher_directory_people{directory="Okta"}`: 120, `usher_directory_read_timestamp_seconds{directory="Okta"}`: 1795420800,
	}, metricstext.Shown(families))
	require.Equal(t, dto.MetricType_COUNTER, families["usher_audit_entries"].GetType())
	for name, sum := range map[string][]float64{"usher_decision_seconds": {3600, 0}, "usher_deed_seconds": {20}, "usher_delivery_seconds": {42, 93}} {
		for i, m := range families[name].Metric {
			require.Equal(t, sum[i], m.GetHistogram().GetSampleSum(), name)
		}
	}
	acks := families["usher_ack_seconds"]
	require.Equal(t, dto.MetricType_HISTOGRAM, acks.GetType())
	h := acks.Metric[0].GetHistogram()
	require.Equal(t, 4.0, h.GetSampleSum())
	require.Len(t, h.Bucket, len(bot.AckBounds)+1)
	for i, want := range []uint64{2, 3, 3, 3, 3, 3, 3, 3, 4} {
		require.Equal(t, want, h.Bucket[i].GetCumulativeCount(), "up to %v s", h.Bucket[i].GetUpperBound())
	}
}

// TestMetricsLint: Prometheus's own linter finds nothing but the name of the audit's counter, which was
// promised before it could be asked.
func TestMetricsLint(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	require.NoError(t, someNumbers().register(registry))
	problems, err := testutil.GatherAndLint(registry)
	require.NoError(t, err)
	require.Equal(t, []promlint.Problem{{Metric: "usher_audit_entries", Text: `counter metrics should have "_total" suffix`}}, problems)
}

// TestAMetricThatCannotBeWritten fails the look that found it, with nothing written.
func TestAMetricThatCannotBeWritten(t *testing.T) {
	n := someNumbers()
	n.posted["\xff"] = n.now
	var out strings.Builder
	require.ErrorContains(t, n.write(&out), "not valid UTF-8")
	require.Empty(t, out.String())
}
