package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/reports/units"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/postgres"
)

// metrics are the numbers an operator watches, read from the store and the ear at the moment somebody
// asks. Only the acks and the timings are counted on the side, and begin anew with each start.
type metrics struct {
	store   store.Store
	bot     *bot.Bot
	reports []reports.Config
	polls   *units.Polls
	// directories reads where people are known from beside Slack.
	directories *directory.Readings
	// apps are those that are configured, and past is what each was like when it was last seen.
	apps    []approvals.App
	past    *history.Keeper
	timings *timings
	tracing *tracing
	now     func() time.Time
}

// write prints them all, or nothing where one of them cannot be read.
func (m metrics) write(ctx context.Context, w io.Writer) error {
	n, err := m.read(ctx)
	if err != nil {
		return fmt.Errorf("read metrics: %w", err)
	}
	return n.write(w)
}

// read takes one look at everything that is shown.
func (m metrics) read(ctx context.Context) (numbers, error) {
	n := numbers{now: m.now(), posted: map[string]time.Time{}, heard: m.bot.Status(), wanted: m.bot.Wanted(), nodes: 1, timings: m.timings, spans: m.tracing.counts()}
	var err error
	if n.gauges, err = m.store.Gauges(ctx); err != nil {
		return numbers{}, err
	}
	if s, ok := m.store.(interface {
		Nodes(context.Context) ([]postgres.Node, error)
	}); ok {
		all, err := s.Nodes(ctx)
		if err != nil {
			return numbers{}, err
		}
		n.nodes = len(all)
	}
	if n.audit, err = m.store.Head(ctx); err != nil {
		return numbers{}, err
	}
	for _, r := range m.reports {
		// Reports asked for by hand stand under "now", after every slot, which begins with a year.
		last, ok, err := m.store.LastReceipt(ctx, reports.SlotKey(r.Name, ""), reports.SlotKey(r.Name, "now"))
		if err != nil {
			return numbers{}, err
		}
		if ok {
			n.posted[r.Name] = last.At
		}
	}
	n.units = map[string]approvals.Balance{}
	for _, app := range m.polls.Apps {
		if n.units[app.ID], _, err = m.polls.Balance(ctx, app.ID); err != nil {
			return numbers{}, err
		}
	}
	if n.seats, err = m.seen(ctx); err != nil {
		return numbers{}, err
	}
	n.known, err = m.directories.Seen(ctx)
	return n, err
}

// seen is what each app was like when it was last seen; an app that wasn't of late is left out.
func (m metrics) seen(ctx context.Context) (map[string]history.Point, error) {
	out := map[string]history.Point{}
	for _, app := range m.apps {
		p, err := m.past.Latest(ctx, app.ID)
		if err != nil {
			return nil, err
		}
		if p.Known {
			out[app.ID] = p
		}
	}
	return out, nil
}

// numbers is what one look found. It is a prometheus.Collector, which belongs to the registry of that look alone.
type numbers struct {
	now    time.Time
	gauges store.Gauges
	audit  approvals.Head
	posted map[string]time.Time
	heard  bot.Status
	// units are what is known of apps' units, by app.
	units map[string]approvals.Balance
	// known is what was read of directories of people.
	known []directory.Seen
	// seats are those of the apps, as last seen, by app.
	seats map[string]history.Point
	// timings are counted on the side; nil: they aren't.
	timings *timings
	// wanted is how many connections to Slack are to be open here, and nodes how many Ushers run on what is kept.
	wanted, nodes int
	// spans are those of traces, by what became of them; nil: nobody watches traces.
	spans map[string]uint64
}

// write prints them in Prometheus's text format.
func (n numbers) write(w io.Writer) error {
	registry := prometheus.NewPedanticRegistry()
	if err := n.register(registry); err != nil {
		return fmt.Errorf("register metrics: %w", err)
	}
	families, err := registry.Gather()
	if err != nil {
		return fmt.Errorf("gather metrics: %w", err)
	}
	out := expfmt.NewEncoder(w, control.MetricsFormat)
	for _, family := range families {
		if err := out.Encode(family); err != nil {
			return fmt.Errorf("write metrics: %w", err)
		}
	}
	return nil
}

// register has a registry collect all of them.
func (n numbers) register(with prometheus.Registerer) error {
	err := with.Register(n)
	if n.timings != nil {
		for _, c := range n.timings.collectors() {
			err = errors.Join(err, with.Register(c))
		}
	}
	return err
}

// Describe is asked once, by the registry; what is described is what was found.
func (n numbers) Describe(to chan<- *prometheus.Desc) { prometheus.DescribeByCollect(n, to) }

// Collect names every number.
func (n numbers) Collect(to chan<- prometheus.Metric) {
	open := prometheus.NewDesc("usher_requests", "Requests that are not closed, by state.", []string{"state"}, nil)
	for state, count := range n.gauges.Open {
		gauge(to, open, float64(count), string(state))
	}
	build := prometheus.NewDesc("usher_build_info", "Which build runs.", []string{"version"}, nil)
	gauge(to, build, 1, Version())
	last := prometheus.NewDesc("usher_last_request_number", "The number of the last request.", nil, nil)
	gauge(to, last, float64(n.gauges.Asked))
	n.owed(to)
	entries := prometheus.NewDesc("usher_audit_entries", "Entries in the audit log.", nil, nil)
	number(to, entries, prometheus.CounterValue, float64(n.audit.Seq))
	posted := prometheus.NewDesc("usher_report_last_posted_timestamp_seconds",
		"When a report was last posted on its schedule; absent when never.", []string{"report"}, nil)
	for report, at := range n.posted {
		gauge(to, posted, float64(at.Unix()), report)
	}
	n.taken(to)
	n.left(to)
	n.people(to)
	n.slack(to)
	spans := prometheus.NewDesc("usher_trace_spans_total", "Spans of traces since the start: sent, and lost because no receiver took them in time.", []string{"outcome"}, nil)
	for outcome, count := range n.spans {
		number(to, spans, prometheus.CounterValue, float64(count), outcome)
	}
}

// taken is how many seats are taken. What isn't known is absent, and not zero.
func (n numbers) taken(to chan<- prometheus.Metric) {
	used := prometheus.NewDesc("usher_seats_used", "Seats in use in an app, as last seen; absent when that's long ago, or never.", []string{"app"}, nil)
	bought := prometheus.NewDesc("usher_seats_bought", "Seats bought, as known then; absent when not known.", []string{"app"}, nil)
	blocked := prometheus.NewDesc("usher_seats_blocked", "Seats in use that a limit blocked.", []string{"app"}, nil)
	read := prometheus.NewDesc("usher_seats_read_timestamp_seconds", "When the seats of an app were last seen.", []string{"app"}, nil)
	for app, p := range n.seats {
		gauge(to, used, float64(p.Used), app)
		gauge(to, blocked, float64(p.Blocked), app)
		gauge(to, read, float64(p.At.Unix()), app)
		if p.Bought > 0 {
			gauge(to, bought, float64(p.Bought), app)
		}
	}
}

// left is how many units an app has. What was never read is absent, and not zero.
func (n numbers) left(to chan<- prometheus.Metric) {
	left := prometheus.NewDesc("usher_units_left", "Units an app's calls are paid from, as last read; absent when never.", []string{"app"}, nil)
	read := prometheus.NewDesc("usher_units_read_timestamp_seconds", "When they were last read; absent when never.", []string{"app"}, nil)
	out := prometheus.NewDesc("usher_units_run_out_timestamp_seconds",
		"When none will be left at the present pace; absent when that isn't known, or not within a year.", []string{"app"}, nil)
	for app, b := range n.units {
		if b.Known() {
			gauge(to, left, float64(b.Left), app)
			gauge(to, read, float64(b.Read.Unix()), app)
		}
		if !b.Out.IsZero() {
			gauge(to, out, float64(b.Out.Unix()), app)
		}
	}
}

// people is how many people are known from where. What was never read is absent.
func (n numbers) people(to chan<- prometheus.Metric) {
	people := prometheus.NewDesc("usher_directory_people", "People that a directory listed when it was last read; absent when never.", []string{"directory"}, nil)
	read := prometheus.NewDesc("usher_directory_read_timestamp_seconds", "When it was last read and believed; absent when never.", []string{"directory"}, nil)
	for _, d := range n.known {
		if !d.Read.IsZero() {
			gauge(to, people, float64(d.People), d.Name)
			gauge(to, read, float64(d.Read.Unix()), d.Name)
		}
	}
}

// owed is what was promised and is not done.
func (n numbers) owed(to chan<- prometheus.Metric) {
	owed := prometheus.NewDesc("usher_intents_owed", "Promises not kept yet, timers included, by kind.", []string{"kind"}, nil)
	overdue := prometheus.NewDesc("usher_intents_overdue_seconds",
		"For how long the oldest promise of a kind has been due; 0 when none is.", []string{"kind"}, nil)
	held := prometheus.NewDesc("usher_intents_held",
		"Promises that somebody carries out, or did when they died: each under a claim, with a lease where several Ushers share a database.", []string{"kind"}, nil)
	for kind, o := range n.gauges.Owed {
		gauge(to, owed, float64(o.Count), kind)
		gauge(to, held, float64(o.Held), kind)
		gauge(to, overdue, max(n.now.Sub(o.Oldest), 0).Seconds(), kind)
	}
}

// slack is how the ear is doing.
func (n numbers) slack(to chan<- prometheus.Metric) {
	connections := prometheus.NewDesc("usher_slack_connections",
		"Socket Mode connections: open here, and as Slack last counted them.", []string{"counted_by"}, nil)
	gauge(to, connections, float64(n.heard.Open), "usher")
	gauge(to, connections, float64(n.heard.Counted), "slack")
	wanted := prometheus.NewDesc("usher_slack_connections_wanted", "Socket Mode connections that are to be open here.", nil, nil)
	gauge(to, wanted, float64(n.wanted))
	nodes := prometheus.NewDesc("usher_nodes", "Ushers that run on this database or file, by the database's clock.", nil, nil)
	gauge(to, nodes, float64(n.nodes))
	acks := prometheus.NewDesc("usher_ack_seconds",
		"From hearing an envelope to its acknowledgement; Slack gives up after 3 s.", nil, nil)
	sum, upTo := uint64(0), map[float64]uint64{}
	for i, bound := range bot.AckBounds {
		sum += uint64(n.heard.Acks[i])
		upTo[bound.Seconds()] = sum
	}
	sum += uint64(n.heard.Acks[len(bot.AckBounds)])
	to <- prometheus.MustNewConstHistogram(acks, sum, n.heard.Total.Seconds(), upTo)
}

// gauge sends one number that goes up and down.
func gauge(to chan<- prometheus.Metric, what *prometheus.Desc, v float64, labels ...string) {
	number(to, what, prometheus.GaugeValue, v, labels...)
}

// number sends one number; one that cannot be written fails the look, not the process.
func number(to chan<- prometheus.Metric, what *prometheus.Desc, kind prometheus.ValueType, v float64, labels ...string) {
	m, err := prometheus.NewConstMetric(what, kind, v, labels...)
	if err != nil {
		m = prometheus.NewInvalidMetric(what, err)
	}
	to <- m
}
