package config

import (
	"regexp"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/terminal"
)

const (
	expectBundle  = "a bundle under its id, such as seo-starter: with name and items"
	expectItems   = "a list of items such as {app: seranking, action: create, type: client}"
	expectItem    = "app, action and fields of that action"
	expectGiving  = "an action that gives something, such as create"
	expectOneItem = "one that somebody can ask for"
	expectJoiners = "a list of those whose new members are offered the bundle: user groups (S…), or workspace"
	expectJoiner  = "a user group (S…), or workspace for whoever is new in it"
)

// joinerShape is who may be offered a bundle when they join.
var joinerShape = regexp.MustCompile(`^` + string(approvals.Workspace) + `$|` + groupID.String())

// BundleConfig is one entry of bundles.
type BundleConfig struct {
	approvals.Bundle
	At Position
	// items are where its items stand.
	items []Position
}

// Bundled are the bundles in the order of the file.
func (c *Config) Bundled() []approvals.Bundle {
	out := make([]approvals.Bundle, len(c.Bundles))
	for i, b := range c.Bundles {
		out[i] = b.Bundle
	}
	return out
}

func (v value) bundles(cfg *Config) (out []BundleConfig) {
	for _, e := range v.entries(expectBundle) {
		e.Name, e.Path = "bundle "+e.Key, "bundles.*"
		if !identifier.MatchString(e.Key) {
			e.Name = "bundle " + terminal.Quoted(e.Key)
			e.Wrong(e.KeyAt, "people couldn't type the bundle's id %s; expected %s", terminal.Quoted(e.Key), expectID)
		}
		b := e.bundle(e.Key, cfg)
		if same := slices.IndexFunc(out, func(o BundleConfig) bool { return strings.EqualFold(o.Name, b.Name) }); same >= 0 {
			e.Wrong(e.KeyAt, "%s is called %s, and so is bundle %s; expected a different name", e.Name, terminal.Quoted(b.Name), out[same].ID)
		}
		out = append(out, b)
	}
	return out
}

func (v value) bundle(id string, cfg *Config) BundleConfig {
	o := v.object("name, items and joiners", "name", "items", "joiners")
	b := BundleConfig{At: v.At}
	b.ID = id
	if b.Name = o.get("name").label(); b.Name == "" {
		b.Name = id
	}
	for _, g := range o.get("joiners").distinct(o.get("joiners").list("the group", expectJoiners), joinerShape, expectJoiner) {
		b.Joiners = append(b.Joiners, approvals.GroupID(g))
	}
	items := o.need("items", expectItems).list("the item", expectItems)
	if n := len(items); n > approvals.MostTogether {
		v.Wrong(items[0].At, "%s has %d items; expected at most %d, as many as one person may ask for at once", v.Name, n, approvals.MostTogether)
	}
	for _, item := range items {
		i, ok := item.bundleItem(cfg)
		if !ok {
			continue
		}
		item.afterItems(cfg, b.Items, i)
		b.Items, b.items = append(b.Items, i), append(b.items, item.At)
	}
	return b
}

// bundleItem reads one item; false: what it asks can't be made out.
func (v value) bundleItem(cfg *Config) (i approvals.BundleItem, ok bool) {
	keys := cfg.keys(approvals.Policy{}, v, expectItem, "app", "action")
	o := v.beside(keys, expectItem, "app", "action")
	app, action := cfg.asked(o)
	i.App, i.Action = app.ID, action
	form, known := app.Entry.Action(action)
	switch {
	case app.ID == "" || action == "" || app.Entry == nil:
		return i, false
	case !known:
		o.get("action").Bad("an action of " + app.ID)
		return i, false
	case form.Effect != catalog.Gives:
		o.get("action").Wrong(o.get("action").At, "%s gives nothing, and a bundle is what somebody gets; expected %s", action, expectGiving)
		return i, false
	}
	before := len(v.Problems)
	for _, f := range form.Fields {
		given := o.get(f.Key)
		if cond := f.Condition(); given.Given() && !form.Applies(f, i.Values) {
			only := "only goes with"
			if cond.Not {
				only = "doesn't go with"
			}
			given.Wrong(given.At, "%s %s %s=%s; leave it out, or change that", f.Key, only, cond.Field, cond.Value)
			continue
		}
		if value, ok := given.itemValue(f); ok {
			i.Values = append(i.Values, value)
		}
		if form.Applies(f, i.Values) {
			o.lacking(f, form)
		}
	}
	for _, k := range keys {
		if given := o.get(k); given.Given() && !hasField(form, k) {
			given.Wrong(given.At, "%s has no %s; expected fields of it: %s", action, k, strings.Join(fieldKeys(form), ", "))
		}
	}
	if r := given(i, form); form.New && all(app.Entry, i) && r != "" {
		sort, _ := app.Entry.SortOf(i.Values.ID(app.Entry.Sort))
		o.get(r).Wrong(o.get(r).At, "a %s %s anyway, so nobody can ask for it with %s; expected %s", sort.Words, sort.Sees, r, expectOneItem)
	}
	return i, len(v.Problems) == before
}

// lacking reports a field that must be there, and one that belongs to another.
func (o object) lacking(f catalog.Field, form catalog.Action) {
	if f.Required && f.Default == "" {
		o.need(f.Key, "it, as in "+f.Key+": ["+strings.Join(f.Samples, ", ")+"]")
	}
	for _, with := range []string{f.Per, f.Of} {
		if with != "" && hasField(form, with) && o.get(f.Key).Given() && !o.get(with).Given() {
			o.Wrong(o.get(f.Key).At, "%s needs %s beside it", f.Key, with)
		}
	}
}

// itemValue is a value as somebody would type it; false: it is left out or wrong.
func (v value) itemValue(f catalog.Field) (catalog.Value, bool) {
	out, before := catalog.Value{Key: f.Key}, len(v.Problems)
	if !v.Given() {
		return out, false
	}
	written := v.some()
	if len(written) != 1 && f.Kind != catalog.SomeOf && f.Kind != catalog.Resources {
		v.Bad("one value")
	}
	for _, s := range written {
		switch {
		case f.Kind == catalog.Resources:
			continue
		case len(f.Choices) > 0 && f.Shape == "" && !slices.Contains(f.IDs(), s):
			v.Wrong(v.At, "%s has no %s; %s", f.Key, terminal.Quoted(s), strict.Suggest(s, f.IDs()))
		case len(f.Choices) == 0 && !f.Fits(s), f.Shape != "" && !f.Fits(s):
			v.Bad("a value that " + f.Key + " can have")
		}
	}
	if f.Kind == catalog.Resources {
		out.Typed = written
	} else {
		for _, s := range written {
			out.Items = append(out.Items, catalog.Item{ID: s})
		}
	}
	return out, len(v.Problems) == before
}

// afterItems reports an item that nobody can ask for behind those before it.
func (v value) afterItems(cfg *Config, before []approvals.BundleItem, i approvals.BundleItem) {
	form, _ := cfg.entryOf(i.App).Action(i.Action)
	for n, o := range before {
		of, _ := cfg.entryOf(o.App).Action(o.Action)
		switch {
		case o.App != i.App:
		case form.New && of.New:
			v.Wrong(v.At, "the item makes a second account in %s for the same person, which nobody can ask for; expected one of the two", i.App)
		case of.New && all(cfg.entryOf(o.App), o) && given(i, form) != "":
			v.Wrong(v.At, "item %d makes an account that sees everything anyway, so nobody can ask for this; expected it left out", n+1)
		case form.New:
			v.Wrong(v.At, "the item makes the account in %s that item %d needs; expected it before that", i.App, n+1)
		case i.Action == o.Action && sameTyped(i.Values, o.Values):
			v.Wrong(v.At, "the item is the same as item %d; expected it once", n+1)
		}
	}
}

func sameTyped(a, b catalog.Values) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(v catalog.Value) bool {
		o, ok := b.Get(v.Key)
		return !ok || !slices.Equal(v.Typed, o.Typed) || !catalog.SameItems(v.Items, o.Items)
	})
}

// unaskable finds items that the policies refuse whoever asks.
func (r *reading) unaskable(cfg *Config) {
	for _, b := range cfg.Bundles {
		for n, i := range b.Items {
			first := slices.IndexFunc(cfg.Rules, func(p PolicyConfig) bool { return p.Matches(i.App, i.Action) })
			switch {
			case first < 0:
				r.Warn(b.items[n], "no policy is about %s in %s, so bundle %s is always refused; add one, or leave the item out", i.Action, i.App, b.ID)
			case cfg.Rules[first].Refusal != "" && !cfg.Rules[first].When.Any():
				r.Warn(b.items[n], "policy %s refuses %s in %s, so bundle %s is always refused; leave the item out", terminal.Quoted(cfg.Rules[first].Name), i.Action, i.App, b.ID)
			}
		}
	}
}

// all reports whether the account that an item makes sees everything anyway.
func all(e *catalog.Entry, i approvals.BundleItem) bool {
	sort, _ := e.SortOf(i.Values.ID(e.Sort))
	return sort.All
}

// given is the key of the first field of resources that an item has; "": it has none.
func given(i approvals.BundleItem, form catalog.Action) string {
	for _, f := range form.Resources() {
		if i.Values.Has(f.Key) {
			return f.Key
		}
	}
	return ""
}

func hasField(form catalog.Action, key string) bool {
	_, ok := form.Field(key)
	return ok
}

func fieldKeys(form catalog.Action) (keys []string) {
	for _, f := range form.Fields {
		keys = append(keys, f.Key)
	}
	return keys
}

// entryOf is what can be asked of an app, by its id; nil: there is no such app.
func (c *Config) entryOf(id string) *catalog.Entry {
	for _, a := range c.Apps {
		if a.ID == id {
			return c.entry(a)
		}
	}
	return nil
}
