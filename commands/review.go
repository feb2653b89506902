package commands

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
)

// Reviews keeps that there is to be a review; *reviews.Reviews does. An error for people to read is an *approvals.Error.
type Reviews interface {
	Begin(ctx context.Context, o reviews.Order, now time.Time) (r reviews.Review, known bool, err error)
	// Live are those that aren't over.
	Live(ctx context.Context) ([]reviews.Review, error)
}

// reviewGuide is the help of reviews.
func (s speech) reviewGuide() guide {
	g := guide{
		name: "review", usage: "app=ID [due=14d]", options: []string{"app", "due"},
		does: "asks each manager whether their people still need what they have in an app, and its owners about the rest (admins, and the app's owners)",
		notes: []approvals.Text{
			approvals.Sayf("Each of them gets one message from me, with *Keep* and *Take away…* for every account. Taking away sends a removal request, so nothing goes without its approval."),
			approvals.Sayf("Without `app=` a form asks which one."),
			approvals.Sayf("`due=` is how long they have, between 1 and 90 days; it's 14 where you leave it out. I remind them, and what nobody answers goes to the owners and the admins."),
		},
		examples: []string{"/access review app=ID"},
	}
	if len(s.apps) > 0 {
		g.examples = []string{reviewing{app: s.apps[0].ID}.Typed(), reviewing{app: s.apps[0].ID, due: "30d"}.Typed()}
	}
	return g
}

// reviewing begins a review of an app.
type reviewing struct {
	app string
	due string // as it was typed; "": as long as usual
}

func (l *line) reviews() (Command, *Reply) {
	c, words := reviewing{app: l.options["app"], due: l.options["due"]}, l.words
	if c.app == "" && len(words) > 0 {
		c.app, words = write(words), nil
	}
	if answer := l.nothingElse(words, c.Typed()); answer != nil {
		return nil, answer
	}
	apps := l.speech.apps
	switch app, known := l.speech.named(c.app); {
	case len(apps) == 0:
		return appless{}, nil
	case c.app == "" && len(apps) == 1:
		c.app = apps[0].ID
	case c.app == "":
		return reviewForm{l.guide, apps, c.due}, nil
	case !known:
		answer := l.speech.unknownApp(c.app, func(guess string) string { return reviewing{guess, c.due}.Typed() })
		return nil, &answer
	default:
		c.app = app.ID
	}
	if d, ok := c.lasts(); !ok || d < reviews.Shortest || d > reviews.Longest {
		return nil, correct(l.guide, reviewing{c.app, "14d"}.Typed(), approvals.Sayf("I can't take “%v” as the time for a review. Write between 1 and 90 days, as in `due=14d` or `due=2w`.", short(c.due)))
	}
	return c, nil
}

// lasts is how long those who are asked have; false: that can't be read.
func (c reviewing) lasts() (time.Duration, bool) {
	if c.due == "" {
		return reviews.Usually, true
	}
	return span(c.due)
}

// Keeps implements Command.
func (reviewing) Keeps() bool { return true }

// Typed implements Command.
func (c reviewing) Typed() string {
	due := ""
	if c.due != "" {
		due = "due=" + quotedValue(c.due)
	}
	return command("review", appTyped(c.app), due)
}

func (c reviewing) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	app, err := h.mayReview(ctx, call.User, c.app)
	if err != nil {
		return Reply{}, err
	}
	d, _ := c.lasts()
	r, _, err := h.Reviews.Begin(ctx, reviews.Order{App: app, By: call.User, For: d, Key: call.Key, Surface: surface}, now)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Head: approvals.Sayf("*Review #%v of %v* begins: I'm reading who has what, and then ask their managers and the owners, until %v.", r.Number, app.Name, r.Due),
		Lines: []approvals.Text{approvals.Sayf("I'll message you who was asked, and keep that message up to date.")}}, nil
}

// mayReview is the app that somebody may have reviewed, or why not: it is for admins and its owners.
func (h *House) mayReview(ctx context.Context, id approvals.PersonID, app string) (approvals.App, error) {
	a, ok := h.speech().named(app)
	switch {
	case !ok:
		return a, approvals.Refuse(approvals.NotFound, "I don't look after “%v” any more, so there's nothing to review.", short(app))
	case h.Reviews == nil:
		return a, approvals.Refuse(approvals.Unavailable, "Who has what isn't kept here, so I can't review it.")
	}
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	switch h.looksAfter(ctx, id, a) {
	case approvals.MayNot:
		return a, approvals.Refuse(approvals.NotAllowed, "Only admins and the owners of %v can have it reviewed.", a.Name)
	case approvals.CouldNotTell:
		return a, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack just now whether you look after %v, so nothing was started. Please try again in a minute.", a.Name)
	}
	return a, nil
}

// Remove implements reviews.Remover: it asks that an account be taken away, as its reviewer would by a typed line. Where somebody has
// asked for that already it is their request.
func (h *House) Remove(ctx context.Context, r reviews.Removal, now time.Time) (n int64, others bool, err error) {
	app, known := h.speech().named(r.App)
	if !known {
		return 0, false, approvals.Refuse(approvals.NotFound, "I don't look after “%v” any more, so I can't ask for that.", r.App)
	}
	m, can := register.Finding{App: app.ID, Email: r.Email}.Mends(app.Entry)
	m.Reason = "it was reviewed"
	cmd, _ := parse(h.speech(), strings.TrimPrefix(m.Typed(), "/access "))
	c, asks := cmd.(asking)
	if !can || !asks {
		return 0, false, approvals.Refuse(approvals.Unavailable, "%v has no request that takes an account away, so please ask one of its owners.", app.Name)
	}
	c.reason = cut(r.Reason, reasonLimit)
	_, err = h.ask(ctx, Call{User: r.By, Key: r.Key}, c, now)
	if s, stopped := errors.AsType[*stop](err); stopped {
		return 0, false, &approvals.Error{Code: approvals.Invalid, Say: s.reply.Head}
	}
	if e, refused := errors.AsType[*approvals.Error](err); refused && e.Stands.Number != 0 {
		return e.Stands.Number, true, nil
	}
	if err != nil {
		return 0, false, err
	}
	is, err := h.Desk.Asked(ctx, r.Key)
	return is.Number, false, err
}
