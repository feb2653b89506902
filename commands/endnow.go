package commands

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

var endGuide = guide{
	name: "end", usage: "N",
	does:     "ends something that was given for a time, now (who has it or asked for it, their manager, admins)",
	examples: []string{"/access end 12"},
	notes:    []approvals.Text{approvals.Sayf("I remove only what that request gave. Whatever was there before stays.")},
}

// end ends now what a request gave for a time; without a number it lists one's own that are to end.
type end struct{ number int64 }

func (l *line) end() (Command, *Reply) {
	n, answer := l.requestNumber()
	if answer != nil {
		return nil, answer
	}
	return end{n}, nil
}

func (c end) Keeps() bool   { return true }
func (c end) Typed() string { return numbered("end", c.number) }

func (c end) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	if c.number == 0 {
		return h.whichEnds(ctx, call.User, "end")
	}
	r, err := h.Desk.EndNow(ctx, c.number, approvals.Actor(call.User), surface, now)
	if err != nil {
		return Reply{}, err
	}
	r = h.endedFor(ctx, call.User, r)
	hears := approvals.Sayf("I'll message you")
	if r.Requester != call.User {
		hears = approvals.Sayf("%v hears", r.HearsOf())
	}
	if r.Manual() {
		return Reply{Head: approvals.Sayf("What *#%v* gave is somebody's task to remove now: %v.", r.Number, about(r)), Lines: []approvals.Text{approvals.Sayf("%v once it's gone.", hears)}}, nil
	}
	return Reply{
		Head:  approvals.Sayf("I'm removing what *#%v* gave: %v.", r.Number, about(r)),
		Lines: []approvals.Text{approvals.Sayf("Whatever was there before stays. %v once it's gone.", hears)},
	}, nil
}

// endedFor is a request as somebody may see it who ends it: an admin as it is, everybody else as it was put.
func (h *House) endedFor(ctx context.Context, id approvals.PersonID, r approvals.Request) approvals.Request {
	switch {
	case r.Requester == id:
		return h.Heard(ctx, id, r)
	case h.Desk.Admin(ctx, id) == approvals.May:
		return r
	}
	return r.HeardBlind()
}

// whichEnds lists what somebody asked for or has that ends by itself, for a verb that lacks its number and what follows it.
func (h *House) whichEnds(ctx context.Context, id approvals.PersonID, verb string, more ...string) (Reply, error) {
	mine, err := h.endsFor(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	if len(mine) == 0 {
		return Reply{Head: approvals.Sayf("Nothing that you have or asked for ends by itself, so there's nothing to %v.", verb)}, nil
	}
	return Reply{
		Head:     approvals.Sayf("Which one? You have %v that %v:", plural(len(mine), "thing", "things"), map[bool]string{true: "ends", false: "end"}[len(mine) == 1]),
		Lines:    requestLines(mine, func(r approvals.Request) approvals.Request { return h.endedFor(ctx, id, r) }),
		Examples: []string{command(append([]string{verb, numberText(mine[0].Number)}, more...)...)},
	}, nil
}

// endsFor is what somebody asked for, or has, that is to end, newest first.
func (h *House) endsFor(ctx context.Context, id approvals.PersonID) ([]approvals.Request, error) {
	asked, err := h.Desk.Every(ctx, approvals.Filter{Of: id})
	if err != nil {
		return nil, err
	}
	had, err := h.Desk.Every(ctx, approvals.Filter{For: id})
	if err != nil {
		return nil, err
	}
	mine := asked
	for _, r := range had {
		if r.Requester != id {
			mine = append(mine, r)
		}
	}
	return slices.DeleteFunc(mine, func(r approvals.Request) bool { return !r.Lent() }), nil
}
