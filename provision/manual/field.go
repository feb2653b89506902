package manual

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/terminal"
)

const (
	expectField   = "label, noun, kind, choices, default, required, when, first, also, help, hint and samples"
	expectWhen    = "an earlier field's choice, such as role=session; with not before it, the opposite; or always"
	expectFirst   = "asks, ways and, if you like, hint"
	expectWays    = "ways by their ids, each with what people see it called, or words and sees"
	expectChoices = "choices by their ids, such as {viewer: Viewer, editor: Editor}, or a list such as [viewer, editor]"
	expectChoice  = "what people see it called, or words, sees, gives, warning, way and also"
	mostChoices   = 100
	mostFields    = 40
)

// choiceShape is what people can type behind "=".
var choiceShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)

// fieldKinds are the kinds of field that a person can fill in for an app that no program reads.
var fieldKinds = []string{string(catalog.Text), string(catalog.OneOf), string(catalog.SomeOf), string(catalog.Number), string(catalog.Date), string(catalog.Email)}

// field reads what a file says of a field: one that is there already is altered.
func (a *action) field(e strict.Entry) {
	e.Name = "field " + e.Key
	if !a.nameable(e) {
		a.refused = append(a.refused, e.Key)
		return
	}
	i := slices.IndexFunc(a.Fields, func(f catalog.Field) bool { return f.Key == e.Key })
	if i < 0 {
		i = len(a.Fields)
		a.Fields = append(a.Fields, catalog.Field{Key: e.Key})
	}
	if a.alterField(&a.Fields[i], e.Value) {
		a.Fields = slices.Delete(a.Fields, i, i+1)
	}
}

// nameable reports whether there may be a field of a key; why there may not is reported.
func (a *action) nameable(e strict.Entry) bool {
	switch {
	case slices.Contains(a.fieldKeys(), e.Key):
	case !wordShape.MatchString(e.Key):
		e.Wrong(e.KeyAt, "a field is called %s; expected lower-case letters and _, at most 30 in all", terminal.Quoted(e.Key))
		return false
	case slices.Contains(catalog.Taken, e.Key):
		e.Wrong(e.KeyAt, "a field is called %s, a word with a meaning of its own; expected another", terminal.Quoted(e.Key))
		return false
	case slices.Contains([]string{catalog.PlaceWho, catalog.PlaceEmail, catalog.PlaceNumber}, e.Key):
		e.Wrong(e.KeyAt, "a field is called %s, and {%s} in a sentence is something else already; expected another word", terminal.Quoted(e.Key), e.Key)
		return false
	case len(a.Fields) == mostFields:
		e.Wrong(e.KeyAt, "%s has more than %d fields, too many for a form", a.Key, mostFields)
		return false
	}
	return true
}

// alterField reads a field, and reports whether it is taken out.
func (a *action) alterField(f *catalog.Field, v strict.Value) (drop bool) {
	o := v.Object(expectField, "drop", "label", "noun", "kind", "choices", "default", "required", "when", "first", "also", "help", "hint", "samples")
	if d := o.Get("drop"); d.Given() && d.Truth(false) {
		if f.Kind == "" {
			d.Wrong(d.At, "there's no %s to drop", v.Name)
		}
		return true
	}
	f.Label = cmp.Or(o.Get("label").Printable(60, expectName), f.Label, capital(f.Key))
	word := strings.ReplaceAll(f.Key, "_", " ")
	if n := o.Get("noun"); n.Given() || f.Noun.One == "" {
		f.Noun = noun(n, catalog.Noun{One: word, Many: plural(word)}, "a word for it in the middle of a sentence, such as role")
	}
	if c := o.Get("choices"); c.Given() {
		f.Choices = choices(c)
	}
	kind := o.Get("kind")
	f.Kind = catalog.Kind(cmp.Or(kind.OneOf(fieldKinds...), string(f.Kind), string(usualKind(*f))))
	f.Help, f.Hint = cmp.Or(o.Get("help").Printable(300, expectText), f.Help), cmp.Or(o.Get("hint").Printable(500, "a sentence or a few, at most 500 characters"), f.Hint)
	if s := o.Get("samples"); s.Given() {
		f.Samples = texts(s, "the sample", "a list of values to copy")
	}
	if also := o.Get("also"); also.Given() {
		f.Also = texts(also, "the word", "a list of other words for it")
	}
	if r := o.Get("required"); r.Given() {
		f.Required = r.Truth(false)
	}
	a.asked(f, o)
	fitted(f, o, kind)
	return false
}

// asked reads when a field is asked for, and the question before it. Where each part was written last is kept: what only the
// whole shows to be wrong is told there.
func (a *action) asked(f *catalog.Field, o strict.Object) {
	for _, part := range []string{"when", "first", "choices"} {
		if v := o.Get(part); v.Given() {
			if a.asks == nil {
				a.asks = map[string]strict.Value{}
			}
			a.asks[f.Key+" "+part] = v
		}
	}
	if v := o.Get("when"); v.Given() {
		f.When = ""
		if cond, ok := v.Text(expectWhen); ok && cond != "always" {
			f.When = strings.Join(strings.Fields(cond), " ")
		}
	}
	v := o.Get("first")
	if !v.Given() {
		return
	}
	q := v.Object(expectFirst, "asks", "hint", "ways")
	f.First = &catalog.First{Asks: q.Need("asks", "the question, such as What do they need?").Printable(100, "a question of at most 100 characters"),
		Hint: q.Get("hint").Printable(500, "a sentence or a few, at most 500 characters")}
	for _, e := range q.Need("ways", expectWays).Entries(expectWays) {
		f.First.Ways = append(f.First.Ways, way(e))
	}
	if f.Kind != catalog.OneOf {
		v.Wrong(v.At, "first asks which way a choice is to be, and the field has no choices of which one is taken; expected kind one, with choices")
		f.First = nil
	}
}

func way(e strict.Entry) catalog.Way {
	w := catalog.Way{ID: e.Key, Words: capital(e.Key)}
	e.Name = "way " + e.Key
	if !choiceShape.MatchString(e.Key) {
		e.Wrong(e.KeyAt, "a way is called %s; expected letters, digits, - and _, at most 40 in all", terminal.Quoted(e.Key))
	}
	if _, plain := e.Plain(); plain {
		w.Words = cmp.Or(e.Printable(75, expectName), w.Words)
		return w
	}
	o := e.Object("words and sees", "words", "sees")
	w.Words = cmp.Or(o.Get("words").Printable(75, "a few words, at most 75 characters"), w.Words)
	w.Sees = o.Get("sees").Printable(75, "a few words, at most 75 characters")
	return w
}

// usualKind is what a field is where nothing is said.
func usualKind(f catalog.Field) catalog.Kind {
	if len(f.Choices) > 0 {
		return catalog.OneOf
	}
	return catalog.Text
}

// fitted holds a field's choices to its kind, and its default to both.
func fitted(f *catalog.Field, o strict.Object, kind strict.Value) {
	chooses := f.Kind == catalog.OneOf || f.Kind == catalog.SomeOf
	switch {
	case chooses && len(f.Choices) == 0 && !o.Get("choices").Given():
		o.Wrong(o.At, "%s has no choices; expected %s", o.Name, expectChoices)
	case !chooses && len(f.Choices) > 0:
		kind.Wrong(kind.At, "kind is %s, and the field has choices; expected one or some", kind.Shown())
	}
	d := o.Get("default")
	if d.Given() {
		f.Default = ""
		if s, ok := d.Text("the value it has where it is left out"); ok {
			f.Default = s
		}
	}
	if f.Default == "" || !d.Given() && !o.Get("choices").Given() {
		return
	}
	if !d.Given() {
		d = o.Get("choices")
	}
	switch _, known := f.Choice(f.Default); {
	case chooses && !known:
		d.Wrong(d.At, "default is %s, which is none of its choices; %s", terminal.Quoted(f.Default), strict.Suggest(f.Default, f.IDs()))
		f.Default = ""
	case !chooses && !f.Fits(f.Default):
		d.Bad("a " + string(f.Kind) + " such as a field of that kind takes")
		f.Default = ""
	}
}

// choices reads a field's choices: a list of ids, or ids with what they are called or with all that is to be said of them.
func choices(v strict.Value) (out []catalog.Choice) {
	if v.IsList() {
		for _, i := range v.List("the choice", expectChoices) {
			id, ok := i.Text("a choice such as viewer")
			if ok && fresh(i, i.At, id, out) {
				out = append(out, catalog.Choice{ID: id, Words: strings.ReplaceAll(id, "_", " ")})
			}
		}
		return out
	}
	for _, e := range v.Entries(expectChoices) {
		if c, ok := choice(e); ok && fresh(e.Value, e.KeyAt, c.ID, out) {
			out = append(out, c)
		}
	}
	return out
}

// fresh reports whether a choice can be typed and isn't there yet, and there is room for it.
func fresh(v strict.Value, at strict.Position, id string, before []catalog.Choice) bool {
	switch {
	case !choiceShape.MatchString(id):
		v.Wrong(at, "a choice is called %s; expected letters, digits, - and _, at most 40 in all", terminal.Quoted(id))
	case slices.ContainsFunc(before, func(c catalog.Choice) bool { return strings.EqualFold(c.ID, id) }):
		v.Wrong(at, "the choice %s is there twice", terminal.Quoted(id))
	case len(before) == mostChoices:
		v.Wrong(at, "a field has at most %d choices, as many as a menu holds", mostChoices)
	default:
		return true
	}
	return false
}

func choice(e strict.Entry) (c catalog.Choice, ok bool) {
	c = catalog.Choice{ID: e.Key, Words: strings.ReplaceAll(e.Key, "_", " ")}
	e.Name = "choice " + e.Key
	if _, plain := e.Plain(); plain {
		c.Words = e.Printable(60, expectName)
		return c, c.Words != ""
	}
	o := e.Object(expectChoice, "words", "plural", "sees", "gives", "warning", "way", "also")
	c.Words = cmp.Or(o.Get("words").Printable(60, expectName), c.Words)
	c.Plural = cmp.Or(o.Get("plural").Printable(60, expectName), c.Words+"s")
	c.Sees = o.Get("sees").Printable(200, "the end of a sentence that begins with it, such as \"sees every board\"")
	c.Warning = o.Get("warning").Printable(200, "the end of a sentence that begins with it, such as \"may delete every board\"")
	if w := o.Get("way"); w.Given() {
		c.Way, _ = w.Text("one of the ways that are asked for first")
	}
	if g := o.Get("gives"); g.Given() {
		c.Given = catalog.Words(g.Printable(300, expectText))
		placed(g, c.Given, sentencePlaces)
	}
	if also := o.Get("also"); also.Given() {
		c.Also = texts(also, "the word", "a list of other words for it")
	}
	return c, true
}

// plural is a word for several where a file says none: a key such as plugins is one already.
func plural(word string) string {
	if strings.HasSuffix(word, "s") {
		return word
	}
	return word + "s"
}

func capital(word string) string {
	word = strings.ReplaceAll(word, "_", " ")
	return strings.ToUpper(word[:1]) + word[1:]
}
