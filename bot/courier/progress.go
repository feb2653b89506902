package courier

import (
	"context"
	"fmt"

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
	had, told, err := c.box.Receipt(ctx, job.Key)
	switch {
	case err != nil:
		return c.retry(job, fmt.Errorf("read receipt: %w", err))
	case told && had.ID == undeliverable:
		return outbox.Done() // the card shows it
	}
	who := r.Requester
	result, err = c.converge(ctx, job, showing{
		message: view.Progress(c.readers.Heard(ctx, who, r.Giving())), first: r.Progressing(), since: r.Decided,
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, who) },
	})
	return c.reached(ctx, job, who, result, err)
}
