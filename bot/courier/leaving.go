package courier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
)

// Leavings says what a message about people who leave says now; *commands.House does.
type Leavings interface {
	Leaving(ctx context.Context, key string, now time.Time) (commands.Pressed, error)
}

// leaving brings somebody a message about people who leave, and has it follow what becomes of it. Nobody's morning is disturbed by
// one: it waits while quiet hours last, but for what the admins are asked about many at once.
func (c *Courier) leaving(ctx context.Context, job outbox.Job) outbox.Result {
	who := lastPerson(job.Key)
	about, _ := leavers.AboutOf(job.Key)
	if result, over := c.outOfReach(ctx, job); over {
		return result
	}
	p, err := c.leavings.Leaving(ctx, job.Key, c.now())
	switch {
	case errors.Is(err, leavers.ErrNone):
		c.log.ErrorContext(ctx, "a message is owed about somebody of whom nobody knows that they leave", Owed(job.Key))
		return outbox.Done()
	case err != nil:
		return c.trouble(ctx, job, err)
	}
	deliver := func() outbox.Result {
		result, err := c.converge(ctx, job, showing{message: view.Reply(p.Reply), first: p.Stands, since: p.Since,
			place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, who) }})
		return c.reached(ctx, job, who, result, err)
	}
	if about == leavers.AboutHold {
		return c.toAdmin(ctx, job, who, job.Made.Add(absentFor), deliver)
	}
	_, sent, err := c.box.Receipt(ctx, job.Key)
	if err != nil {
		return c.retry(job, fmt.Errorf("read receipt: %w", err))
	}
	if !sent && c.quiet != (approvals.Quiet{}) && !slices.Contains(c.admins, who) {
		reader, err := c.people.Person(ctx, who)
		if err != nil {
			return c.trouble(ctx, job, fmt.Errorf("look up whose day it is: %w", err))
		}
		if end, quiet := c.quiet.Until(c.now(), reader.TZ); quiet {
			return outbox.DoneUntil(end, nil)
		}
	}
	return deliver()
}
