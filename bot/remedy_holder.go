package bot

import (
	"context"
	"time"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// asksHolder has the holder of an account asked: that is committed first, then acknowledged, then said. A crash between commit and ack leaves
// the button there, and pressed again it says that they were asked.
func (b *Bot) asksHolder(live context.Context, e *envelope, s said, v view.RemedyValue) {
	ctx, cancel := b.inTime(live, e)
	reply, err := b.house.AskHolder(ctx, s.who, v.Of(), b.now(), surface)
	cancel()
	b.ack(live, e, nil)
	if err != nil {
		b.shown(live, s, b.sorry(e, err))
		return
	}
	b.shown(live, s, view.Reply(reply))
}

// holderSays takes what whoever holds an account answers. That it stays as it is is kept before the ack; what else they want opens the form
// for asking, filled in.
func (b *Bot) holderSays(live context.Context, e *envelope, s said) {
	v, err := view.ParseHolder(s.value)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	if v.Leaves() {
		b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
			return b.house.LeaveIt(ctx, s.who, v.App, v.N, now, surface)
		})
		return
	}
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	d, err := soon(ctx, func(ctx context.Context) (commands.Draft, error) {
		return b.house.HolderMend(ctx, s.who, v.App, v.N, commands.Way(v.Way))
	})
	if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	b.openForm(live, e, s, d, noForm)
}
