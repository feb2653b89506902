package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// timings are the numbers that no store keeps: how long things took, and how they came out, in this life of Usher. They begin at
// nothing with each start, as a counter of Prometheus's may. Nothing in a label grows with people or requests.
type timings struct {
	decision *prometheus.HistogramVec
	deed     *prometheus.HistogramVec
	delivery *prometheus.HistogramVec
	outcomes *prometheus.CounterVec
}

func newTimings() *timings {
	histogram := func(name, help string, bounds []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: bounds}, labels)
	}
	return &timings{
		decision: histogram("usher_decision_seconds", "From asking to the decision of a person, by what was decided.",
			[]float64{60, 300, 900, 3600, 4 * 3600, 8 * 3600, 86400, 2 * 86400, 4 * 86400, 7 * 86400}, "outcome"),
		deed: histogram("usher_deed_seconds", "From the beginning of what was approved, by program or by hand, to what came of it.",
			[]float64{1, 2.5, 5, 10, 30, 60, 300, 1800, 2 * 3600, 86400, 3 * 86400}, "app", "action", "outcome"),
		delivery: histogram("usher_delivery_seconds", "From when a message in Slack was due to its being there, by kind.",
			[]float64{0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200}, "kind"),
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "usher_request_outcomes_total",
			Help: "Requests that came to an end, failed or are in doubt, by how."}, []string{"app", "action", "outcome"}),
	}
}

// collectors are all of them, for one look.
func (t *timings) collectors() []prometheus.Collector {
	return []prometheus.Collector{t.decision, t.deed, t.delivery, t.outcomes}
}

// kept counts one step of a request that was kept.
func (t *timings) kept(r approvals.Request, e approvals.Entry) {
	if e.Before == e.After || e.After == "" {
		return
	}
	app, action, is := r.App.ID, string(r.Action), string(e.After)
	if e.Before == approvals.Pending && (e.After == approvals.Approved || e.After == approvals.Denied) {
		t.decision.WithLabelValues(is).Observe(seconds(r.Asked, e.At))
	}
	if e.Before == approvals.Running {
		t.deed.WithLabelValues(app, action, is).Observe(seconds(r.Started, e.At))
	}
	if e.After.Terminal() || e.After == approvals.InDoubt {
		t.outcomes.WithLabelValues(app, action, is).Inc()
	}
}

// delivered is d, with the time taken from when each promise fell due until it was kept.
func (t *timings) delivered(d outbox.Doer, now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		result := d.Do(ctx, job)
		if _, until := result.IsDoneUntil(); until || result.IsDone() {
			t.delivery.WithLabelValues(outbox.Kind(job.Key)).Observe(seconds(fellDue(job.Intent), now()))
		}
		return result
	})
}

// fellDue is when a promise was first due: what is put off has another due time by now.
func fellDue(in outbox.Intent) time.Time {
	switch {
	case outbox.IsAtOnce(in.Due), in.Tries > 0 && !in.Since.IsZero():
		return in.Since
	case in.Tries > 0:
		return in.Made
	}
	return in.Due
}

// seconds between two moments; a clock that was set back between them makes none.
func seconds(from, to time.Time) float64 { return max(to.Sub(from), 0).Seconds() }
