package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// fillAll is fill of a form for several people: the command for each of them. What is wrong with one of them stands where
// they are written, and says which.
func (h *House) fillAll(d Draft, by approvals.PersonID) (together, Mistakes) {
	s, c := h.speech(), together{}
	base, ok := s.drafted(d)
	if !ok {
		return c, Mistakes{PlaceAction: approvals.Sayf("I can't do that any more. Please pick again.")}
	}
	parts, wrong := s.peopleOf(base, d.People)
	if wrong != nil {
		return c, Mistakes{PlaceWhom: wrong}
	}
	l := &line{speech: s, guide: askingGuide(base.app, base.action)}
	f, bare := base.action.Bare()
	own := bare && slices.ContainsFunc(parts, func(part []word) bool { return len(part) > 1 })
	no := Mistakes{}
	for _, part := range parts {
		one, mistakes := h.fill(l.draftOf(d, part), by)
		for place, say := range mistakes {
			if own && place == PlaceOf(f.Key) {
				place = PlaceWhom // it is that of this one alone
			}
			no.of(place, part, say)
		}
		c.add(one)
	}
	return c, no
}

// peopleOf are the words about each of several people who are written one a line, or several with commas in one.
func (s speech) peopleOf(c asking, written string) (parts [][]word, wrong approvals.Text) {
	for typed := range strings.Lines(written) {
		words, _, _ := lex(typed)
		if len(words) == 0 {
			continue
		}
		l := &line{speech: s, guide: askingGuide(c.app, c.action), words: words, all: words}
		words, at := l.severalAt()
		if len(at) == 0 {
			return nil, approvals.Sayf("There's no e-mail address in “%v”. Please write one person a line.", short(strings.TrimSpace(typed)))
		}
		some, answer := l.parts(words, at)
		if answer != nil || !c.action.Named && !l.guide.bare() && len(some[0]) > 1 {
			return nil, approvals.Sayf("I can't tell whose is what in “%v”. Please write one person a line, with the address first.", short(strings.TrimSpace(typed)))
		}
		parts = append(parts, some...)
	}
	switch {
	case len(parts) == 0:
		return nil, approvals.Sayf("Please write their e-mail addresses, one a line.")
	case len(parts) > approvals.MostTogether:
		return nil, approvals.Sayf("That's %v people, and I take %v in one go.", len(parts), approvals.MostTogether)
	}
	return parts, nil
}

// draftOf is the form for one of several people.
func (l *line) draftOf(d Draft, part []word) Draft {
	d.For, d.People, d.First, d.Last = ForOutside, "", "", ""
	var rest []word
	for _, w := range part {
		if looksLikeEmail(w.String()) {
			d.Email = w.raw()
		} else {
			rest = append(rest, w)
		}
	}
	if names, _ := l.names(rest); l.guide.action.Named && len(names) > 0 {
		d.First, d.Last = names[0], strings.Join(names[1:], " ")
	}
	if f, bare := l.guide.action.Bare(); bare && len(rest) > 0 { // beside what is picked for all
		d = d.clone()
		d.Typed[f.Key] = strings.Trim(written(l.items(rest))+", "+d.Typed[f.Key], ", ")
	}
	return d
}

// of notes what is wrong with one of several people where they are written; what is wrong with the rest of the form is
// the same for all.
func (m Mistakes) of(place Place, part []word, say approvals.Text) {
	if !slices.Contains([]Place{PlaceWhom, PlaceFirst, PlaceLast}, place) {
		m[place] = say
		return
	}
	who := ""
	for _, w := range part {
		if looksLikeEmail(w.String()) {
			who = w.String()
		}
	}
	say = approvals.Sayf("%v: %v", short(who), say)
	if had, is := m[PlaceWhom]; is {
		say = approvals.Sayf("%v %v", had, say)
	}
	m[PlaceWhom] = say
}

// submitAll is Submit of a form for several people: a request for each, all or none.
func (h *House) submitAll(ctx context.Context, d Draft, c Call, now time.Time) (Reply, Mistakes, error) {
	all, wrong := h.fillAll(d, c.User)
	if len(wrong) > 0 {
		return Reply{}, wrong, nil
	}
	if len(all.each) == 1 {
		return h.submitOne(ctx, all.each[0], c, now)
	}
	reply, not, err := h.putAll(ctx, c, all, now)
	if place, say := mistaken(err); say != nil {
		return Reply{}, Mistakes{place: h.named(ctx, say)}, nil
	}
	if len(not) == 0 {
		return reply, nil, err
	}
	wrong = Mistakes{}
	for i, one := range all.each {
		if say, no := not[i]; no {
			wrong.of(PlaceWhom, []word{{{text: one.whom.typed()}}}, h.named(ctx, say))
		}
	}
	return Reply{}, wrong, nil
}

// drafted is what was understood of a line for several people, for the form.
func (c together) drafted() *Draft {
	d := c.each[0].drafted()
	d.For, d.Person, d.Email, d.First, d.Last = ForSeveral, "", "", "", ""
	f, own := c.own()
	if own {
		delete(d.Typed, f.Key)
	}
	for _, one := range c.each {
		if one.whom.person != "" {
			return nil // whom a form can't hold: it knows several people by their addresses
		}
		if d.People != "" {
			d.People += "\n"
		}
		d.People += one.whom.email
		if one.action.Named {
			d.People = strings.TrimSpace(d.People + " " + quoted(one.first) + " " + one.last)
		}
		if own {
			d.People += " " + joined(one.names(f))
		}
	}
	return d
}
