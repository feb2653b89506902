package bot

import (
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
)

// shows shows a request that a reminder named, with its buttons, to somebody who may decide it now; others hear why
// not. It keeps nothing, so it is acknowledged at once.
func (b *Bot) shows(live context.Context, e *envelope, s said, n int64) {
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	r, err := b.desk.MayDecide(ctx, n, approvals.Actor(s.who), b.now())
	if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	b.whisper(s, view.Opened(r))
}
