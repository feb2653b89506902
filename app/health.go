package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/outbox"
)

// overdueAfter is how late what is due may be before an admin reads of it.
const overdueAfter = 15 * time.Minute

// Health implements courier.Health: what admins read on their Home of Usher itself.
func (a *App) Health(ctx context.Context, now time.Time) (approvals.Health, error) {
	h := approvals.Health{Open: a.Bot.Status().Open, Wanted: a.Bot.Wanted(), At: now}
	g, err := a.Store.Gauges(ctx)
	if err != nil {
		return h, fmt.Errorf("read what is owed: %w", err)
	}
	for kind, o := range g.Owed {
		if late := now.Sub(o.Oldest) > overdueAfter; late || o.Failing > 0 {
			h.Overdue = append(h.Overdue, approvals.Overdue{What: courier.OwedWords(kind), Since: o.Oldest, Late: late, Failing: o.Failing})
		}
	}
	slices.SortFunc(h.Overdue, func(a, b approvals.Overdue) int { return strings.Compare(a.What, b.What) })
	for _, v := range a.inventory.Health() {
		h.Apps = append(h.Apps, approvals.AppHealth{Name: v.Name, Read: v.Read, Blind: v.Blind})
	}
	for _, app := range a.polls.Apps {
		b, _, err := a.polls.Balance(ctx, app.ID)
		if err != nil {
			return h, fmt.Errorf("read what is known of the units of %s: %w", app.ID, err)
		}
		h.Balances = append(h.Balances, approvals.AppBalance{Name: app.Name, Balance: b})
	}
	return h, nil
}

// freshen owes every Home anew at the start: what stands on them may have changed while nobody drew them, and so may the
// configuration. A crash before it leaves what the next start does.
func (a *App) freshen(ctx context.Context) {
	err := a.Store.Promise(ctx, outbox.AtOnce(approvals.EveryHome, 0, a.Clock.Now()).OnlyWhere(approvals.AnyHome))
	if err != nil && ctx.Err() == nil {
		a.Log.ErrorContext(ctx, "cannot keep that every Home is to be drawn anew", "err", err)
	}
}
