package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/store"
)

// metricsType is the content type of Prometheus's text format.
const metricsType = "text/plain; version=0.0.4; charset=utf-8"

// metrics are the numbers an operator watches, read from the store and the ear at the moment somebody
// asks. Nothing is counted on the side, so a restart loses none of them but the acks.
type metrics struct {
	store   *store.Store
	bot     *bot.Bot
	reports []reports.Config
	now     func() time.Time
}

// write prints them all in Prometheus's text format.
func (m metrics) write(ctx context.Context, w io.Writer) error {
	g, err := m.store.Gauges(ctx)
	if err != nil {
		return fmt.Errorf("read metrics: %w", err)
	}
	head, err := m.store.Head(ctx)
	if err != nil {
		return fmt.Errorf("read metrics: %w", err)
	}
	var p page
	m.gauges(&p, g)
	p.head("usher_audit_entries", "counter", "Entries in the audit log.")
	p.value("usher_audit_entries", "", float64(head.Seq))
	if err := m.posted(ctx, &p); err != nil {
		return fmt.Errorf("read metrics: %w", err)
	}
	heard(&p, m.bot.Status())
	_, err = io.WriteString(w, p.String())
	return err
}

func (m metrics) gauges(p *page, g store.Gauges) {
	p.head("usher_requests", "gauge", "Requests that are not closed, by state.")
	for _, state := range slices.Sorted(maps.Keys(g.Open)) {
		p.value("usher_requests", label("state", string(state)), float64(g.Open[state]))
	}
	p.head("usher_last_request_number", "gauge", "The number of the last request.")
	p.value("usher_last_request_number", "", float64(g.Asked))
	kinds := slices.Sorted(maps.Keys(g.Owed))
	p.head("usher_intents_owed", "gauge", "Promises not kept yet, timers included, by kind.")
	for _, kind := range kinds {
		p.value("usher_intents_owed", label("kind", kind), float64(g.Owed[kind].Count))
	}
	p.head("usher_intents_overdue_seconds", "gauge", "For how long the oldest promise of a kind has been due; 0 when none is.")
	for _, kind := range kinds {
		p.value("usher_intents_overdue_seconds", label("kind", kind), max(m.now().Sub(g.Owed[kind].Oldest), 0).Seconds())
	}
}

// posted says when each report was last posted on its schedule.
func (m metrics) posted(ctx context.Context, p *page) error {
	p.head("usher_report_last_posted_timestamp_seconds", "gauge", "When a report was last posted on its schedule; absent when never.")
	for _, r := range m.reports {
		// Reports asked for by hand stand under "now", after every slot, which begins with a year.
		last, ok, err := m.store.LastReceipt(ctx, reports.SlotKey(r.Name, ""), reports.SlotKey(r.Name, "now"))
		if err != nil {
			return err
		}
		if ok {
			p.value("usher_report_last_posted_timestamp_seconds", label("report", r.Name), float64(last.At.Unix()))
		}
	}
	return nil
}

// heard is how the ear is doing.
func heard(p *page, s bot.Status) {
	p.head("usher_slack_connections", "gauge", "Socket Mode connections: open here, and as Slack last counted them.")
	p.value("usher_slack_connections", label("counted_by", "usher"), float64(s.Open))
	p.value("usher_slack_connections", label("counted_by", "slack"), float64(s.Counted))
	const name = "usher_ack_seconds"
	p.head(name, "histogram", "From hearing an envelope to its acknowledgement; Slack gives up after 3 s.")
	sum := 0
	for i, bound := range bot.AckBounds {
		sum += s.Acks[i]
		p.value(name+"_bucket", label("le", number(bound.Seconds())), float64(sum))
	}
	sum += s.Acks[len(bot.AckBounds)]
	p.value(name+"_bucket", label("le", "+Inf"), float64(sum))
	p.value(name+"_sum", "", s.Total.Seconds())
	p.value(name+"_count", "", float64(sum))
}

// page is a text in Prometheus's format.
type page struct{ strings.Builder }

func (p *page) head(name, kind, help string) {
	fmt.Fprintf(p, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func (p *page) value(name, labels string, v float64) {
	fmt.Fprintf(p, "%s%s %s\n", name, labels, number(v))
}

func label(name, value string) string {
	return "{" + name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value) + `"}`
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
