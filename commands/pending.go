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
	does:     "shows what waits for your decision",
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
	reply := Reply{Head: approvals.Sayf("Nothing waits for your decision.")}
	if len(list) > 0 {
		reply.Head = approvals.Sayf("%v for your decision:", plural(len(list), "request waits", "requests wait"))
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
			reply.Head = approvals.Sayf("I cannot tell just now what waits for your decision.")
		}
		reply.Lines = append(reply.Lines, approvals.Sayf("About %v I could not check with Slack whether it is yours to decide. Please look again in a minute.", plural(unknown, "request", "requests")))
	}
	return reply, nil
}
