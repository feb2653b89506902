package commands

import (
	"context"
	"maps"
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
	each, wrong := s.eachOf(base, d)
	no := Mistakes{}
	maps.Copy(no, wrong)
	for _, one := range each {
		cmd, mistakes := h.fill(one.draft, by)
		for place, say := range mistakes {
			if at, ofThis := one.at[place]; ofThis {
				no.add(at, approvals.Sayf("%v: %v", one.who, say))
			} else {
				no[place] = say // it is the same for all
			}
		}
		c.add(cmd)
	}
	return c, no
}

// oneOf is the form for one of several people: what is wrong with them alone is said with their name, at its place in the
// form for all.
type oneOf struct {
	draft Draft
	who   approvals.Text
	at    map[Place]Place
}

// eachOf are the forms for each of several people.
func (s speech) eachOf(c asking, d Draft) (each []oneOf, wrong Mistakes) {
	if d.For == ForColleague {
		return d.colleagues(c.action.Named)
	}
	parts, say := s.peopleOf(c, d.People)
	if say != nil {
		return nil, Mistakes{PlaceWhom: say}
	}
	at := map[Place]Place{PlaceWhom: PlaceWhom, PlaceFirst: PlaceWhom, PlaceLast: PlaceWhom}
	if f, bare := c.action.Bare(); bare && slices.ContainsFunc(parts, func(part []word) bool { return len(part) > 1 }) {
		at[PlaceOf(f.Key)] = PlaceWhom
	}
	l := &line{speech: s, guide: askingGuide(c.app, c.action)}
	for _, part := range parts {
		one := oneOf{draft: l.draftOf(d, part), at: at}
		one.who = approvals.Sayf("%v", short(addressOf(part)))
		each = append(each, one)
	}
	return each, nil
}

// addressOf is the address among the words about one of several people.
func addressOf(part []word) (email string) {
	for _, w := range part {
		if looksLikeEmail(w.String()) {
			email = w.String()
		}
	}
	return email
}

// add says one more thing at a place.
func (m Mistakes) add(at Place, say approvals.Text) {
	if had, is := m[at]; is {
		say = approvals.Sayf("%v %v", had, say)
	}
	m[at] = say
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

// submitAll is Submit of a form for several people: a request for each, all or none.
func (h *House) submitAll(ctx context.Context, d Draft, c Call, now time.Time) (Reply, Mistakes, error) {
	if d.For == ForColleague {
		looking, end := context.WithTimeout(ctx, lookFor)
		h.nameAll(looking, &d) // whom was picked a moment ago the form doesn't name yet
		end()
	}
	all, wrong := h.fillAll(d, c.User)
	if len(wrong) > 0 {
		for place, say := range wrong {
			wrong[place] = h.named(ctx, say)
		}
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
			wrong.add(PlaceWhom, h.named(ctx, approvals.Sayf("%v: %v", one.whom.named(), say)))
		}
	}
	return Reply{Cards: reply.Cards}, wrong, nil
}

// drafted is what was understood of a line for several people, for the form.
func (c together) drafted() *Draft {
	d := c.each[0].drafted()
	if them, all := c.withColleagues(*d); all {
		return &them
	}
	d.For, d.Person, d.Email, d.First, d.Last = ForSeveral, "", "", "", ""
	f, own := c.own()
	if own {
		delete(d.Typed, f.Key)
	}
	for _, one := range c.each {
		if one.whom.person != "" {
			return nil // whom a form can't hold beside an address, or with something of their own
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
