package courier

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/outbox"
)

// aboutAccounts carries what is asked of somebody about accounts, and what they said.
func (c *Courier) aboutAccounts(ctx context.Context, job outbox.Job) outbox.Result {
	switch outbox.Kind(job.Key) {
	case approvals.KindHolder:
		return c.unproven(ctx, job, c.holder(ctx, job))
	case approvals.KindHeld:
		return c.held(ctx, job)
	}
	return c.unproven(ctx, job, c.needed(ctx, job))
}

// holder asks whoever holds an account what is to become of it, in one message that follows what they answer.
func (c *Courier) holder(ctx context.Context, job outbox.Job) outbox.Result {
	who := lastPerson(job.Key)
	if result, over := c.outOfReach(ctx, job); over {
		return result
	}
	a, known, err := c.asked(ctx, job.Key)
	if err != nil || !known {
		return c.askedNone(job, err)
	}
	result, err := c.converge(ctx, job, showing{message: view.Holder(a), first: len(a.Ways) > 0, since: job.Made,
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, who) }})
	return c.reached(ctx, job, who, result, err)
}

// held tells whoever had somebody asked what they said, once.
func (c *Courier) held(ctx context.Context, job outbox.Job) outbox.Result {
	a, known, err := c.asked(ctx, job.Key)
	if err != nil || !known || a.Heard == nil {
		return c.askedNone(job, err)
	}
	return c.message(ctx, job, a.By, view.Held(a.Heard))
}

// asked reads what a promise is about: "holder/APP/3/U0JANE".
func (c *Courier) asked(ctx context.Context, key string) (commands.HolderAsk, bool, error) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 {
		return commands.HolderAsk{}, false, nil
	}
	n, err := strconv.Atoi(parts[2])
	if err != nil {
		return commands.HolderAsk{}, false, nil
	}
	a, known, err := c.outsiders.Holder(ctx, parts[1], n)
	if err != nil {
		return a, false, fmt.Errorf("read what is asked about an account: %w", err)
	}
	return a, known && (approvals.PersonID(parts[3]) == a.Whom || approvals.PersonID(parts[3]) == a.By), nil
}

// askedNone ends a job of which nothing is known, or tries it again.
func (c *Courier) askedNone(job outbox.Job, err error) outbox.Result {
	if err != nil {
		return c.retry(job, err)
	}
	c.log.Warn("what was asked about an account is known to nobody any more", Owed(job.Key))
	return outbox.Done()
}
