package courier

import (
	"context"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
)

// progress shows whoever asked how far the task is, on one message. What is over before they had one is told by its outcome
// alone; one that they deleted stays deleted.
func (c *Courier) progress(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.request(ctx, job)
	if !ok {
		return result
	}
	if result, over := c.outOfReach(ctx, job); over {
		return result // the card shows it
	}
	who := r.Requester
	result, err := c.converge(ctx, job, showing{
		message: view.Progress(c.readers.Heard(ctx, who, r.Giving())), first: r.Progressing(), since: r.Decided,
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, who) },
	})
	return c.reached(ctx, job, who, result, err)
}
