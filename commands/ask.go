package commands

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// surface is what the audit says requests and cancellations of this package came through.
const surface = "slack"

// lookFor bounds what is looked up of people while somebody waits for an answer: a slash command must be on disk
// within three seconds. Vendors are not asked meanwhile.
const lookFor = 2 * time.Second

// wish is what a command has found to be asked.
type wish struct {
	app    approvals.App
	action approvals.Action
	change approvals.Change
	said   approvals.Said
	reason string
	term   *approvals.Term
	notes  []approvals.Text
	// there says that whoever asks got it before, where that is all they may know; nil: they didn't.
	there approvals.Text
	// seats and look are what is remembered of the vendor.
	seats approvals.SeatCount
	look  *approvals.Look
	// needs is as in asking.
	needs int
}

// wisher is a verb that asks. wish finds out what is asked, from what was typed, from Slack, and from what is
// remembered of vendors; it waits for none of these and changes nothing. Only who sees what vendors hold is
// answered from that: everybody else's wish is taken down in their words.
type wisher interface {
	wish(ctx context.Context, h *House, sees bool) (wish, error)
}

// ask puts a wish on the table. The order matters. A redelivery of the same envelope is noticed first, so that
// its answer does not depend on what has happened since; the Desk notices it once more, inside its transaction.
// Then who asks: who may not is told only that. Then whether they may read what vendors hold, which decides what
// the wish may be answered with; where that cannot be found out, they may not.
func (h *House) ask(ctx context.Context, c Call, w wisher, now time.Time) (Reply, error) {
	switch r, known, err := h.asked(ctx, c); {
	case err != nil:
		return Reply{}, err
	case known:
		return onTheTable(h.heard(ctx, c.User)(r), nil), nil
	}
	want, err := h.wished(ctx, w, c.User)
	if err != nil {
		return Reply{}, err
	}
	r, _, err := h.Desk.Open(ctx, approvals.Ask{
		Origin:    approvals.Origin{Key: c.Key, Team: c.Team, Channel: c.Channel, Surface: surface},
		Requester: c.User, App: want.app, Action: want.action, Change: want.change,
		Reason: want.reason, Term: want.term, Seats: want.seats, Said: &want.said, Look: want.look,
	}, now)
	if err != nil {
		return Reply{}, longer(w, err)
	}
	reply := onTheTable(r, want.notes)
	if c, ok := w.(asking); ok && want.there != nil {
		reply.Form, reply.Offer = h.nextBestOf([]asking{c})
	}
	return reply, nil
}

func (h *House) wished(ctx context.Context, w wisher, by approvals.PersonID) (wish, error) {
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	if err := h.Desk.MayAskPeople(ctx, by); err != nil {
		return wish{}, err
	}
	sees := h.approver(ctx, by) == approvals.May
	want, err := w.wish(ctx, h, sees)
	want.said.Blind = !sees
	if c, ok := w.(asking); ok && err == nil {
		want.term, err = h.term(ctx, c.long, by)
		if err == nil && !sees {
			one := []wish{want}
			err = h.already(ctx, by, []asking{c}, one)
			want = one[0]
		}
		if want.there != nil {
			want.notes = append(want.notes, want.there)
		}
	}
	return want, err
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
	r = r.Heard()
	if r.InLine() {
		return Reply{Head: approvals.Sayf("Request *#%v* sent: %v.", r.Number, about(r)), Asked: &r, Lines: append(slices.Clone(notes),
			approvals.Sayf("The policy “%v” approves this by itself, but no seat is free right now: it's %v in line. %v", r.Rule.Policy, approvals.Ordinal(r.Line.Place), r.Lining()))}
	}
	if r.State == approvals.Approved && r.Rule.Auto {
		return Reply{Head: approvals.Sayf("Request *#%v* sent: %v.", r.Number, about(r)), Asked: &r, Lines: append(slices.Clone(notes),
			approvals.Sayf("The policy “%v” approves this by itself, so I'm setting it up now. I'll message you.", r.Rule.Policy))}
	}
	if r.State != approvals.Pending {
		return Reply{Request: &r}
	}
	next := whoDecides(r)
	if missing := r.Managed().Missing(); len(missing) > 0 {
		next = approvals.Sayf("%v %v", missing, next)
	}
	return Reply{Head: approvals.Sayf("Request *#%v* sent: %v.", r.Number, about(r)), Asked: &r, Lines: append(slices.Clone(notes),
		approvals.Sayf("%v I'll message you.", next),
		approvals.Sayf("Changed your mind? `/access cancel %v`", r.Number))}
}

// whoDecides says who decides a request, and until when.
func whoDecides(r approvals.Request) approvals.Text {
	switch {
	case r.Rule.Open:
		return approvals.Sayf("Who decides depends on what I'm still reading in %v; its card will say so in a moment.", r.App.Name)
	case r.Rule.Auto:
		return approvals.Sayf("The policy “%v” approves this by itself, as soon as I've checked it in %v.", r.Rule.Policy, r.App.Name)
	case r.Several():
		return inSteps(r)
	case r.Rule.Need > 1:
		return approvals.Sayf("%v can approve it until %v; %v of them must say yes.", r.Deciders().Capital(), r.Expires, r.Rule.Need)
	}
	return approvals.Sayf("%v can approve it until %v.", r.Deciders().Capital(), r.Expires)
}

// inSteps says who decides a request one after another, and until when.
func inSteps(r approvals.Request) approvals.Text {
	var who []approvals.Text
	for i := range r.Rule.Stages() {
		stage := r.EligibleOn(i)
		one := stage.Text()
		if stage.Need > 1 {
			one = approvals.Sayf("%v of %v", stage.Need, one)
		}
		who = append(who, one)
	}
	return approvals.Sayf("It takes %v steps, until %v: first %v.", len(who), r.Expires, approvals.Join(who, ", then "))
}

// about is what a request is about, as part of a sentence.
func about(r approvals.Request) approvals.Text {
	if r.Extends != nil {
		return approvals.Sayf("%v for #%v, %v", r.More(), r.Extends.Of, about(r.Given()))
	}
	return approvals.Fill(r.Says().About, func(place string) any {
		switch place {
		case catalog.PlaceApp:
			return r.App.Name
		case catalog.PlaceWho:
			return r.Change.Whom()
		case "verb":
			return string(r.Action)
		}
		v, _ := r.Change.Values.Get(strings.TrimRight(place, "+*"))
		if said := r.Spoken(v.Key); said != "" {
			return said
		}
		f, _ := r.Form().Field(v.Key)
		return namesText(v, f.Noun)
	})
}

// namesText names up to two resources and counts the rest.
func namesText(v catalog.Value, noun catalog.Noun) approvals.Text {
	names := v.Names()
	switch len(names) {
	case 0:
		return approvals.Sayf("no %v", noun.One)
	case 1:
		return approvals.Sayf("%v", short(names[0]))
	case 2:
		return approvals.Sayf("%v and %v", short(names[0]), short(names[1]))
	}
	return approvals.Sayf("%v, %v and %v more", short(names[0]), short(names[1]), len(names)-2)
}
