package config

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/terminal"
)

// ground is one action of one app, and what is known of every request for it whatever it says: what it costs, how many
// seats there are, which fields it has, whether it can be for a time.
type ground struct {
	app    AppConfig
	entry  *catalog.Entry
	action catalog.Action
}

// grounds are those that a policy is about.
func (c *Config) grounds(p approvals.Policy) (out []ground) {
	for _, a := range c.Apps {
		e := c.entry(a)
		if e == nil {
			continue
		}
		for _, action := range e.Actions {
			if p.Matches(a.ID, action.Key) {
				out = append(out, ground{a, e, action})
			}
		}
	}
	return out
}

// unturned finds the policies that can never rule anything: nothing is left to them by those before, or what they ask for
// can't be.
func (r *reading) unturned(cfg *Config, i int) {
	p := cfg.Rules[i]
	var by, keys []string
	for _, g := range cfg.grounds(p.Policy) {
		if key, never := g.never(p.When); never {
			keys = append(keys, key)
			continue
		}
		names, left := g.left(cfg.Rules[:i], p.When)
		if left {
			return
		}
		by = append(by, names...)
	}
	switch by, keys = distinctly(by), distinctly(keys); {
	case len(by) > 0:
		match := "matches"
		if len(by) > 1 {
			match = "match"
		}
		r.Warn(p.At, "policy %s never gets a turn, because %s before it %s everything it does; move it up or remove it", terminal.Quoted(p.Name), listed(by), match)
	case len(keys) > 0:
		r.Warn(p.At, "policy %s never gets a turn, because nothing it's about can ever fit its %s; correct that or remove it", terminal.Quoted(p.Name), strings.Join(keys, " and "))
	}
}

// listed names several: "a", "b" and "c".
func listed(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// distinctly keeps the first of each.
func distinctly(names []string) (out []string) {
	for _, n := range names {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// left reports whether policies leave something to one after them with these conditions, and else names those that don't.
// Where none takes it all, several may together: each whom it can be for, each choice of a field.
func (g ground) left(before []PolicyConfig, w approvals.When) (by []string, left bool) {
	for _, p := range before {
		if p.Matches(g.app.ID, g.action.Key) && g.implied(p.When, w) {
			return []string{terminal.Quoted(p.Name)}, false
		}
	}
	parts := g.parts(before, w)
	if len(parts) == 0 {
		return nil, true
	}
	for _, part := range parts {
		names, left := g.left(before, part)
		if left {
			return nil, true
		}
		by = append(by, names...)
	}
	return by, false
}

// parts are conditions that together say as much as w, each of which says more; none: there is nothing to tell apart.
func (g ground) parts(before []PolicyConfig, w approvals.When) (out []approvals.When) {
	asked := func(is func(approvals.When) bool) bool {
		return slices.ContainsFunc(before, func(p PolicyConfig) bool { return p.Matches(g.app.ID, g.action.Key) && is(p.When) })
	}
	if w.For == "" && asked(func(o approvals.When) bool { return o.For != "" }) {
		for _, who := range []approvals.Beneficiary{approvals.ForSelf, approvals.ForOther, approvals.ForExternal} {
			part := w
			part.For = who
			out = append(out, part)
		}
		return out
	}
	for _, f := range g.action.Fields {
		choices := closed(f)
		if now := fieldOf(w, f.Key); now != nil {
			choices = now.In
		}
		if closed(f) == nil || len(choices) < 2 || !asked(func(o approvals.When) bool { return fieldOf(o, f.Key) != nil }) {
			continue
		}
		others := slices.DeleteFunc(slices.Clone(w.Fields), func(is approvals.FieldIs) bool { return is.Key == f.Key })
		for _, c := range choices {
			part := w
			part.Fields = append(slices.Clone(others), approvals.FieldIs{Key: f.Key, In: []string{c}})
			out = append(out, part)
		}
		return out
	}
	return nil
}

// closed are the choices of a field of which every request has exactly one; nil: it isn't such a field.
func closed(f catalog.Field) []string {
	if f.Kind != catalog.OneOf || f.Shape != "" || !f.Required && f.Default == "" {
		return nil
	}
	return f.IDs()
}

func fieldOf(w approvals.When, key string) *approvals.FieldIs {
	if i := slices.IndexFunc(w.Fields, func(f approvals.FieldIs) bool { return f.Key == key }); i >= 0 {
		return &w.Fields[i]
	}
	return nil
}
