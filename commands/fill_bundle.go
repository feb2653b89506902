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

// The form asks for a bundle as its typed line does: it has what the items leave open, whom it is for, for how long and why.

// bundleOf is a bundle by its id; false: there is none.
func (s speech) bundleOf(id string) (approvals.Bundle, bool) {
	i := slices.IndexFunc(s.bundles, func(b approvals.Bundle) bool { return b.ID == id })
	if i < 0 {
		return approvals.Bundle{}, false
	}
	return s.bundles[i], true
}

// asOne is all of a bundle as one action without fields: it takes names, can be
// taken back, or is somebody's work, where one of its items does or is.
func (s speech) asOne(b approvals.Bundle) (one catalog.Action) {
	one.Label, one.Effect = b.Name, catalog.Gives
	for _, i := range b.Items {
		a, _ := s.appByID(i.App)
		form, _ := a.Entry.Action(i.Action)
		one.New, one.Named = one.New || form.New, one.Named || form.Named
		one.Steps = append(one.Steps, form.Steps...)
		if one.Undo == "" {
			one.Undo = form.Undo
		}
	}
	return one
}

// cautions are what people must know of the apps of a bundle, each once.
func (s speech) cautions(b approvals.Bundle) (says []approvals.Text) {
	known := map[string]bool{}
	for _, i := range b.Items {
		a, _ := s.appByID(i.App)
		if caution := a.Caution(); caution != nil && !known[a.ID] {
			known[a.ID], says = true, append(says, caution)
		}
	}
	return says
}

// chooseBundle finds the bundles that somebody can ask for, and settles on the one of the draft where it is one of these. It
// is for one person.
func (h *House) chooseBundle(ctx context.Context, by approvals.PersonID, s *Sheet) {
	speech := h.speech()
	for _, b := range speech.bundles {
		if !slices.ContainsFunc(b.Items, func(i approvals.BundleItem) bool { return !h.Desk.MayEver(ctx, by, i) }) {
			s.Bundles = append(s.Bundles, b)
		}
	}
	if s.Draft.Bundle == "" {
		return
	}
	i := slices.IndexFunc(s.Bundles, func(b approvals.Bundle) bool { return b.ID == s.Draft.Bundle })
	if i < 0 {
		say := approvals.Sayf("There's no bundle “%v” any more. Please pick again.", short(s.Draft.Bundle))
		if b, is := speech.bundleOf(s.Draft.Bundle); is {
			say = approvals.Sayf("You can't ask for “%v”: the policies refuse part of it. Please pick something else.", b.Name)
		}
		s.Draft.Bundle, s.Notes = "", append(s.Notes, say)
		return
	}
	s.Bundle = s.Bundles[i]
	s.Action, s.Contents = speech.asOne(s.Bundle), speech.does(s.Bundle)
	s.Notes = append(s.Notes, speech.cautions(s.Bundle)...)
	if s.Draft.For == ForSeveral {
		s.Draft.For = ForOutside
	}
	s.Draft.Persons, s.Draft.Names = nil, nil
}

// fillBundle is fill of a form for a bundle.
func (h *House) fillBundle(d Draft, by approvals.PersonID) (bundle, Mistakes) {
	s, wrong := h.speech(), Mistakes{}
	of, ok := s.bundleOf(d.Bundle)
	if !ok {
		return bundle{}, Mistakes{PlaceApp: approvals.Sayf("There's no bundle “%v” any more. Please pick again.", short(d.Bundle))}
	}
	if d.For != ForMe && d.For != ForColleague {
		d.For = ForOutside
	}
	c := asking{action: s.asOne(of)}
	l := filling{line: &line{speech: s, guide: s.bundleGuide()}, d: d.clone(), c: &c, wrong: wrong}
	l.whom(by)
	if c.action.Named {
		l.names()
	}
	if c.action.Undo != "" {
		l.long()
	}
	l.reason()
	cmd := bundle{of: of, whom: c.whom, first: c.first, last: c.last, long: c.long, reason: c.reason}
	cmd.together = l.itemsOf(cmd)
	return cmd, wrong
}

// submitBundle is Submit of a form for a bundle: all of it or nothing. What stands against some of its items is said at once,
// at how long where that is what stands against all of these.
func (h *House) submitBundle(ctx context.Context, d Draft, c Call, now time.Time) (Reply, Mistakes, error) {
	cmd, wrong := h.fillBundle(d, c.User)
	if len(wrong) > 0 {
		return Reply{}, wrong, nil
	}
	reply, not, err := h.putAll(ctx, c, cmd.together, now)
	if place, say := mistaken(err); say != nil {
		return Reply{}, Mistakes{place: h.named(ctx, say)}, nil
	}
	if len(not) == 0 {
		return reply, nil, err
	}
	place := PlaceLong
	foreseen, _ := h.foreseeAll(ctx, cmd.together, c.User, now)
	for i := range not {
		if !errors.Is(foreseen[i], approvals.ErrTerm) {
			place = PlaceWhom
		}
	}
	say := approvals.Sayf("“%v” goes together, and part of it can't be asked for. %v", cmd.of.Name, approvals.Join(cmd.against(not), " "))
	return Reply{Cards: reply.Cards}, Mistakes{place: h.named(ctx, say)}, nil
}

// against says of each item that something stands against what that is, and the same once.
func (c bundle) against(not map[int]approvals.Text) (lines []approvals.Text) {
	said := map[string]bool{}
	for i, one := range c.each {
		if say, no := not[i]; no && !said[say.Plain()] {
			said[say.Plain()] = true
			lines = append(lines, approvals.Sayf("%v: %v", c.naming(one), say))
		}
	}
	return lines
}

// foreseeAll is what stands against each of several wishes, and what was set up of them already, by their places.
func (h *House) foreseeAll(ctx context.Context, t together, by approvals.PersonID, now time.Time) (foreseen map[int]error, there map[int]approvals.Text) {
	want, not, err := h.wishedAll(ctx, t.each, by)
	if err != nil {
		return nil, nil
	}
	foreseen, there = map[int]error{}, map[int]approvals.Text{}
	for i, a := range asksOf(Call{User: by}, want) {
		if _, no := not[i]; !no {
			foreseen[i] = h.Desk.Foresee(ctx, a, now)
		}
	}
	for i, say := range not {
		foreseen[i] = &approvals.Error{Code: approvals.Conflict, Say: say}
	}
	for i, w := range want {
		there[i] = w.there
	}
	return foreseen, there
}

// warnOfBundle is warn of a bundle: what would be said of its items if it were sent as it is by now.
func (h *House) warnOfBundle(ctx context.Context, by approvals.PersonID, s *Sheet, now time.Time) []approvals.Text {
	c, wrong := h.fillBundle(s.Draft, by)
	if wrong[PlaceWhom] != nil || wrong[PlaceApp] != nil {
		return nil
	}
	if wrong[PlaceLong] != nil {
		for i := range c.each {
			c.each[i].long = lasting{}
		}
	}
	not := map[int]approvals.Text{}
	against, there := h.foreseeAll(ctx, c.together, by, now)
	s.Cards = h.cardsOf(ctx, against)
	for i, one := range c.each {
		if _, say := mistaken(against[i]); say != nil {
			not[i] = say
		} else if there[i] != nil {
			not[i] = c.hadOf(one, there[i])
		}
	}
	return c.against(not)
}

// lacking lets the form open in place of an answer that asks for what a line lacks, with what was understood filled in.
func (c bundle) lacking(answer *Reply) *Reply {
	d := (Draft{Bundle: c.of.ID, Person: c.whom.person, Email: c.whom.email, First: c.first, Last: c.last, Reason: c.reason}).clone()
	switch {
	case c.whom.person != "":
		d.For = ForColleague
	case c.whom.email != "":
		d.For = ForOutside
	}
	c.long.drafted(&d)
	answer.Form, answer.Missing = &d, true
	answer.Form.Missing = approvals.Sayf("I've filled in what you typed. Please add what's missing.")
	if c.of.ID == "" {
		answer.Form.Missing = approvals.Sayf("Which bundle? Please pick it first.")
	}
	return answer
}

// undecidedBundle is as much of a bundle's line as can be read where it names nobody.
func (l *line) undecidedBundle(of approvals.Bundle, words []word) bundle {
	c := bundle{of: of, reason: l.reason}
	if names, sure := l.names(words); sure && len(names) > 0 {
		c.first, c.last = names[0], strings.Join(names[1:], " ")
	}
	if long, answer := l.lasts(); answer == nil {
		c.long = long
	}
	return c
}

// unnamedBundle is as much as can be read of a line that names no bundle; where there is one alone, it is meant.
func (l *line) unnamedBundle() bundle {
	var of approvals.Bundle
	if len(l.speech.bundles) == 1 {
		of = l.speech.bundles[0]
	}
	who, rest, answer := l.whom()
	if answer != nil {
		rest = l.words
	}
	c := l.undecidedBundle(of, rest)
	if answer == nil {
		c.whom = who
	}
	return c
}
