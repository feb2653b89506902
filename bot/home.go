package bot

import (
	"context"

	"github.com/usherbot/usher/bot/view"
)

// atHome keeps what an event means for people's Homes before its ack: that somebody opened theirs, or that who is in a
// group has changed. What could not be kept is not acknowledged, and Slack sends it again. Nobody is told of that: nobody
// said anything.
func (b *Bot) atHome(ctx context.Context, s said) error {
	switch {
	case s.home && s.who != "" && b.ours(ctx, s):
		return b.desk.Opened(ctx, s.who, s.hash, b.now())
	case s.changed != "" && b.slack.GroupChanged(s.changed):
		return b.desk.Regrouped(ctx, b.now())
	}
	return nil
}

// overHome says something in a window over somebody's Home, which has no place for it. Mostly it is that what they clicked is
// past: if that is still what Slack shows them, it is drawn anew.
func (b *Bot) overHome(ctx context.Context, s said, m view.Message) error {
	if !s.home || s.trigger == "" {
		return errNoWay
	}
	if err := b.desk.Opened(ctx, s.who, s.hash, b.now()); err != nil {
		b.log.WarnContext(ctx, "a Home that may show what is past is not drawn anew", "user", s.who, "err", err)
	}
	_, err := b.slack.OpenView(ctx, s.trigger, view.FormNotice(m))
	return err
}
