package commands

import (
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// goTheirWays settles, of each field before which it is asked which way its choice is to be, which way that is by now, and
// what is chosen of it: a choice of another way was left behind with that. It is the default where that goes this way, the
// only one where there is one; else it is still open.
func (d *Draft) goTheirWays(a catalog.Action) {
	for _, f := range a.Fields {
		if f.First == nil {
			continue
		}
		choice := ""
		if len(d.Chosen[f.Key]) > 0 {
			choice = d.Chosen[f.Key][0]
		}
		way := f.WayOf(d.Ways[f.Key], choice)
		if d.Ways == nil {
			d.Ways = map[string]string{}
		}
		d.Ways[f.Key] = way
		of := f.OfWay(way)
		goes := func(id string) bool {
			return slices.ContainsFunc(of, func(c catalog.Choice) bool { return c.ID == id })
		}
		switch {
		case goes(choice):
		case goes(f.Default):
			d.Chosen[f.Key] = []string{f.Default}
		case len(of) == 1:
			d.Chosen[f.Key] = []string{of[0].ID}
		default:
			delete(d.Chosen, f.Key)
		}
	}
}

// Picked are the choices that are made in a form, as values.
func (d Draft) Picked(a catalog.Action) (v catalog.Values) {
	for _, f := range a.Fields {
		if ids := d.Chosen[f.Key]; len(f.Choices) > 0 && len(ids) > 0 {
			v = v.With(catalog.Value{Key: f.Key, Items: f.ItemsOf(ids)})
		}
	}
	return v
}

// elsewhere answers a field of a line that is only asked for beside another choice: with the line without it, and with that
// choice.
func (l *line) elsewhere(c asking) *Reply {
	for _, f := range c.action.Fields {
		if !c.values.Has(f.Key) || c.action.Applies(f, c.values) {
			continue
		}
		without := c
		without.values = c.values.Without(f.Key)
		fixed := []string{without.Typed()}
		cond := f.Condition()
		if cond.Not {
			return choose(l.guide, fixed, approvals.Sayf("`%v=` doesn't go with `%v=%v`. Leave it out:", f.Key, cond.Field, cond.Value))
		}
		with := c.with(catalog.Value{Key: cond.Field, Items: []catalog.Item{{ID: cond.Value}}})
		return choose(l.guide, append([]string{with}, fixed...), approvals.Sayf("`%v=` only goes with `%v=%v`. Which do you mean?", f.Key, cond.Field, cond.Value))
	}
	return nil
}
