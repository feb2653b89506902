package courier

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
)

// besides are a request and all that were asked with it, which stand on one card. ok is as in request.
func (c *Courier) besides(ctx context.Context, job outbox.Job, r approvals.Request) (list []approvals.Request, result outbox.Result, ok bool) {
	list, err := c.requests.Besides(ctx, r)
	if err != nil {
		return nil, c.retry(job, err), false
	}
	return list, outbox.Done(), true
}

// cardOf is the approval card of what stands on it. Until then a card that says of a deed that it is next is left as it
// is, and brief is what that card says.
func cardOf(list []approvals.Request) (m view.Message, until time.Time, brief string) {
	draw := func(list []approvals.Request) view.Message {
		if len(list) == 1 && list[0].Together == nil {
			return view.Card(list[0])
		}
		return view.Together(list)
	}
	before := slices.Clone(list)
	for i, r := range before {
		if r.State == approvals.Running {
			before[i].State = approvals.Approved
			if at := r.Started.Add(atWork); at.After(until) {
				until = at
			}
		}
	}
	if !until.IsZero() {
		brief = draw(before).Digest()
	}
	return draw(list), until, brief
}

// pending reports whether any request waits.
func pending(list []approvals.Request) bool {
	return slices.ContainsFunc(list, func(r approvals.Request) bool { return r.State == approvals.Pending })
}

// approverCardOf is what somebody who is named as an approver has of what stands on one card, and whether any of it
// waits for their word.
func approverCardOf(list []approvals.Request, who approvals.PersonID) (m view.Message, waits bool) {
	waits = slices.ContainsFunc(list, func(r approvals.Request) bool { return r.State == approvals.Pending && r.Waits(who) })
	if len(list) == 1 && list[0].Together == nil {
		return view.ApproverCard(list[0], who), waits
	}
	return view.TogetherFor(list, who), waits
}

// asksForAny reports whether any of what stands on one card waits for somebody's word. An error means that it could not
// be found out of those for which it may.
func (c *Courier) asksForAny(ctx context.Context, list []approvals.Request, who approvals.PersonID) (bool, error) {
	var unknown error
	for _, r := range list {
		asks, err := c.asksFor(ctx, r, who)
		if asks {
			return true, nil
		}
		if err != nil {
			unknown = err
		}
	}
	return false, unknown
}
