package config

import (
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/usherbot/usher/approvals"
)

// DefaultRemind is after how long who has not decided is reminded where no policy says.
const DefaultRemind = day

const (
	expectReminder   = "0 (never), or a duration such as 72h, 7d or 1d12h"
	expectEscalation = "a list of people (U… or W…) and user groups (S…), such as [U0CAROL]"
)

// waiting reads what a policy does about a request that waits: whom it reminds, and who else may decide after a while.
func (o object) waiting(p *approvals.Policy) {
	remind, after, to := o.get("remind_after"), o.get("escalate_after"), o.get("escalate_to")
	before := len(o.Problems)
	p.RemindAfter = remind.durationOrNever(DefaultRemind, longestExpiry)
	p.EscalateAfter = after.duration(0, longestExpiry)
	p.EscalateTo = to.distinct(to.list("the entry", expectEscalation), ownerShape, expectOwner)
	switch {
	case len(o.Problems) > before || !o.readable():
	case after.Given() && !to.Given():
		o.Wrong(after.At, "escalate_after says when, but nothing says who can decide then; add escalate_to: [U…, S…]")
	case to.Given() && !after.Given() && !p.NeedsManager():
		o.Warn(to.At, "escalate_to is never used, because there's no escalate_after; add it, or remove escalate_to")
	case after.Given() && p.EscalateAfter >= p.ExpiresAfter:
		o.Warn(after.At, "escalate_after is %s, and nothing waits that long: the request expires first (expires_after)", after.Shown())
	}
	if remind.Given() && len(o.Problems) == before && p.RemindAfter >= p.ExpiresAfter {
		o.Warn(remind.At, "remind_after is %s, and nothing waits that long: the request expires first (expires_after)", remind.Shown())
	}
}

// durationOrNever is a duration, or 0 for never.
func (v value) durationOrNever(otherwise, longest time.Duration) time.Duration {
	if n, whole := v.Node.(*ast.IntegerNode); whole && n.GetToken().Value == "0" {
		return 0
	}
	return v.lasting(expectReminder, otherwise, longest)
}

// queue reads whether a seat that somebody waits for in line is given by itself, or by a click of those who said yes.
func (o object) queue(p *approvals.Policy) {
	v := o.get("queue")
	if !v.Given() {
		return
	}
	p.Queue = v.OneOf(approvals.QueueAuto, approvals.QueueAsk)
	if p.Queue == approvals.QueueAsk && p.Auto {
		v.Wrong(v.At, "queue: ask asks those who said yes, and approve: auto asks nobody; leave it out, or give the policy steps")
	}
}
