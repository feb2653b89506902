package courier

import (
	"context"
	"fmt"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
)

// approver tells somebody who is named as an approver that a request waits for them, and later who decided it. They
// are told while it waits, if they may decide it and have not; while that cannot be found out they are told nothing.
// What they have follows the request as the card does, so a button is never left on what is over.
func (c *Courier) approver(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.request(ctx, job)
	if !ok {
		return result
	}
	who := lastPerson(job.Key)
	list, result, ok := c.besides(ctx, job, r)
	if !ok {
		return result
	}
	had, told, err := c.box.Receipt(ctx, job.Key)
	switch {
	case err != nil:
		return c.retry(job, fmt.Errorf("read receipt: %w", err))
	case told && had.ID == undeliverable:
		return outbox.Done() // others see the card
	}
	kept := job.Key == approvals.SeatKey(r.Number, who) && r.Offered() // by a message of its own
	named := pending(list) && slices.ContainsFunc(list, func(o approvals.Request) bool { return o.ToldOf(who) })
	asked := told || kept || named
	if !asked {
		if asked, err = c.asksForAny(ctx, list, who); err != nil {
			return c.retry(job, err)
		}
		if !asked && !job.Retaken && job.Implies().IsZero() && noteOf(job).Place == "" {
			return outbox.Done()
		}
	}
	card, waits := approverCardOf(list, who)
	if job.Key == approvals.SeatKey(r.Number, who) {
		card, waits = view.ApproverCard(r, who), kept
	}
	result, err = c.converge(ctx, job, showing{
		message: card, first: asked && (waits || named), anew: waits || named, since: r.Asked,
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, who) },
	})
	return c.reached(ctx, job, who, result, err)
}

// asksFor reports whether a request waits for somebody's word. An error means that it could not be found out.
func (c *Courier) asksFor(ctx context.Context, r approvals.Request, who approvals.PersonID) (bool, error) {
	if r.State != approvals.Pending || r.Answered(approvals.Actor(who)) {
		return false, nil
	}
	_, err := c.requests.MayDecide(ctx, r.Number, approvals.Actor(who), c.now())
	switch approvals.CodeOf(err) {
	case approvals.NotAllowed, approvals.Conflict:
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find out whether %s may decide #%d: %w", who, r.Number, err)
	}
	return true, nil
}
