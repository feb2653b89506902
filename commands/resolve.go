package commands

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// speech is what can be said now.
func (h *House) speech() speech {
	return speech{apps: h.Inventory.Apps(), main: h.Main, bundles: h.Bundles, people: h.people()}
}

// app finds the app a command is about: the one that was named (by its short name or its full one),
// else the one that is meant where none is. cmd is repeated in the answer to a name nobody knows.
func (h *House) app(typed string, cmd Command) (approvals.App, error) {
	s := h.speech()
	if len(s.apps) == 0 {
		return approvals.App{}, noApp()
	}
	if typed == "" {
		a, _ := s.unnamed()
		return a, nil
	}
	if a, ok := s.named(typed); ok {
		return a, nil
	}
	return approvals.App{}, &stop{s.unknownApp(typed, func(guess string) string {
		return strings.Replace(cmd.Typed(), "app="+quotedValue(typed), "app="+guess, 1)
	})}
}

// unknownApp answers a name that no app has; fixed is the command with the one that was likely meant.
func (s speech) unknownApp(typed string, fixed func(guess string) string) Reply {
	var ids []string
	for _, a := range s.apps {
		ids = append(ids, a.ID)
	}
	guess := nearest(typed, ids)
	if guess == "" {
		return Reply{Head: approvals.Sayf("I don't know the app “%v”. I have: `%v`.", short(typed), strings.Join(ids, ", "))}
	}
	return Reply{Head: approvals.Sayf("I don't know the app “%v”. Did you mean `%v`?", short(typed), guess),
		Lines: []approvals.Text{approvals.Sayf("I have: `%v`.", strings.Join(ids, ", "))}, Examples: []string{fixed(guess)}}
}

// noApp is the answer where no app is configured.
func noApp() error {
	return approvals.Refuse(approvals.Unavailable, "No app is set up yet. An admin adds one under `apps` in usher.yml.")
}

// appOf finds the app that something is asked of: the one that was named, else the one whose action it is.
func (h *House) appOf(c asking) (approvals.App, error) {
	if c.named == "" {
		return c.app, nil
	}
	return h.app(c.named, c)
}

// settle puts what was typed into the wish's change, once it is known that the app has it all, and that it means
// something for an account of its sort; "": not known which.
func (c asking) settle(w *wish, sort string) error {
	for _, f := range c.action.Fields {
		if !c.action.Applies(f, w.change.Values) {
			continue
		}
		value, has := c.values.Get(f.Key)
		if !has && f.Default != "" {
			value.Items, has = []catalog.Item{{ID: f.Default}}, true
		}
		if !has {
			continue
		}
		if len(f.Choices) > 0 {
			ids, err := c.choices(f, value)
			if err != nil {
				return at(PlaceOf(f.Key), err)
			}
			value.Items = f.ItemsOf(ids)
		}
		value.Share = f.Share
		w.change.Values = append(w.change.Values, value)
	}
	if c.action.New {
		sort = w.change.Values.ID(w.app.Entry.Sort)
	}
	return c.fitting(*w, sort)
}

// choices checks what was typed against the choices there are and writes it as these are written. The
// vendor may drop an unknown one without a word (facts 1.4), so a slip has to be caught here.
func (c asking) choices(f catalog.Field, v catalog.Value) ([]string, error) {
	var out []string
	for _, i := range v.Items {
		id, ok := choiceOf(f, i.ID)
		if !ok {
			return nil, &stop{c.unknownChoice(f, i.ID)}
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, nil
}

// choiceOf finds a choice as people type it: in any case, with hyphens, by another word for it.
func choiceOf(f catalog.Field, typed string) (string, bool) {
	plain := strings.ReplaceAll(strings.ToLower(typed), "-", "_")
	for _, c := range f.Choices {
		if plain == strings.ReplaceAll(strings.ToLower(c.ID), "-", "_") || slices.Contains(c.Also, plain) {
			return c.ID, true
		}
	}
	return typed, f.Shape != "" && f.Fits(typed)
}

// unknownChoice answers a choice nobody knows with the nearest that exists, and with the command in
// which every one is known.
func (c asking) unknownChoice(f catalog.Field, typed string) Reply {
	ids, kept := f.IDs(), catalog.Value{Key: f.Key}
	for _, t := range c.values.IDs(f.Key) {
		if _, known := choiceOf(f, t); !known {
			t = nearest(t, ids)
		}
		if t != "" && !slices.ContainsFunc(kept.Items, func(i catalog.Item) bool { return i.ID == t }) {
			kept.Items = append(kept.Items, catalog.Item{ID: t})
		}
	}
	if len(kept.Items) == 0 {
		kept.Items = []catalog.Item{{ID: ids[0]}}
	}
	reply := Reply{
		Head:     approvals.Sayf("I don't know the %v `%v`, so nothing was sent.", f.Noun.One, short(typed)),
		Lines:    []approvals.Text{approvals.Sayf("Known %v: %v.", f.Noun.Many, strings.Join(ids, ", "))},
		Examples: []string{c.with(kept)},
	}
	if guess := nearest(typed, ids); guess != "" {
		reply.Head = approvals.Sayf("I don't know the %v `%v`. Did you mean `%v`? Nothing was sent.", f.Noun.One, short(typed), guess)
	}
	return reply
}

// fitting refuses what means nothing for an account of a sort.
func (c asking) fitting(w wish, sort string) error {
	is, known := w.app.Entry.SortOf(sort)
	if !known {
		return nil
	}
	for _, o := range approvals.ChoicesFor(c.action, w.change.Values, sort) {
		only, _ := w.app.Entry.SortOf(o.Only)
		return placed{
			error:  approvals.Refuse(approvals.Invalid, "`%v` (%v) takes something away and only works on %v. Please leave it out; nothing was sent.", o.ID, o.Words, only.Plural),
			at:     c.placeOf(o.ID),
			inForm: approvals.Sayf("“%v” takes something away and only works on %v. Please leave it out.", o.Words, only.Plural),
		}
	}
	if c.action.New && is.All && len(approvals.Request{App: w.app, Action: w.action, Change: w.change}.Resources()) > 0 {
		says := approvals.SaysOf(c.action)
		err := c.refuse(says.AllNow, says.All, w.app, w.change.Email, nil)
		err.at = PlaceOf(c.action.Resources()[0].Key)
		return err
	}
	return nil
}

// placeOf is where in a form a choice stands.
func (c asking) placeOf(choice string) Place {
	for _, f := range c.action.Fields {
		if _, ok := f.Choice(choice); ok && f.Kind == catalog.SomeOf {
			return PlaceOf(f.Key)
		}
	}
	return PlaceWhom
}
