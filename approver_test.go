package main

import (
	"context"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
)

// toApprover are those of somebody's direct messages that ask them to decide, or all others.
func toApprover(list []slacksim.Message, asking bool) []slacksim.Message {
	return slices.DeleteFunc(slices.Clone(list), func(m slacksim.Message) bool {
		return (outbox.Kind(keyOf(m)) == approvals.KindApprover) != asking
	})
}

// asking reports whether a message asks somebody to decide: one that every request owes to those who are named. It is
// held to what is so, as the card is.
func (k *talk) asking(m slacksim.Message) bool {
	if outbox.Kind(keyOf(m)) != approvals.KindApprover {
		return false
	}
	if r, err := k.app.Desk.Request(context.Background(), approvals.NumberOf(keyOf(m))); err == nil && r.Nonce == ofOf(m) {
		shows(k.t, view.ApproverCard(r), m, "what the approver has")
	}
	return true
}
