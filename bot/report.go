package bot

import (
	"context"
	"time"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// postsReport has a report posted that somebody was shown alone: that it is to be is committed first, then acknowledged, then said, or
// why it can't be. A crash between commit and ack leaves the button there, and pressed again it is posted once.
func (b *Bot) postsReport(live context.Context, e *envelope, s said) {
	v, err := view.ParsePostReport(s.value)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	var reply commands.Reply
	b.commit(live, e, s, func(ctx context.Context, _ time.Time) (err error) {
		reply, err = b.house.PostReport(ctx, v.Name, v.Channel, v.Key, s.who)
		return err
	})
	if reply.Head != nil {
		b.whisper(s, view.Reply(reply))
	}
}
