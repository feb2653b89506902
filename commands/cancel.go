package commands

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/usherbot/usher/approvals"
)

var cancelGuide = guide{
	name: "cancel", usage: "N",
	does:     "cancels a request of yours that's still waiting",
	examples: []string{"/access cancel 12"},
}

// cancel takes back one's own pending request; without a number it lists them.
type cancel struct{ number int64 }

func (l *line) cancel() (Command, *Reply) {
	n, answer := l.requestNumber()
	if answer != nil {
		return nil, answer
	}
	return cancel{n}, nil
}

func (c cancel) Keeps() bool   { return true }
func (c cancel) Typed() string { return numbered("cancel", c.number) }

func (c cancel) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	if c.number == 0 {
		return h.whichToCancel(ctx, call.User)
	}
	r, err := h.Desk.Cancel(ctx, c.number, approvals.Actor(call.User), surface, now)
	if err != nil {
		return Reply{}, err
	}
	if r.Bundled() {
		return Reply{
			Head:  approvals.Sayf("All of “%v” that hadn't begun is canceled, with *#%v*: %v. Nobody needs to decide it any more.", r.Together.Name, r.Number, about(h.Heard(ctx, call.User, r))),
			Lines: []approvals.Text{approvals.Sayf("Its card says so too. You can ask again any time.")},
		}, nil
	}
	return Reply{
		Head:  approvals.Sayf("Request *#%v* canceled: %v. Nobody needs to decide it any more.", r.Number, about(h.Heard(ctx, call.User, r))),
		Lines: []approvals.Text{approvals.Sayf("Its card says so too. You can ask again any time.")},
	}, nil
}

func (h *House) whichToCancel(ctx context.Context, id approvals.PersonID) (Reply, error) {
	mine, err := h.Desk.Every(ctx, approvals.Filter{Of: id})
	if err != nil {
		return Reply{}, err
	}
	mine = slices.DeleteFunc(mine, func(r approvals.Request) bool { return r.State != approvals.Pending && r.Lined() == nil && !r.OnHold() })
	if len(mine) == 0 {
		return Reply{Head: approvals.Sayf("None of your requests is waiting, so there's nothing to cancel.")}, nil
	}
	return Reply{
		Head:     approvals.Sayf("Which one? You have %v waiting:", plural(len(mine), "request", "requests")),
		Lines:    requestLines(mine, h.heard(ctx, id)),
		Examples: []string{command("cancel", strconv.FormatInt(mine[0].Number, 10))},
	}, nil
}
