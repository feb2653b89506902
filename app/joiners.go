package app

import (
	"cmp"
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/joiners"
)

// welcoming joins those who come to their neighbours. What Slack says of a user group is heard by them too, and the daily reading of
// everybody is theirs as it is of those who leave.
func (a *App) welcoming(cfg *config.Config, book joiners.Book, directory approvals.Directory, slack *web.Client, house *commands.House, opt Options) {
	a.Joiners = &joiners.Desk{Book: book, Requests: a.Desk, Offers: house, Directory: directory, Bundles: cfg.Bundled(), Breaker: cfg.Leavers.Breaker, Settles: cmp.Or(opt.Settles, joiners.DefaultSettles),
		Alarm: a.alarm(cfg.Slack.Admins, a.Clock.Now), Nonce: a.Desk.Nonce, Wake: a.worker.Wake, Log: a.Log}
	a.Leavers.Also, a.Leavers.Leaves = a.Joiners.Everybody, a.Joiners.Leaves
	slack.Heed(func(ctx context.Context, who string) error {
		if err := a.roll.Changed(ctx, who); err != nil {
			return err
		}
		a.Joiners.Changed(ctx, who, a.Clock.Now())
		a.spreads(ctx, who)
		return nil
	})
}

// watches owes the reading of what may have changed while nobody listened.
func (a *App) watches(ctx context.Context) {
	if err := a.Joiners.Reading(ctx, a.Clock.Now()); err != nil && ctx.Err() == nil {
		a.Log.ErrorContext(ctx, "cannot keep that the user groups of joiners are to be read", "err", err)
	}
}
