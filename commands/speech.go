package commands

import (
	"iter"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// speech is what can be said: the verbs that are the same everywhere, and what the configured apps add in their own words.
type speech struct {
	apps []approvals.App
	// main is the id of the app that is meant where none is named.
	main string
	// bundles are what can be asked by name.
	bundles []approvals.Bundle
	// people is the list of people that is taken, as if it were an app; without an id none is.
	people approvals.App
}

// named finds the app that somebody named, by its short name or its full one.
func (s speech) named(typed string) (approvals.App, bool) {
	i := slices.IndexFunc(s.apps, func(a approvals.App) bool { return strings.EqualFold(a.ID, typed) || strings.EqualFold(a.Name, typed) })
	if i < 0 {
		return approvals.App{}, false
	}
	return s.apps[i], true
}

// unnamed is the app that is meant where none is named; false: there is none at all.
func (s speech) unnamed() (approvals.App, bool) {
	if i := slices.IndexFunc(s.apps, func(a approvals.App) bool { return a.ID == s.main }); i >= 0 {
		return s.apps[i], true
	}
	if len(s.apps) == 0 {
		return approvals.App{}, false
	}
	return s.apps[0], true
}

// ordered are the apps of different kinds, the one that is meant where none is named first.
func (s speech) ordered() (list []approvals.App) {
	first, ok := s.unnamed()
	if !ok {
		return nil
	}
	for _, a := range append([]approvals.App{first}, s.apps...) {
		if a.Entry != nil && !slices.ContainsFunc(list, func(o approvals.App) bool { return o.Entry.Kind == a.Entry.Kind }) {
			list = append(list, a)
		}
	}
	return list
}

// guides lists every verb in the order help shows them: what can be asked, the same everywhere, and the lists of apps.
// Where several apps have a verb it is the first one's.
func (s speech) guides() (list []guide) {
	for g := range s.each() {
		if !slices.ContainsFunc(list, func(o guide) bool { return o.name == g.name }) {
			list = append(list, g)
		}
	}
	return list
}

// each is every verb of every app, in the order of guides.
func (s speech) each() iter.Seq[guide] {
	return func(yield func(guide) bool) {
		for _, a := range s.ordered() {
			for _, action := range a.Entry.Actions {
				if !yield(askingGuide(a, action)) {
					return
				}
			}
		}
		for _, g := range []guide{s.bundleGuide(), requestGuide, statusGuide, cancelGuide, nudgeGuide, endGuide, extendGuide, returnGuide, pendingGuide, tasksGuide, awayGuide, backGuide, leaveGuide, whoGuide, s.limitsGuide(), s.importGuide(), s.reviewGuide(), accountsGuide, s.showGuide()} {
			if !yield(g) {
				return
			}
		}
		for _, a := range s.ordered() {
			for _, r := range a.Entry.Resources {
				if r.Verb != "" && !yield(listGuide(a, r)) {
					return
				}
			}
		}
		_ = yield(s.trendGuide()) && yield(reportGuide) && yield(helpGuide)
	}
}

func (s speech) guideTo(verb string) (guide, bool) {
	for g := range s.each() {
		if g.name == verb {
			return g, true
		}
	}
	return guide{}, false
}

func (s speech) verbNames() []string {
	var names []string
	for _, g := range s.guides() {
		names = append(names, g.name)
	}
	return names
}

// keys are all options that any app has.
func (s speech) keys() []string {
	keys := []string{"app", "for", "until", "deputy", "due", "on"}
	for _, a := range s.ordered() {
		for _, action := range a.Entry.Actions {
			for _, f := range action.Fields {
				if !slices.Contains(keys, f.Key) {
					keys = append(keys, f.Key)
				}
			}
		}
	}
	return keys
}

// money are the options whose values are amounts of money.
func (s speech) money() (keys []string) {
	for _, a := range s.ordered() {
		for _, action := range a.Entry.Actions {
			for _, f := range action.Fields {
				if f.Kind == catalog.Money {
					keys = append(keys, f.Key)
				}
			}
		}
	}
	return keys
}

// also are words people use for a verb or an option that goes by another name.
func (s speech) also() map[string]string {
	out := map[string]string{}
	put := func(words []string, is string) {
		for _, w := range words {
			if _, taken := out[w]; !taken {
				out[w] = is
			}
		}
	}
	for other, word := range meant {
		put([]string{other}, word)
	}
	for _, a := range s.ordered() {
		for _, action := range a.Entry.Actions {
			put(action.Also, string(action.Key))
			for _, f := range action.Fields {
				put(f.Also, f.Key)
			}
		}
		for _, r := range a.Entry.Resources {
			put(r.Also, r.Verb)
		}
	}
	return out
}

// example is a line that shows how one asks.
func (s speech) example() string {
	for _, g := range s.guides() {
		if g.action != nil {
			return g.examples[0]
		}
	}
	return "/access help"
}

// askingGuide is the help of an action of an app.
func askingGuide(a approvals.App, action catalog.Action) guide {
	g := guide{name: string(action.Key), usage: action.Guide.Usage, does: action.Guide.Does, because: true, examples: action.Guide.Examples,
		options: []string{"app"}, app: a, action: &action}
	for _, f := range action.Fields {
		if !f.Bare {
			g.options = append(g.options, f.Key)
		}
	}
	if action.Undo != "" {
		g.options = append(g.options, "for", "until")
	}
	for _, n := range action.Guide.Notes {
		g.notes = append(g.notes, approvals.Fill(n, appName(a)))
	}
	g.notes = append(g.notes, severalNote(action))
	if action.ByHand() {
		g.notes = append(g.notes, approvals.Sayf("Once it's approved, somebody does it in %v by hand, step by step.", a.Name))
	}
	if caution := a.Caution(); caution != nil {
		g.notes = append(g.notes, caution)
	}
	if action.Undo != "" {
		after := "I remove what this gave, and nothing else"
		if action.ByHand() {
			after = "somebody removes by hand what this gave"
		}
		g.notes = append(g.notes, approvals.Sayf("Only for a time? `for=30d` counts from when it's set up, `until=2026-12-31` is the last day. Then %v.", after))
	}
	if g.usage == "" {
		g.usage = usageOf(action)
	}
	if g.does == "" {
		g.does = "asks for `" + string(action.Key) + "` in " + a.Name
	}
	if len(g.examples) == 0 {
		g.examples = []string{exampleOf(a, action)}
	}
	return g
}

func appName(a approvals.App) func(string) any {
	return func(place string) any {
		if place == catalog.PlaceApp {
			return a.Name
		}
		return nil
	}
}

// usageOf is how to write an action whose entry does not say it.
func usageOf(a catalog.Action) string {
	parts := []string{"EMAIL"}
	if a.Named {
		parts = append(parts, "FIRST [LAST]")
	}
	for _, f := range a.Fields {
		switch {
		case f.Bare:
			parts = append(parts, strings.ToUpper(f.Key)+"[,…]")
		case f.Required:
			parts = append(parts, f.Key+"=…")
		default:
			parts = append(parts, "["+f.Key+"=…]")
		}
	}
	return strings.Join(append(parts, "because …"), " ")
}

// exampleOf is a line that asks for an action whose entry shows none.
func exampleOf(a approvals.App, action catalog.Action) string {
	parts := []string{string(action.Key), "jane@acme.example"}
	if action.Named {
		parts = append(parts, "Jane Doe")
	}
	for _, f := range action.Fields {
		sample := sampleOf(f)
		switch {
		case f.Bare:
			parts = append(parts, sample)
		case f.Required || action.Effect == catalog.Changes && !action.New && f.Of == "":
			parts = append(parts, f.Key+"="+quotedValue(sample))
		}
	}
	return command(append(parts, "app="+a.ID, "because she needs it")...)
}

// sampleOf is a value of a field to copy.
func sampleOf(f catalog.Field) string {
	switch {
	case len(f.Samples) > 0:
		return f.Samples[0]
	case len(f.Choices) > 0:
		return f.Choices[0].ID
	}
	return map[catalog.Kind]string{catalog.Number: "1", catalog.Money: "50", catalog.Date: "2026-12-31", catalog.Email: "jane@acme.example", catalog.Resources: "1"}[f.Kind] +
		map[bool]string{true: "something"}[f.Kind == catalog.Text]
}

// helpOf says what a field takes, as a sentence.
func helpOf(f catalog.Field) approvals.Text {
	switch {
	case f.Help != "":
		return approvals.Sayf(f.Help)
	case len(f.Choices) > 0:
		return approvals.Sayf("It takes `%v`.", strings.Join(f.IDs(), ", "))
	case f.Kind == catalog.Date:
		return approvals.Sayf("It's a date, as in `%v=2026-12-31`.", f.Key)
	case f.Kind == catalog.Number || f.Kind == catalog.Money:
		return approvals.Sayf("It's a whole number, 0 or more.")
	}
	return approvals.Sayf("Write it as in `%v=%v`.", f.Key, sampleOf(f))
}
