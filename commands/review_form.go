package commands

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reviews"
)

// Reviewer is a command that is a form which asks which app is to be reviewed: where it can't be opened, Run is the answer.
type Reviewer interface {
	Command
	// Due is how long it's to take, as it was typed; "": as long as usual.
	Due() string
}

// reviewForm opens the form that asks which app is to be reviewed.
type reviewForm struct {
	guide guide
	apps  []approvals.App
	due   string
}

// Keeps implements Command.
func (reviewForm) Keeps() bool { return false }

// Typed implements Command.
func (c reviewForm) Typed() string { return reviewing{due: c.due}.Typed() }

// Due implements Reviewer.
func (c reviewForm) Due() string { return c.due }

func (c reviewForm) run(context.Context, *House, Call, time.Time) (Reply, error) {
	var lines []string
	for _, a := range c.apps {
		lines = append(lines, reviewing{a.ID, c.due}.Typed())
	}
	return *choose(c.guide, lines, approvals.Sayf("Which app should be reviewed?")), nil
}

// Reviewable are the apps that somebody may have reviewed, or why there are none.
func (h *House) Reviewable(ctx context.Context, id approvals.PersonID) (out []approvals.App, err error) {
	unsure := false
	for _, a := range h.speech().apps {
		switch _, err := h.mayReview(ctx, id, a.ID); approvals.CodeOf(err) {
		case "":
			out = append(out, a)
		case approvals.CannotTell:
			unsure = true
		case approvals.Unavailable:
			return nil, err
		}
	}
	switch {
	case len(out) > 0:
		return out, nil
	case unsure:
		return nil, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack just now what you look after, so nothing was started. Please try again in a minute.")
	}
	return nil, approvals.Refuse(approvals.NotAllowed, "Only admins and an app's owners can have it reviewed, and you own none here.")
}

// BeginReview begins a review as a form says. What's wrong with how long it's to take has the code Invalid.
func (h *House) BeginReview(ctx context.Context, app, due string, call Call, now time.Time) (Reply, error) {
	c := reviewing{app: app, due: strings.TrimSpace(due)}
	if d, ok := c.lasts(); !ok || d < reviews.Shortest || d > reviews.Longest {
		return Reply{}, approvals.Refuse(approvals.Invalid, "Write between 1 and 90 days, as in 14d or 2w.")
	}
	return c.run(ctx, h, call, now)
}
