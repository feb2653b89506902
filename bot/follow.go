package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
)

// follows has somebody told when a request is over, where they may read what vendors hold: who may not was never offered it.
func (b *Bot) follows(live context.Context, e *envelope, s said, n int64, by approvals.Actor) {
	var followed *approvals.Request
	b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
		if err := b.house.MayRead(ctx, s.who); err != nil {
			return err
		}
		r, err := b.desk.Follow(ctx, n, by, surface, now)
		if err == nil {
			followed = &r
		}
		return err
	})
	if followed != nil {
		b.whisper(s, view.Following(*followed))
	}
}

// showsTo shows how a request stands as the command would, to whom it would.
func (b *Bot) showsTo(live context.Context, e *envelope, s said, n int64) {
	call := s.call()
	call.Text = fmt.Sprintf("status %d", n)
	cmd, answer := b.house.Plan(call)
	if answer != nil || cmd == nil {
		b.ack(live, e, nil)
		b.whisper(s, b.sorry(e, fmt.Errorf("plan %q: it is no command", call.Text)))
		return
	}
	b.read(live, e, s, cmd)
}
