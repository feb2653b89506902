package commands

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

var pendingGuide = guide{
	name:     "pending",
	of:       approvers,
	does:     "shows what's waiting for you to decide",
	examples: []string{"/access pending"},
}

// pending lists what waits for the person's decision, what expires first on top.
type pending struct{}

func (l *line) pending() (Command, *Reply) {
	if answer := l.nothingElse(l.words, "/access pending"); answer != nil {
		return nil, answer
	}
	return pending{}, nil
}

func (c pending) Keeps() bool   { return false }
func (c pending) Typed() string { return command("pending") }

func (c pending) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	list, unknown, err := h.Desk.WaitingFor(ctx, approvals.Actor(call.User), now)
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{Head: approvals.Sayf("There's nothing for you to decide right now.")}
	if len(list) > 0 {
		reply.Head = approvals.Sayf("%v for you:", plural(len(list), "request is waiting", "requests are waiting"))
	}
	slices.SortStableFunc(list, func(a, b approvals.Request) int {
		return cmp.Or(a.Expires.Compare(b.Expires), cmp.Compare(a.Number, b.Number))
	})
	reply.Waiting = list
	if len(list) > 0 && h.Cards != "" {
		reply.Lines = append(reply.Lines, approvals.Sayf("Their cards are in %v.", h.Cards))
	}
	if unknown > 0 {
		if len(list) == 0 {
			reply.Head = approvals.Sayf("I can't tell just now what's waiting for you to decide.")
		}
		reply.Lines = append(reply.Lines, approvals.Sayf("I couldn't check with Slack whether you can decide %v. Please look again in a minute.", plural(unknown, "request", "requests")))
	}
	return reply, nil
}
