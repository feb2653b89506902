package commands

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// field reads what a form has for one field of the action, as the typed line is read. What is left empty is not mentioned.
func (l filling) field(f catalog.Field) {
	value, has := catalog.Value{Key: f.Key}, false
	switch {
	case f.Kind == catalog.Resources:
		value.Typed, has = l.resources(f)
	case f.Kind == catalog.SomeOf:
		value.Items, has = l.some(f)
	default:
		var id string
		if id, has = l.one(f); has {
			value.Items = []catalog.Item{{ID: id}}
		}
	}
	switch {
	case has:
		l.c.values = l.c.values.With(value)
	case l.wrong[PlaceOf(f.Key)] != nil:
	case f.Required && f.Default == "":
		l.wrongly(PlaceOf(f.Key), "This one's needed.")
	default:
		l.half(f)
	}
}

// half asks for the other half of an amount and what time it is for.
func (l filling) half(f catalog.Field) {
	switch {
	case f.Of != "" && l.given(f.Of):
		l.wrongly(PlaceOf(f.Key), "Per what time? An amount needs that too.")
	case f.Per != "" && l.given(f.Per):
		l.wrongly(PlaceOf(f.Key), "How much? Leave both empty to leave it out.")
	}
}

func (l filling) given(key string) bool { return len(l.d.Chosen[key]) > 0 || !blank(l.d.Typed[key]) }

// resources are those that were picked, by their ids, and those that were written, by whatever names them.
func (l filling) resources(f catalog.Field) (typed []string, has bool) {
	typed = slices.Clone(l.d.Chosen[f.Key])
	for _, word := range l.speech.resourcesIn(l.d.Typed[f.Key]) {
		if !slices.Contains(typed, word) { // it may be picked by itself and among others
			typed = append(typed, word)
		}
	}
	if len(typed) > mostNamed {
		l.wrongly(PlaceOf(f.Key), "That's %v, and one request holds %v. Please split it up.", f.Noun.Count(len(typed)), mostNamed)
		return nil, false
	}
	return typed, len(typed) > 0
}

// some are the choices of a field of several; none is a choice too, and has no other beside it.
func (l filling) some(f catalog.Field) (items []catalog.Item, has bool) {
	ids := l.d.Chosen[f.Key]
	if slices.Contains(ids, NoneOf) {
		if len(ids) > 1 {
			l.wrongly(PlaceOf(f.Key), "Please pick either some or none of them.")
		}
		return nil, len(ids) == 1
	}
	for _, id := range ids {
		if _, ok := f.Choice(id); !ok {
			l.wrongly(PlaceOf(f.Key), "“%v” isn't there any more. Please pick again.", short(id))
			return nil, false
		}
		items = append(items, catalog.Item{ID: id})
	}
	return items, len(items) > 0
}

// one is the choice, or the text, of a field that has one.
func (l filling) one(f catalog.Field) (id string, has bool) {
	if len(f.Choices) > 0 {
		if len(l.d.Chosen[f.Key]) == 0 {
			return "", false
		}
		id = l.d.Chosen[f.Key][0]
		if _, ok := f.Choice(id); !ok && (f.Shape == "" || !f.Fits(id)) {
			l.wrongly(PlaceOf(f.Key), "“%v” isn't there any more. Please pick again.", short(id))
			return "", false
		}
		return id, true
	}
	id = strings.TrimSpace(seen(l.d.Typed[f.Key], mend))
	switch {
	case blank(id):
		return "", false
	case !l.fits(f, id) || f.Kind == catalog.Money && len(id) > len("1000000000"):
		l.wrong[PlaceOf(f.Key)] = misfit(f, id)
		return "", false
	}
	return id, true
}

// misfit says what a field takes, to somebody who wrote something else into it.
func misfit(f catalog.Field, typed string) approvals.Text {
	switch f.Kind {
	case catalog.Number, catalog.Money:
		return approvals.Sayf("“%v” isn't a number I can use. It's a whole number, 0 or more.", short(typed))
	case catalog.Date:
		return approvals.Sayf("“%v” isn't a date, such as 2026-12-31.", short(typed))
	case catalog.Email:
		return approvals.Sayf("“%v” isn't an e-mail address.", short(typed))
	}
	if len(f.Samples) > 0 {
		return approvals.Sayf("“%v” doesn't fit here. It looks like this: %v", short(typed), f.Samples[0])
	}
	return approvals.Sayf("“%v” doesn't fit here.", short(typed))
}
