package bot

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
)

// endsNow ends what a request gave for a time, for somebody who may. What comes of it shows on their message, and on the card.
func (b *Bot) endsNow(live context.Context, e *envelope, s said, n int64, by approvals.Actor) {
	b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
		_, err := b.desk.EndNow(ctx, n, by, surface, now)
		return err
	})
}
