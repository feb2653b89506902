package approvals

import (
	"context"
	"fmt"
	"slices"

	"github.com/usherbot/usher/catalog"
)

// Things are what a request gives to an account, or takes from it: its resources, and where its app has none that can be listed,
// what stands in the field that names one. Two are one that are written alike but for case and spaces.
func (r Request) Things() (items []catalog.Item) {
	for _, v := range r.Resources() {
		items = append(items, v.Items...)
	}
	f, ok := r.thing()
	if !ok {
		return items
	}
	as := r.as(f)
	for _, i := range r.Change.Values.Items(f.Key) {
		items = append(items, catalog.Item{ID: FoldName(i.ID), Name: i.Words(), As: as})
	}
	return items
}

// thing is the field that names what is given, by which what takes it back names it too; false: there is none.
func (r Request) thing() (catalog.Field, bool) {
	form := r.Form()
	if r.Formless() != nil || len(form.Resources()) > 0 {
		return catalog.Field{}, false
	}
	if undo, ok := r.App.Entry.Action(form.Undo); ok {
		if named, ok := undo.Thing(); ok {
			return form.Field(named.Key)
		}
	}
	return form.Thing()
}

// as is as what it is given: the first choice that is made beside it; "": none is.
func (r Request) as(thing catalog.Field) string {
	for _, f := range r.Form().Fields {
		if f.Key == thing.Key || f.Kind != catalog.OneOf {
			continue
		}
		id := r.Change.Values.ID(f.Key)
		if c, ok := f.Choice(id); ok {
			return c.Words
		}
		return id
	}
	return ""
}

// byAddress are the things that somebody has without an account: those of an app that nobody can read were given to the address,
// and stay when it gets one. What can be listed is an account's, and goes with an older one of it.
func (h Holding) byAddress() []catalog.Item {
	if _, listed := h.App.Entry.Held(); listed || h.Seat {
		return nil
	}
	return h.Items
}

// Shared is a thing that somebody has, and the request that gave it.
type Shared struct {
	catalog.Item
	Number int64
}

// beside is a request to take away an account by hand with what requests gave to it, while it matters: no list has that, and whoever
// takes the account away has to find it. To read all that was done takes a while, so it is for such requests alone.
func (d *Desk) beside(ctx context.Context, r Request) (Request, error) {
	if ends := r.Form().Ends || r.Form().New && r.Removing(); !ends || !r.Manual() || r.State.Terminal() {
		return r, nil
	}
	done, err := d.Every(ctx, Filter{State: Done})
	if err != nil {
		return r, fmt.Errorf("find what goes with #%d: %w", r.Number, err)
	}
	done = slices.DeleteFunc(done, func(o Request) bool { return o.App.ID != r.App.ID || !SameEmail(o.Change.Email, r.Change.Email) })
	last := inOrder(done)
	slices.Reverse(last)
	for _, h := range Holdings(done, ByAddress) {
		for _, item := range h.Items {
			if i := slices.IndexFunc(last, func(o Request) bool { return o.Form().Effect == catalog.Gives && o.gave(item) }); i >= 0 {
				r.Shared = append(r.Shared, Shared{item, last[i].Number})
			}
		}
	}
	return r, nil
}

// gave reports whether a request gave a thing, as what somebody has it.
func (r Request) gave(i catalog.Item) bool {
	return slices.ContainsFunc(r.Things(), func(o catalog.Item) bool { return o.ID == i.ID && o.As == i.As })
}
