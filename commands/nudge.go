package commands

import (
	"context"
	"strconv"
	"time"

	"github.com/usherbot/usher/approvals"
)

var nudgeGuide = guide{
	name: "nudge", usage: "N",
	does:     "reminds whoever a request of yours is waiting for, once a day",
	examples: []string{"/access nudge 12"},
}

// nudge reminds those whom a request waits for; without a number it lists one's own that wait.
type nudge struct{ number int64 }

func (l *line) nudge() (Command, *Reply) {
	n, answer := l.requestNumber()
	if answer != nil {
		return nil, answer
	}
	return nudge{n}, nil
}

func (c nudge) Keeps() bool   { return true }
func (c nudge) Typed() string { return numbered("nudge", c.number) }

func (c nudge) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	if c.number == 0 {
		return h.whichToNudge(ctx, call.User)
	}
	r, err := h.Desk.Nudge(ctx, c.number, approvals.Actor(call.User), surface, now)
	if err != nil {
		return Reply{}, err
	}
	r = h.seenBy(ctx, call.User, r)
	return Reply{
		Head:  approvals.Sayf("I'm reminding %v about *#%v*: %v.", approvals.NudgedText(r.Awaits()), r.Number, about(r)),
		Lines: []approvals.Text{approvals.Sayf("It's been waiting since %v. You can send the next reminder from %v on.", r.Since(), r.MayNudgeAt())},
	}, nil
}

// seenBy is a request as somebody may see it: their own as they asked it, any other as an admin does. Whom it waits for is
// part of that: who is left out because it is for them would say whose an address is.
func (h *House) seenBy(ctx context.Context, id approvals.PersonID, r approvals.Request) approvals.Request {
	if r.Requester == id {
		return h.Heard(ctx, id, r)
	}
	return r
}

func (h *House) whichToNudge(ctx context.Context, id approvals.PersonID) (Reply, error) {
	mine, err := h.Desk.Every(ctx, approvals.Filter{Of: id, State: approvals.Pending})
	if err != nil {
		return Reply{}, err
	}
	if len(mine) == 0 {
		return Reply{Head: approvals.Sayf("None of your requests is waiting, so there's nobody to remind.")}, nil
	}
	return Reply{
		Head:     approvals.Sayf("Which one? You have %v waiting:", plural(len(mine), "request", "requests")),
		Lines:    requestLines(mine, h.heard(ctx, id)),
		Examples: []string{command("nudge", strconv.FormatInt(mine[0].Number, 10))},
	}, nil
}
