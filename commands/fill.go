package commands

import (
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// fill makes of a form the command that its typed line would be. What is wrong with it is said all at once, each at its
// place; nothing is looked up.
func (h *House) fill(d Draft, by approvals.PersonID) (asking, Mistakes) {
	s, wrong := h.speech(), Mistakes{}
	c, ok := s.drafted(d)
	if !ok {
		wrong[PlaceAction] = approvals.Sayf("I can't do that any more. Please pick again.")
		return c, wrong
	}
	l := filling{line: &line{speech: s, guide: askingGuide(c.app, c.action)}, d: d.clone(), c: &c, wrong: wrong}
	l.d.goTheirWays(c.action)
	l.whom(by)
	if c.action.Named {
		l.names()
	}
	for _, f := range c.action.Fields {
		if c.action.Applies(f, l.d.Picked(c.action)) {
			l.field(f)
		}
	}
	if c.action.Effect == catalog.Changes && len(c.action.Fields) > 0 && len(c.values) == 0 && len(wrong) == 0 {
		wrong[PlaceOf(c.action.Fields[0].Key)] = approvals.Sayf("What should change? Please fill in at least one of these.")
	}
	if c.action.Undo != "" {
		l.long()
	}
	l.reason()
	return c, wrong
}

// drafted finds the app and the action of a form; false: they are there no more.
func (s speech) drafted(d Draft) (c asking, ok bool) {
	if c.app, ok = s.unnamed(); d.App != "" && c.app.ID != d.App {
		c.app, ok = s.named(d.App)
		c.named = d.App
	}
	if ok {
		c.action, ok = c.app.Entry.Action(d.Action)
	}
	c.picked = true
	return c, ok
}

// filling is a form on its way to a command. The line beside it reads what is read of typed words alike.
type filling struct {
	*line
	d     Draft
	c     *asking
	wrong Mistakes
}

func (l filling) wrongly(at Place, format string, args ...any) {
	l.wrong[at] = approvals.Sayf(format, args...)
}

func (l filling) whom(by approvals.PersonID) {
	l.c.whom, _ = l.d.whom(by)
	switch {
	case l.d.For == ForColleague && l.d.Person == "":
		l.wrongly(PlaceWhom, "Please pick who it's for.")
	case l.d.For == ForOutside:
		l.email()
	}
}

// email reads an address as one that is typed in a line is read: what a phone made of it is asked about, not mended.
func (l filling) email() {
	raw := seen(l.d.Email, mendButDashes)
	readings := approvals.Readings(raw)
	if blank(raw) {
		l.wrongly(PlaceWhom, "Please write the e-mail address.")
		return
	}
	if len(readings) > 1 {
		l.wrongly(PlaceWhom, "A phone or a word processor may have turned hyphens into the dash in it. Which do you mean: %v or %v?", readings[0], readings[1])
		return
	}
	read := knownEmail
	if l.c.action.New {
		read = newEmail
	}
	email, problem := read(readings[0])
	if problem != nil {
		l.wrongly(PlaceWhom, "That isn't an e-mail address I can use: %v", problem)
		return
	}
	l.c.whom = whom{email: email}
}

// seen is what was written into a field, without what cannot be seen and in one line, each rune as mend has it.
func seen(s string, mend func(rune) rune) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return mend(r)
	}, s)), " ")
}

func (l filling) names() {
	l.c.first, l.c.last = seen(l.d.First, mend), seen(l.d.Last, mend)
	if blank(l.c.first) {
		l.wrongly(PlaceFirst, "What's the person's first name?")
	}
	for place, name := range map[Place]string{PlaceFirst: l.c.first, PlaceLast: l.c.last} {
		if n := len([]rune(name)); n > nameLimit {
			l.wrongly(place, "That's %v characters, and only %v fit. Please shorten it.", n, nameLimit)
		}
	}
}

func (l filling) reason() {
	l.c.reason = tidyReason(l.d.Reason)
	switch n := len([]rune(l.c.reason)); {
	case blank(l.c.reason):
		l.wrongly(PlaceReason, "Please write why: whoever approves it reads that.")
	case n > reasonLimit:
		l.wrongly(PlaceReason, "That's %v characters, and a card holds %v. Please shorten it.", n, reasonLimit)
	}
}
