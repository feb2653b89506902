package courier

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
)

// PostOwn implements reports.Poster. What needs somebody waits until their quiet hours are over, and counts among their messages of
// the day as a reminder does; where they have had their fill of these, what stands for the day says it too. An attempt that was
// begun is looked for, whatever the hour is, and where nothing is to be told by now it is looked for alone.
func (c *Courier) PostOwn(ctx context.Context, job outbox.Job, o reports.Own) outbox.Result {
	if o.Empty() {
		return c.foundAlone(ctx, job, o.To.ID)
	}
	if noteOf(job).Place == "" {
		now := c.now()
		if end, quiet := c.quiet.Until(now, o.To.TZ); quiet {
			return outbox.DoneUntil(end, nil)
		}
		if result, full := c.fill(ctx, job, o.To); full {
			return result
		}
	}
	return c.message(ctx, job, o.To.ID, view.Own(o))
}

// foundAlone ends a message to somebody of which nothing is so any more: what stands of it has its receipt, and what doesn't is not said.
func (c *Courier) foundAlone(ctx context.Context, job outbox.Job, who approvals.PersonID) outbox.Result {
	result := outbox.DoneWith(outbox.Receipt{Digest: "nothing to tell any more"})
	place, err := c.slack.DM(ctx, who)
	if err == nil {
		var at ref
		var found bool
		if at, found, err = c.earlier(ctx, &job, place); found {
			result = c.stands(at)
		}
	}
	return c.reached(ctx, job, who, result, err)
}

// fill takes one of somebody's places of the day for a report; true: there is none left, and the message that stands for the day
// is owed.
func (c *Courier) fill(ctx context.Context, job outbox.Job, who approvals.Person) (outbox.Result, bool) {
	if c.ration.Most == 0 {
		return outbox.Result{}, false
	}
	now := c.now()
	day, _ := approvals.Today(now, who.TZ)
	sent, err := c.ration.take(ctx, who.ID, day, job.Key)
	switch {
	case err != nil:
		return c.retry(job, fmt.Errorf("count what %s had today: %w", who.ID, err)), true
	case sent:
		return outbox.Result{}, false
	}
	if err := c.box.Promise(ctx, outbox.AtOnce(approvals.NeedsKey(day, who.ID), 0, now)); err != nil {
		return c.retry(job, fmt.Errorf("promise what stands for the day: %w", err)), true
	}
	c.wake()
	return outbox.DoneWith(outbox.Receipt{Digest: "what stands for the day says it"}), true
}
