package commands

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Submit asks for what a form says, by the commands behind typed lines, and answers as they do. What is wrong with the
// form is said in Mistakes, and nothing is asked then; the answer has the cards of what stands in the way, where anything does. An
// error is as that of Run, and none of the form's.
//
// A form is asked once, whatever it was changed to meanwhile: c.Key names it, and a form that was sent again is answered
// by the request that it opened before.
func (h *House) Submit(ctx context.Context, d Draft, c Call, now time.Time) (Reply, Mistakes, error) {
	switch r, known, err := h.asked(ctx, c); {
	case err != nil:
		return Reply{}, nil, err
	case known:
		reply, err := h.onTheTableAgain(ctx, c, r)
		return reply, nil, err
	}
	if err := h.mayAsk(ctx, c.User); err != nil {
		return Reply{}, nil, err
	}
	if d.Bundle != "" {
		return h.submitBundle(ctx, d, c, now)
	}
	if d.several() {
		return h.submitAll(ctx, d, c, now)
	}
	cmd, wrong := h.fill(d, c.User)
	if len(wrong) > 0 {
		return Reply{}, wrong, nil
	}
	return h.submitOne(ctx, cmd, c, now)
}

// submitOne asks for what a form says, once it was read.
func (h *House) submitOne(ctx context.Context, cmd asking, c Call, now time.Time) (Reply, Mistakes, error) {
	reply, err := h.ask(ctx, c, cmd, now)
	if place, say := mistaken(err); say != nil {
		return Reply{Cards: h.cardsOf(ctx, map[int]error{0: err})}, Mistakes{place: h.named(ctx, say)}, nil
	}
	return reply, nil, err
}

// named is a text in which people are called by their names: under a field nothing is a mention.
func (h *House) named(ctx context.Context, t approvals.Text) (out approvals.Text) {
	for _, span := range t {
		if span.Kind == approvals.SpanPerson {
			if who, err := h.Directory.Person(ctx, approvals.PersonID(span.S)); err == nil && who.Name != "" {
				span = approvals.Span{Kind: approvals.SpanText, S: who.Name}
			}
		}
		out = append(out, span)
	}
	return out
}

// mayAsk finds out in time whether somebody may ask.
func (h *House) mayAsk(ctx context.Context, who approvals.PersonID) error {
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	return h.Desk.MayAsk(ctx, who)
}

// mistaken is what a refusal says under a form, and where; no text: it is none of what was filled in.
func mistaken(err error) (Place, approvals.Text) {
	var p placed
	var s *stop
	var e *approvals.Error
	place, say := PlaceWhom, approvals.Text(nil)
	switch {
	case errors.As(err, &s):
		say = s.reply.Head
	case errors.As(err, &e) && ofTheForm(e.Code):
		say = e.Say
		if e.Code == approvals.NotAllowed { // a policy refuses it: who may not ask at all was told before
			place = PlaceAction
		}
	}
	if say != nil && errors.Is(err, approvals.ErrTerm) {
		place = PlaceLong
	}
	var m approvals.Misplaced
	if say != nil && errors.As(err, &m) && m.Field != "" {
		place = PlaceOf(m.Field)
	}
	if say != nil && errors.As(err, &p) {
		place = p.at
		if p.inForm != nil {
			say = p.inForm
		}
	}
	return place, say
}

// ofTheForm reports whether somebody can do something about a refusal by filling in the form otherwise.
func ofTheForm(c approvals.Code) bool {
	return slices.Contains([]approvals.Code{approvals.Invalid, approvals.Conflict, approvals.NotFound, approvals.NotAllowed}, c)
}
