package courier

import (
	"context"
	"strconv"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
)

// ends tells somebody that what they have ends soon, once for each end. What was told follows the request: where it ends
// at another time, or is over, its buttons go. What is past before it was told is not told any more.
func (c *Courier) ends(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.request(ctx, job)
	if !ok {
		return result
	}
	round, who := roundOf(job.Key), lastPerson(job.Key)
	if result, over := c.outOfReach(ctx, job); over {
		return result // it ends all the same
	}
	stands := r.Lent() && r.Round == round
	result, err := c.converge(ctx, job, showing{
		message: view.Ends(c.asHeard(ctx, who, r), round), first: stands, since: r.WarnsAt,
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, who) },
	})
	return c.reached(ctx, job, who, result, err)
}

// ended tells whoever asked for something, or has it, that it is gone, once.
func (c *Courier) ended(ctx context.Context, job outbox.Job, r approvals.Request) outbox.Result {
	who := r.Requester
	if job.Key == approvals.HolderKey(r.Number, approvals.Ended) {
		who = r.Change.Person
	}
	if who == "" {
		c.log.ErrorContext(ctx, "a message is owed to nobody", Owed(job.Key))
		return outbox.Done()
	}
	return c.message(ctx, job, who, view.Over(c.asHeard(ctx, who, r)))
}

// asHeard is a request as somebody may see it who asked for it, or has what it gave.
func (c *Courier) asHeard(ctx context.Context, who approvals.PersonID, r approvals.Request) approvals.Request {
	if who == r.Requester {
		return c.readers.Heard(ctx, who, r).Heard()
	}
	return r.HeardBlind()
}

// roundOf is which end a key is about: "ends/12/2/U0ALICE".
func roundOf(key string) int {
	parts := strings.Split(key, "/")
	if len(parts) < 4 {
		return 0
	}
	n, err := strconv.Atoi(parts[2])
	if err != nil {
		return 0
	}
	return n
}
