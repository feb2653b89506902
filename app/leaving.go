package app

import (
	"cmp"
	"context"
	"time"

	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/leavers"
)

// leaving joins the desk of those who leave to its neighbours.
func (a *App) leaving(cfg *config.Config, with between, people leavers.Workspace, nonce func() (string, error), opt Options) *leavers.Desk {
	return &leavers.Desk{Book: with.leavers(a.Store), Requests: a.Desk, Register: a.Register, Elsewhere: elsewhere(a.directories), Workspace: people, Breaker: cfg.Leavers.Breaker, Settles: cmp.Or(opt.Settles, leavers.DefaultSettles),
		Alarm: a.alarm(cfg.Slack.Admins, a.Clock.Now), Nonce: nonce, Wake: a.worker.Wake, Log: a.Log}
}

// seen keeps what Slack says of somebody by itself.
func (a *App) seen(ctx context.Context, p web.Change, now time.Time) error {
	return a.Leavers.Seen(ctx, leavers.Sight{Person: p.Person, Name: p.Name, Off: p.Gone, Bot: p.Bot, AsOf: p.AsOf}, now)
}

// sweeping has everybody read once Slack lets us in, for what was missed while nobody listened.
func (a *App) sweeping(ctx context.Context) {
	if err := a.Leavers.Sweeping(ctx, a.Clock.Now()); err != nil && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "cannot promise to read who is in the workspace; it is read at the next start", "err", err)
	}
}
