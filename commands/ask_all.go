package commands

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// askAll puts several wishes of one line or form on the table, all or none, in the order in which ask does it with one.
// What stands against any of them is said of each at once, and the line without those is offered.
func (h *House) askAll(ctx context.Context, c Call, t together, now time.Time) (Reply, error) {
	reply, not, err := h.putAll(ctx, c, t, now)
	if err == nil && len(not) > 0 {
		no := t.refused(not)
		no.Cards = reply.Cards
		return no, nil
	}
	return reply, err
}

// putAll is askAll, with what stands against some of them by their places; the answer has then the cards of what does.
func (h *House) putAll(ctx context.Context, c Call, t together, now time.Time) (reply Reply, not map[int]approvals.Text, err error) {
	switch r, known, err := h.asked(ctx, c); {
	case err != nil:
		return Reply{}, nil, err
	case known:
		reply, err = h.onTheTableAgain(ctx, c, r)
		return reply, nil, err
	}
	want, not, err := h.wishedAll(ctx, t.each, c.User)
	if err != nil || len(not) > 0 {
		return Reply{}, not, err
	}
	list, _, err := h.Desk.OpenBundle(ctx, t.of, asksOf(c, want), now)
	if err == nil {
		reply = t.onTheTable(list, t.onceMore(list, want))
		reply.Form, reply.Offer = h.nextBestOf(t.hadAll(want))
		return reply, nil, nil
	}
	no, some := errors.AsType[*approvals.NotAll](err)
	if !some {
		return Reply{}, nil, err
	}
	foreseen := map[int]error{}
	for i, e := range no.Each {
		not[i], foreseen[i] = e.Say, e
	}
	return Reply{Cards: h.cardsOf(ctx, foreseen)}, not, nil
}

// cardsOf lead to the requests that stand in the way of some of several, each once, in the order in which these were asked. A link that isn't
// known is left out: what stands in the way says its number.
func (h *House) cardsOf(ctx context.Context, against map[int]error) (cards []Card) {
	for _, i := range slices.Sorted(maps.Keys(against)) {
		var e *approvals.Error
		h.linked(ctx, against[i])
		if errors.As(against[i], &e) && e.Link != "" && !slices.ContainsFunc(cards, func(c Card) bool { return c.Number == e.Stands.Number }) {
			cards = append(cards, Card{e.Stands.Number, e.Link})
		}
	}
	return cards
}

// mostWarnings is how many of several are warned of by name in a form.
const mostWarnings = 8

// warnOfAll is warn of a form for several people: what would be said of each if it were sent as it is by now.
func (h *House) warnOfAll(ctx context.Context, by approvals.PersonID, s *Sheet, now time.Time) (notes []approvals.Text) {
	t, wrong := h.fillAll(s.Draft, by)
	delete(wrong, PlaceReason)
	if len(wrong) > 0 || len(t.each) == 0 {
		return nil
	}
	against, there := h.foreseeAll(ctx, t, by, now)
	var had []asking
	for i, one := range t.each {
		_, say := mistaken(against[i])
		switch {
		case say != nil:
			notes = append(notes, approvals.Sayf("%v: %v", t.naming(one), say))
		case there[i] != nil:
			had, notes = append(had, one), append(notes, approvals.Sayf("%v %v", t.hadOf(one, there[i]), h.leaving(one)))
		}
	}
	if len(had) == len(t.each) { // the form turns into that one, and nobody is left out of it
		s.Instead, s.Offer = h.nextBestOf(had)
	}
	s.Cards = h.cardsOf(ctx, against)
	return notes[:min(len(notes), mostWarnings)]
}

// onTheTableAgain answers a redelivery of an envelope by what it opened before.
func (h *House) onTheTableAgain(ctx context.Context, c Call, r approvals.Request) (Reply, error) {
	list, err := h.Desk.Besides(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	heard := h.heard(ctx, c.User)
	for i, r := range list {
		list[i] = heard(r)
	}
	switch {
	case r.Bundled():
		return bundleOnTheTable(list, nil), nil
	case len(list) == 1:
		return onTheTable(list[0], nil), nil
	}
	return allOnTheTable(list, nil), nil
}

// wishedAll finds out what is asked for each, in the time there is for all; not is what stands against some of them.
func (h *House) wishedAll(ctx context.Context, each []asking, by approvals.PersonID) (want []wish, not map[int]approvals.Text, err error) {
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	if err := h.Desk.MayAskPeople(ctx, by); err != nil {
		return nil, nil, err
	}
	sees := h.approver(ctx, by) == approvals.May
	not = map[int]approvals.Text{}
	for i, c := range each {
		w, err := c.wish(ctx, h, sees)
		if err == nil {
			w.term, err = h.term(ctx, c.long, by)
		}
		say, ofThis := said(err)
		switch {
		case err != nil && !ofThis:
			return nil, nil, err
		case err != nil:
			not[i] = say
		}
		w.said.Blind, w.needs = !sees, c.needs
		want = append(want, w)
	}
	if !sees {
		err = h.already(ctx, by, each, want)
	}
	return want, not, err
}

// said is what an error says of one of several wishes; false: it is not about this one alone.
func said(err error) (approvals.Text, bool) {
	var s *stop
	var e *approvals.Error
	switch {
	case errors.As(err, &s):
		return s.reply.Head, true
	case errors.As(err, &e) && e.Code != approvals.CannotTell && e.Code != approvals.Busy:
		return e.Say, true
	}
	return nil, false
}

func asksOf(c Call, want []wish) (asks []approvals.Ask) {
	for i := range want {
		w := &want[i]
		asks = append(asks, approvals.Ask{
			Origin:    approvals.Origin{Key: c.Key, Team: c.Team, Channel: c.Channel, Surface: surface},
			Requester: c.User, App: w.app, Action: w.action, Change: w.change,
			Reason: w.reason, Term: w.term, Seats: w.seats, Said: &w.said, Look: w.look, Needs: w.needs,
		})
	}
	return asks
}

func notesOf(want []wish) (notes []approvals.Text) {
	for _, w := range want {
		notes = append(notes, w.notes...)
	}
	return notes
}

// refused says what stands against some of several wishes, and offers the line without those.
func (c together) refused(not map[int]approvals.Text) Reply {
	reply := Reply{Head: approvals.Sayf("Nothing was sent: %v of the %v can't be asked for.", len(not), len(c.each))}
	rest := together{}
	for i, one := range c.each {
		if say, no := not[i]; no {
			reply.Lines = append(reply.Lines, approvals.Sayf("• %v: %v", c.naming(one), say))
			continue
		}
		rest.each = append(rest.each, one)
	}
	if len(rest.each) > 0 {
		reply.Lines = append(reply.Lines, approvals.Sayf("I ask for all of them or none. Without %v it goes like this:", map[bool]string{true: "that one", false: "those"}[len(not) == 1]))
		reply.Examples, reply.Form = []string{rest.Typed()}, rest.drafted()
		reply.Offer = "Ask for the rest"
	}
	return reply
}

// naming names one of several: with its resources where each has its own, because one account may be there more than once.
// What is in a bundle is all for one person, and named by what it does.
func (c together) naming(one asking) approvals.Text {
	if c.of.ID != "" {
		return approvals.Sayf("%v in %v", or(one.action.Label, string(one.action.Key)), one.app.Name)
	}
	f, own := c.own()
	if !own {
		return one.whom.named()
	}
	return approvals.Sayf("%v, %v", one.whom.named(), joined(one.names(f)))
}

// named names whom something is for in an answer.
func (w whom) named() approvals.Text {
	if w.person != "" {
		return approvals.Sayf("%v", w.person)
	}
	return approvals.Sayf("%v", w.email)
}

// onTheTable says what happens next with what was just asked in one go.
func (c together) onTheTable(list []approvals.Request, notes []approvals.Text) Reply {
	if c.of.ID != "" {
		return bundleOnTheTable(list, notes)
	}
	return allOnTheTable(list, notes)
}

// allOnTheTable says of requests that were just asked who decides and what happens next.
func allOnTheTable(list []approvals.Request, notes []approvals.Text) Reply {
	for i, r := range list {
		list[i] = r.Heard()
	}
	first, last := list[0], list[len(list)-1]
	reply := Reply{Head: approvals.Sayf("%v requests sent, *#%v* to *#%v*. They're on one card, and can be decided together or one by one.", len(list), first.Number, last.Number)}
	reply.Lines = append(eachOnTheTable(list, notes, ", so I'm setting it up now"), approvals.Sayf("I'll message you about each. Changed your mind about one? `/access cancel %v`", first.Number))
	return reply
}

// eachOnTheTable is a line for each of several that were just asked, and who decides them; then says what follows where a
// policy approves one by itself.
func eachOnTheTable(list []approvals.Request, notes []approvals.Text, then string) (lines []approvals.Text) {
	one := allAlike(list)
	for _, r := range list {
		line := approvals.Sayf("*#%v* · %v", r.Number, about(r))
		switch {
		case r.State != approvals.Pending && r.Rule.Auto:
			line = approvals.Sayf("%v · the policy “%v” approves this by itself%v", line, r.Rule.Policy, then)
		case r.State != approvals.Pending:
			line = approvals.Sayf("%v · %v", line, r.State)
		case !one:
			line = approvals.Sayf("%v · %v", line, whoDecides(r))
		}
		lines = append(lines, line)
	}
	lines = append(lines, notes...)
	if one {
		lines = append(lines, approvals.Sayf("For each: %v", whoDecides(list[0])))
	}
	return lines
}

// allAlike reports whether all wait for the same people.
func allAlike(list []approvals.Request) bool {
	for _, r := range list {
		if r.State != approvals.Pending || whoDecides(r).Plain() != whoDecides(list[0]).Plain() {
			return false
		}
	}
	return true
}
