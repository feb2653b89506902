package courier

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
)

// task makes what shows a task show it as it is now: one message where the cards are, and one to whoever has it. Who had it
// before keeps theirs, without anything to press. While it is to be done, one that somebody deleted comes back.
func (c *Courier) task(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.request(ctx, job)
	if !ok {
		return result
	}
	if r.Task == nil {
		c.log.ErrorContext(ctx, "a message is owed for a task that there is not", Owed(job.Key))
		return outbox.Done()
	}
	if !approvals.Removal(job.Key) {
		r = r.Giving()
	}
	if approvals.Own(job.Key) {
		return c.taskOf(ctx, job, r)
	}
	result, err := c.converge(ctx, job, showing{
		message: view.TaskCard(r), first: true, anew: r.Working(), watched: r.Working(), since: since(r),
		place: func(ctx context.Context) (string, error) {
			place, err := c.slack.ChannelID(ctx, c.channel)
			return place, web.In(c.channel, err)
		},
	})
	if err != nil {
		return c.trouble(ctx, job, err)
	}
	if now := c.now(); r.Working() && result.Receipt() != nil && result.IsDone() {
		return outbox.DoneUntil(now.Add(min(max(now.Sub(since(r)), watchSoonest), watchLatest)), result.Receipt())
	}
	return result
}

// since is since when there is a task.
func since(r approvals.Request) time.Time {
	if r.Removing() {
		return r.End.At
	}
	return r.Decided
}

// taskOf is the message of one person.
func (c *Courier) taskOf(ctx context.Context, job outbox.Job, r approvals.Request) outbox.Result {
	who := lastPerson(job.Key)
	if result, over := c.outOfReach(ctx, job); over {
		return result // the card shows it, and whoever has left loses the task
	}
	mine := r.Working() && r.Task.Owner == who
	result, err := c.converge(ctx, job, showing{
		message: view.TaskOf(r, who), first: mine, anew: mine, since: since(r),
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, who) },
	})
	return c.reached(ctx, job, who, result, err)
}

// overdue reminds somebody of a task that should be done, once; a reminder that a later one stands for, or of what is done by
// now, is not said.
func (c *Courier) overdue(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.request(ctx, job)
	if !ok {
		return result
	}
	if !r.Working() || r.Task.Round() != roundOf(job.Key) {
		return outbox.Done()
	}
	who := approvals.WhoOf(job.Key)
	return c.remind(ctx, job, who, view.Overdue(who, r))
}

// Full reports whether somebody has had their fill of messages for their day.
func (c *Courier) Full(ctx context.Context, who approvals.Person) (bool, error) {
	if c.ration.Most == 0 {
		return false, nil
	}
	day, _ := approvals.Today(c.now(), who.TZ)
	c.ration.mu.Lock()
	defer c.ration.mu.Unlock()
	_, had, err := c.ration.had(ctx, who.ID, day)
	return len(had.Sent) >= c.ration.Most, err
}
