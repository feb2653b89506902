package bot

import (
	"context"
	"time"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// keepsNeeded keeps that an outsider's account is still needed, then acknowledges: the message follows.
func (b *Bot) keepsNeeded(live context.Context, e *envelope, s said) {
	v, err := view.ParseNeeded(s.value)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
		return b.house.KeepNeeded(ctx, s.who, v.App, v.Email, now)
	})
}

// takesBack opens the form that takes an outsider's account away, filled in. It keeps nothing, so it is acknowledged at once.
func (b *Bot) takesBack(live context.Context, e *envelope, s said) {
	v, err := view.ParseNeeded(s.value)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	d, err := soon(ctx, func(ctx context.Context) (commands.Draft, error) {
		return b.house.TakingBack(ctx, s.who, v.App, v.Email)
	})
	if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	b.openForm(live, e, s, d, noForm)
}
