package courier

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/outbox"
)

// Outsiders says which accounts of outsiders somebody was asked about on a day, as it is now; *commands.House does. An error means
// that it could not be found out.
type Outsiders interface {
	Needed(ctx context.Context, day string, who approvals.PersonID) (commands.StillNeeded, error)
	// Holder is what was asked about an account, as it is now; ok is false where nobody knows of it any more.
	Holder(ctx context.Context, app string, n int) (a commands.HolderAsk, ok bool, err error)
}

// needed asks somebody which accounts are still needed, in one message about all of a day, which follows what is answered. It is posted
// while something of it is open.
func (c *Courier) needed(ctx context.Context, job outbox.Job) outbox.Result {
	who, day := lastPerson(job.Key), dayOfNeeded(job.Key)
	if result, over := c.outOfReach(ctx, job); over {
		return result
	}
	still, err := c.outsiders.Needed(ctx, day, who)
	if err != nil {
		return c.retry(job, fmt.Errorf("read what is asked of %s: %w", who, err))
	}
	began, err := time.Parse(time.DateOnly, day)
	if err != nil {
		c.log.ErrorContext(ctx, "a question is owed for no day", Owed(job.Key), "err", err)
		return outbox.Done()
	}
	result, err := c.converge(ctx, job, showing{message: view.Needed(still), first: still.Open > 0, since: began.Add(-dayAhead),
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, who) }})
	return c.reached(ctx, job, who, result, err)
}

// dayOfNeeded is the day in the middle of a key: "needed/2026-11-30/U0ALICE".
func dayOfNeeded(key string) string {
	parts := strings.Split(key, "/")
	if len(parts) != 3 {
		return ""
	}
	return parts[1]
}

// ofAccounts reports whether it is a question about accounts, to one person.
func ofAccounts(key string) bool {
	kind := outbox.Kind(key)
	return kind == approvals.KindNeeded || kind == approvals.KindHolder
}

// hushedNeeded is hushed for a question about accounts: it waits for its reader's day, and is one of that day's messages.
func (c *Courier) hushedNeeded(ctx context.Context, job outbox.Job) (outbox.Result, bool) {
	p, err := c.people.Person(ctx, lastPerson(job.Key))
	if err != nil {
		return c.trouble(ctx, job, fmt.Errorf("look up whose day it is: %w", err)), true
	}
	if result, held, knows := c.implied(ctx, job, lastPerson(job.Key)); knows {
		return result, held
	}
	if end, quiet := c.quiet.Until(c.now(), p.TZ); quiet {
		return outbox.DoneUntil(end, nil), true
	}
	return c.rationed(ctx, job, approvals.Request{}, p)
}
