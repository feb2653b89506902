package commands

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
)

var statusGuide = guide{
	name: "status", usage: "[N]",
	does:     "shows one request, or all your open ones",
	examples: []string{"/access status", "/access status 12"},
}

// status shows one request, or the person's own.
type status struct{ number int64 }

func (l *line) status() (Command, *Reply) {
	n, answer := l.requestNumber()
	if answer != nil {
		return nil, answer
	}
	return status{n}, nil
}

func (c status) Keeps() bool   { return false }
func (c status) Typed() string { return numbered("status", c.number) }

func (c status) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	if c.number != 0 {
		return h.statusOf(ctx, call.User, c.number, now)
	}
	open, err := h.Desk.Every(ctx, approvals.Filter{Of: call.User})
	if err != nil {
		return Reply{}, err
	}
	if len(open) > 0 {
		return Reply{Head: approvals.Sayf("You have %v:", plural(len(open), "open request", "open requests")), Lines: requestLines(open, h.heard(ctx, call.User))}, nil
	}
	return h.lately(ctx, call.User)
}

// statusOf shows one request to whoever it concerns.
func (h *House) statusOf(ctx context.Context, id approvals.PersonID, n int64, now time.Time) (Reply, error) {
	r, err := h.Desk.Request(ctx, n)
	if err != nil {
		return Reply{}, err
	}
	if r.Requester != id && !r.ToldOf(id) {
		switch h.ruling(ctx, id, r) {
		case approvals.MayNot:
			return Reply{}, approvals.Refuse(approvals.NotAllowed, "#%v isn't yours to see. `/access status` lists your own requests.", n)
		case approvals.CouldNotTell:
			return Reply{}, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack whether you can see #%v just now. Please try again in a minute.", n)
		}
	}
	if r.Requester == id {
		r = h.Heard(ctx, id, r)
	}
	if r.InLine() {
		if r.Line.Now, err = h.Desk.Place(ctx, r); err != nil {
			return Reply{}, err
		}
	}
	if r.Talk, err = h.Desk.TalkOf(ctx, r); err != nil {
		return Reply{}, err
	}
	reply := Reply{Request: &r, Why: true, Talk: r.Requester != id}
	if r.State == approvals.Pending && !r.Rule.Itself() {
		reply.Lines = append(reply.Lines, approvals.Sayf("Waiting for %v since %v.", r.Awaited(), r.Since()))
		if off := h.off(ctx, r, now); off != nil {
			reply.Lines = append(reply.Lines, off)
		}
	}
	switch {
	case r.Requester == id && (r.Lined() != nil || r.OnHold()):
		reply.Lines = append(reply.Lines, approvals.Sayf("Changed your mind? `/access cancel %v`", n))
	case r.State != approvals.Pending || r.Requester != id:
	case r.Rule.Itself():
		reply.Lines = append(reply.Lines, approvals.Sayf("Changed your mind? `/access cancel %v`", n))
	default:
		reply.Lines = append(reply.Lines, approvals.Sayf("Taking too long? `/access nudge %v` reminds them. Changed your mind? `/access cancel %v`", n, n))
	}
	return reply, nil
}

// lately is the answer to "status" when nothing is open.
func (h *House) lately(ctx context.Context, id approvals.PersonID) (Reply, error) {
	last, err := h.Desk.Requests(ctx, approvals.Filter{Of: id, All: true}, 5)
	if err != nil {
		return Reply{}, err
	}
	if len(last) == 0 {
		return Reply{Head: approvals.Sayf("You haven't asked for anything yet. Here's how:"), Examples: []string{h.speech().example()}}, nil
	}
	return Reply{
		Head:  approvals.Sayf("You have no open requests. Your latest:"),
		Lines: append(requestLines(last, h.heard(ctx, id)), approvals.Sayf("`/access help` shows how to ask for something new.")),
	}, nil
}

// requestLines is one line for each of somebody's own requests.
func requestLines(list []approvals.Request, heard func(approvals.Request) approvals.Request) []approvals.Text {
	var out []approvals.Text
	for _, r := range list {
		r = heard(r)
		line := approvals.Sayf("*#%v* · %v · %v · asked %v", r.Number, about(r), r.State, r.Asked)
		if r.State == approvals.Pending && !r.Rule.Itself() {
			line = approvals.Sayf("%v · waiting for %v", line, r.Awaited())
		}
		if lined := r.Lined(); lined != nil {
			line = approvals.Sayf("%v: %v", line, lined)
		}
		if r.State == approvals.Pending && !r.Rule.Itself() && !r.Since().Equal(r.Asked) {
			line = approvals.Sayf("%v since %v", line, r.Since())
		}
		if holding := r.Holding(); holding != nil {
			line = approvals.Sayf("%v: %v", line, holding)
		}
		if r.Working() {
			line = approvals.Sayf("%v · %v", line, r.Doing())
		}
		if r.Lent() {
			line = approvals.Sayf("%v · ends %v", line, r.EndsAt)
		}
		out = append(out, line)
	}
	return out
}

// plural is a number with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return approvals.Grouped(n) + " " + many
}
