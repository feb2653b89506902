package commands

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// surface is what the audit says requests and cancellations of this package came through.
const surface = "slack"

// lookFor bounds what is looked up of people and vendors while somebody waits for an answer: a slash command
// must be on disk within three seconds.
const lookFor = 2 * time.Second

// wish is what one of the five asking verbs has found to be asked.
type wish struct {
	app    approvals.App
	action approvals.Action
	change approvals.Change
	seats  approvals.SeatCount
	reason string
	notes  []approvals.Text
}

// wisher is a verb that asks. wish reads what it must to know what is asked by somebody, and changes nothing.
type wisher interface {
	wish(ctx context.Context, h *House, by approvals.PersonID) (wish, error)
}

// ask puts a wish on the table. A redelivery of the same envelope is noticed before anything is
// looked up, so that its answer does not depend on what has happened since; the Desk notices it
// once more, inside its transaction.
func (h *House) ask(ctx context.Context, c Call, w wisher, now time.Time) (Reply, error) {
	switch r, known, err := h.asked(ctx, c); {
	case err != nil:
		return Reply{}, err
	case known:
		return onTheTable(r, nil), nil
	}
	want, err := h.wished(ctx, w, c.User)
	if err != nil {
		return Reply{}, err
	}
	r, _, err := h.Desk.Open(ctx, approvals.Ask{
		Origin:    approvals.Origin{Key: c.Key, Team: c.Team, Channel: c.Channel, Surface: surface},
		Requester: c.User, App: want.app, Action: want.action, Change: want.change,
		Reason: want.reason, Seats: want.seats,
	}, now)
	if err != nil {
		return Reply{}, err
	}
	return onTheTable(r, want.notes), nil
}

func (h *House) wished(ctx context.Context, w wisher, by approvals.PersonID) (wish, error) {
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	return w.wish(ctx, h, by)
}

// asked finds the request that an earlier delivery of the same envelope opened.
func (h *House) asked(ctx context.Context, c Call) (approvals.Request, bool, error) {
	if c.Key == "" {
		return approvals.Request{}, false, nil
	}
	r, err := h.Desk.Asked(ctx, c.Key)
	if errors.Is(err, approvals.ErrNoRequest) {
		return approvals.Request{}, false, nil
	}
	return r, err == nil && r.Requester == c.User, err
}

// onTheTable says of a request that was just asked who decides and what happens next. What was
// understood is shown above it (Reply.Asked).
func onTheTable(r approvals.Request, notes []approvals.Text) Reply {
	if r.State != approvals.Pending {
		return Reply{Request: &r}
	}
	next := approvals.Sayf("It is for %v to decide, until %v.", r.Deciders(), r.Expires)
	if r.Rule.Need > 1 {
		next = approvals.Sayf("It is for %v to decide, until %v; %v of them must say yes.", r.Deciders(), r.Expires, r.Rule.Need)
	}
	return Reply{Head: approvals.Sayf("*#%v* is asked: %v.", r.Number, about(r)), Asked: &r, Lines: append(slices.Clone(notes),
		approvals.Sayf("%v I tell you by direct message what comes of it.", next),
		approvals.Sayf("`/access cancel %v` takes it back.", r.Number))}
}

// about is what a request is about, as part of a sentence.
func about(r approvals.Request) approvals.Text {
	c := r.Change
	switch r.Action {
	case approvals.Create:
		return approvals.Sayf("a seat in %v for %v", r.App.Name, c.Email)
	case approvals.Share:
		return approvals.Sayf("%v shared with %v", sitesText(c.Sites), c.Email)
	case approvals.Unshare:
		return approvals.Sayf("%v no longer shared with %v", sitesText(c.Sites), c.Email)
	case approvals.Update:
		return approvals.Sayf("other permissions or limits for %v", c.Email)
	case approvals.Delete:
		return approvals.Sayf("%v removed from %v", c.Email, r.App.Name)
	}
	return approvals.Sayf("%v for %v", r.Action, c.Email)
}

// sitesText names up to two websites and counts the rest.
func sitesText(sites []approvals.Site) approvals.Text {
	switch len(sites) {
	case 0:
		return approvals.Sayf("no website")
	case 1:
		return approvals.Sayf("%v", sites[0].Short())
	case 2:
		return approvals.Sayf("%v and %v", sites[0].Short(), sites[1].Short())
	}
	return approvals.Sayf("%v, %v and %v more", sites[0].Short(), sites[1].Short(), len(sites)-2)
}
