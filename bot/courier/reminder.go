package courier

import (
	"context"
	"fmt"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
)

// reminder tells a person, or a user group in the approvals channel, what waits for them by now, once. It was promised
// because of some requests; where none of these waits for them any more, or a later message is to tell them of those that
// do, nothing is said.
func (c *Courier) reminder(ctx context.Context, job outbox.Job) outbox.Result {
	who := approvals.WhoOf(job.Key)
	list, err := c.requests.Awaiting(ctx, who, c.now())
	if err != nil {
		return c.retry(job, fmt.Errorf("find out what waits for %s: %w", who, err))
	}
	if !slices.ContainsFunc(list, func(r approvals.Request) bool { return r.Reminders.By(who, job.Key) }) {
		return outbox.Done()
	}
	return c.remind(ctx, job, who, view.Reminder(who, list))
}

// nudge tells them of one request, because somebody asked for that, while it waits for them.
func (c *Courier) nudge(ctx context.Context, job outbox.Job) outbox.Result {
	who := approvals.WhoOf(job.Key)
	list, err := c.requests.Awaiting(ctx, who, c.now())
	if err != nil {
		return c.retry(job, fmt.Errorf("find out what waits for %s: %w", who, err))
	}
	for _, r := range list {
		if r.Number == approvals.NumberOf(job.Key) && r.Reminders.By(who, job.Key) {
			return c.remind(ctx, job, who, view.Nudge(who, r, r.Reminders.NudgedBy))
		}
	}
	return outbox.Done()
}

// remind says it: to a person directly, to a user group where the cards are.
func (c *Courier) remind(ctx context.Context, job outbox.Job, who string, m view.Message) outbox.Result {
	if !approvals.IsGroup(who) {
		return c.message(ctx, job, approvals.PersonID(who), m)
	}
	result, err := c.once(ctx, job, m, func(ctx context.Context) (string, error) {
		place, err := c.slack.ChannelID(ctx, c.channel)
		return place, web.In(c.channel, err)
	})
	if err != nil {
		return c.trouble(ctx, job, err)
	}
	return result
}
