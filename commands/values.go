package commands

import (
	"slices"
	"strconv"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// values reads what was typed for the fields of an action, as far as that needs no looking up: choices of several are
// kept as they were typed, and resources too.
func (l *line) values(rest []word) (v catalog.Values, answer *Reply) {
	for _, f := range l.guide.action.Fields {
		typed, has := l.options[f.Key]
		switch {
		case f.Bare:
			if v, answer = l.bare(v, f, rest); answer != nil {
				return v, answer
			}
			continue
		case f.Of != "":
			continue // read with its money
		case f.Kind == catalog.Money && f.Per != "":
			v, answer = l.readMoney(v, f)
		case has:
			v, answer = l.readField(v, f, typed)
		}
		if answer != nil {
			return v, answer
		}
	}
	return v, nil
}

// readField reads what was typed for one field.
func (l *line) readField(v catalog.Values, f catalog.Field, typed string) (catalog.Values, *Reply) {
	value := catalog.Value{Key: f.Key}
	switch f.Kind {
	case catalog.OneOf:
		id := strings.ToLower(typed)
		if _, known := f.Choice(id); !known && (f.Shape == "" || !f.Fits(id)) {
			if f.Shape != "" {
				return v, l.unclear(f.Key, l.instead(f.Key, f.Key+"="+likely(f, id)))
			}
			return v, l.wrong(f.Key, f.IDs())
		}
		value.Items = []catalog.Item{{ID: id}}
	case catalog.SomeOf:
		ids := strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ' ' })
		switch {
		case len(ids) == 1 && strings.EqualFold(ids[0], "none"):
			ids = nil
		case len(ids) == 0 || len(ids) > 100:
			return v, l.unclear(f.Key)
		}
		for _, id := range ids {
			value.Items = append(value.Items, catalog.Item{ID: id})
		}
	case catalog.Resources:
		if value.Typed = listed(typed); len(value.Typed) == 0 {
			return v, l.unclear(f.Key)
		}
		if answer := l.tooMany(f, len(value.Typed)); answer != nil {
			return v, answer
		}
	default:
		if !l.fits(f, typed) {
			return v, l.unclear(f.Key)
		}
		value.Items = []catalog.Item{{ID: typed}}
	}
	return v.With(value), nil
}

// fits reports whether a text can stand for a field that has no choices.
func (l *line) fits(f catalog.Field, typed string) bool {
	const longest = 500
	if f.Kind == catalog.Email {
		_, problem := knownEmail(typed)
		return problem == nil
	}
	return len([]rune(typed)) <= longest && f.Fits(typed)
}

// listed is a list of resources as it stands behind a key.
func listed(typed string) (list []string) {
	for part := range strings.FieldsFuncSeq(typed, func(r rune) bool { return r == ',' || r == ';' }) {
		if part = strings.TrimSpace(part); !blank(part) {
			list = append(list, part)
		}
	}
	return list
}

// mostNamed is how many resources one request may name.
const mostNamed = 50

func (l *line) tooMany(f catalog.Field, n int) *Reply {
	if n <= mostNamed {
		return nil
	}
	return correct(l.guide, "", approvals.Sayf("That's %v, and one request holds %v. Please split it up. Nothing was sent.", f.Noun.Count(n), mostNamed))
}

// bare reads the resources that stand behind the address, or behind their key as with other verbs.
func (l *line) bare(v catalog.Values, f catalog.Field, rest []word) (catalog.Values, *Reply) {
	for _, w := range rest {
		if answer := l.twoFaced(w); answer != nil {
			return v, answer
		}
	}
	names := append(l.items(rest), listed(l.options[f.Key])...)
	if answer := l.tooMany(f, len(names)); answer != nil || len(names) == 0 {
		return v, answer
	}
	return v.With(catalog.Value{Key: f.Key, Typed: names}), nil
}

// readMoney reads an amount and what it is for, which belong together.
func (l *line) readMoney(v catalog.Values, f catalog.Field) (catalog.Values, *Reply) {
	per, _ := l.guide.action.Field(f.Per)
	amount, has := l.options[f.Key]
	period, timed := l.options[per.Key]
	period = strings.ToLower(period)
	n, err := strconv.ParseUint(amount, 10, 31)
	fixed := func() string {
		return l.limited(f, per, whole(amount, sampleOf(f)), or(nearest(period, per.IDs()), sampleOf(per)))
	}
	switch {
	case !has && !timed:
		return v, nil
	case !timed:
		return v, correct(l.guide, fixed(), approvals.Sayf("%v", missingOf(per)))
	case !has:
		return v, correct(l.guide, fixed(), approvals.Sayf("%v", missingOf(f)))
	case err != nil || n > most:
		return v, l.unclear(f.Key, fixed())
	case !slices.Contains(per.IDs(), period):
		return v, l.wrong(per.Key, per.IDs(), fixed())
	}
	return v.With(catalog.Value{Key: f.Key, Items: []catalog.Item{{ID: strconv.FormatUint(n, 10)}}}).
		With(catalog.Value{Key: per.Key, Items: []catalog.Item{{ID: period}}}), nil
}

// missingOf asks for a field that is missing.
func missingOf(f catalog.Field) approvals.Text {
	if f.Missing != "" {
		return approvals.Sayf(f.Missing)
	}
	return approvals.Sayf("Please add `%v=`. %v", f.Key, helpOf(f))
}

// wrong answers a value that is none of those known, with the nearest that is. fixed is as for unclear.
func (l *line) wrong(key string, known []string, fixed ...string) *Reply {
	v := l.options[key]
	guess := nearest(v, known)
	if guess == "" {
		return l.unclear(key, fixed...)
	}
	if fixed == nil {
		fixed = []string{l.instead(key, key+"="+guess)}
	}
	return choose(l.guide, fixed, approvals.Sayf("I don't know `%v=%v`. Did you mean `%v=%v`?", key, short(v), key, guess))
}

// unclear answers a value that cannot be read at all. fixed is the line mended; without it, the line
// with each of the option's samples.
func (l *line) unclear(key string, fixed ...string) *Reply {
	if fixed == nil {
		fixed = l.mended(key)
	}
	return choose(l.guide, fixed, approvals.Sayf("I can't read `%v=%v`. %v", key, short(l.options[key]), l.valueText(key)))
}

// likely is the choice of an open field that was most likely meant: by another word for it, by how it begins ("en-GB"),
// else a sample.
func likely(f catalog.Field, typed string) string {
	ids, words := map[string]string{}, []string(nil)
	for _, c := range f.Choices {
		for _, w := range append([]string{strings.ToLower(c.Words)}, c.Also...) {
			ids[w], words = c.ID, append(words, w)
		}
	}
	slices.Sort(words)
	if id := ids[within(typed, words)]; id != "" {
		return id
	}
	head, _, _ := strings.Cut(strings.ReplaceAll(typed, "_", "-"), "-")
	if f.Fits(head) {
		return head
	}
	return sampleOf(f)
}

// typedValues writes the values of an action's options, in the order of its fields.
func typedValues(app string, a catalog.Action, v catalog.Values) string {
	var out []string
	if app != "" {
		out = append(out, "app="+quotedValue(app))
	}
	for _, f := range a.Fields {
		value, has := v.Get(f.Key)
		if !has || f.Bare {
			continue
		}
		typed := strings.Join(append(v.IDs(f.Key), value.Typed...), ",")
		if f.Kind == catalog.SomeOf {
			typed = or(typed, "none")
		}
		out = append(out, f.Key+"="+quotedValue(typed))
	}
	return strings.Join(out, " ")
}
