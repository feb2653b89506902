package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/watch"
)

// Metrics writes the numbers an operator watches: at the socket and at --listen alike.
func (a *App) Metrics(ctx context.Context, w io.Writer) error {
	return metrics{store: a.Store, bot: a.Bot, polls: a.polls, directories: a.directories, reports: a.planner.Reports,
		apps: a.Desk.Apps, past: a.past, timings: a.timings, tracing: a.tracing, now: a.planner.Now}.write(ctx, w)
}

// watched is this life, for who watches from outside.
func (a *App) watched() *watch.Subject {
	return &watch.Subject{Metrics: a.Metrics, Format: string(control.MetricsFormat), Unready: a.Unready}
}

// Unready says in words why nobody should count on this Usher at the moment; nothing: all is well. A store that can't be
// read isn't ready, whatever else it might have said.
func (a *App) Unready(ctx context.Context) []string {
	var out []string
	if heard := a.Bot.Status(); heard.Open == 0 {
		out = append(out, fmt.Sprintf("Slack isn't heard: none of the %d connections is open", a.Bot.Wanted()))
	}
	if s, ok := a.Store.(sharing); ok && errors.Is(s.Current(ctx), postgres.ErrNewer) {
		out = append(out, "a newer Usher has changed the database, so this one decides nothing any more: end it")
	}
	g, err := a.Store.Gauges(ctx)
	if err != nil {
		if ctx.Err() == nil {
			a.Log.WarnContext(ctx, "what is owed can't be read", "err", err)
		}
		return append(out, "the store doesn't answer; the log says why")
	}
	now := a.Clock.Now()
	var late []string
	for kind, o := range g.Owed {
		if by := now.Sub(o.Oldest); by > overdueAfter {
			late = append(late, fmt.Sprintf("overdue for %s: %s", by.Truncate(time.Minute), courier.OwedWords(kind)))
		}
	}
	slices.Sort(late)
	return append(out, late...)
}
