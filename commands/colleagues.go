package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// several reports whether a form is for several people: a request for each.
func (d Draft) several() bool {
	return d.For == ForSeveral || d.For == ForColleague && len(d.Persons) > 1
}

// WrittenName is a first and a last name as they are written in one line.
func WrittenName(first, last string) string {
	if blank(first) {
		return ""
	}
	return strings.TrimSpace(quoted(first) + " " + last)
}

// NameParts takes a line apart into the first name and the last: the first word, or what is in quotes.
func NameParts(written string) (first, last string) {
	written = seen(written, mend)
	if rest, led := strings.CutPrefix(written, `"`); led {
		first, last, _ = strings.Cut(rest, `"`)
	} else {
		first, last, _ = strings.Cut(written, " ")
	}
	if first == UnknownName {
		first = ""
	}
	return strings.TrimSpace(first), strings.TrimSpace(last)
}

// UnknownName stands in a form where a name could not be found out.
const UnknownName = "…"

// nameAll fills in the names of several colleagues as Slack has them, where they are not filled in yet.
func (h *House) nameAll(ctx context.Context, d *Draft) {
	*d = d.clone()
	for _, id := range d.Persons {
		if first, _ := NameParts(d.Names[id]); first != "" {
			continue
		}
		if p, err := h.Directory.Person(ctx, id); err == nil && !p.Bot {
			first, last, _ := strings.Cut(cut(seen(p.Name, mend), 2*nameLimit), " ")
			d.Names[id] = WrittenName(first, last)
		}
	}
}

// colleagues are the forms for each of several colleagues.
func (d Draft) colleagues(named bool) (each []oneOf, wrong Mistakes) {
	switch n := len(d.Persons); {
	case n > approvals.MostTogether:
		return nil, Mistakes{PlaceWhom: approvals.Sayf("That's %v people, and I take %v in one go.", n, approvals.MostTogether)}
	case named && d.Unmatched > 0:
		return nil, Mistakes{PlaceFirst: approvals.Sayf("That's %v for %v people. Please write one name a line, in the order above.", catalog.Noun{One: "name", Many: "names"}.Count(d.Unmatched), n)}
	}
	for _, id := range d.Persons {
		one := d.clone()
		one.Persons, one.Names, one.Person = nil, nil, id
		one.First, one.Last = NameParts(d.Names[id])
		each = append(each, oneOf{draft: one, who: approvals.Sayf("%v", id), at: map[Place]Place{PlaceWhom: PlaceWhom, PlaceFirst: PlaceFirst, PlaceLast: PlaceFirst}})
	}
	return each, nil
}

// withColleagues is a draft for those a line is for, where all of them are named by person; false: some are not, or each has
// something of its own, which has no place beside a colleague.
func (c together) withColleagues(d Draft) (Draft, bool) {
	_, own := c.own()
	if own || slices.ContainsFunc(c.each, func(o asking) bool { return o.whom.person == "" }) {
		return d, false
	}
	d = d.clone()
	d.For, d.Person, d.Email, d.First, d.Last = ForColleague, "", "", "", ""
	for _, one := range c.each {
		d.Persons = append(d.Persons, one.whom.person)
		if name := WrittenName(one.first, one.last); name != "" {
			d.Names[one.whom.person] = name
		}
	}
	return d, true
}
