package leavers

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/register"
)

// What somebody holds becomes what is asked about it, in the order that keeps data safe: first the accounts that may own
// something, which are not taken while they do; then what is shared with others' accounts, then accounts, and those that
// are paid for by the seat last.

// rank is how early something is asked about.
func rank(e register.Entry) int {
	switch {
	case e.Seat && e.App.Entry != nil && e.App.Entry.Reads.Owns:
		return 0
	case !e.Seat:
		return 1
	case e.Cost == "":
		return 2
	}
	return 3
}

// itemsOf are the things that entries hold, in order.
func (d *Desk) itemsOf(ctx context.Context, l Leaving, entries []register.Entry) (items []Item, err error) {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b register.Entry) int { return cmp.Compare(rank(a), rank(b)) })
	for _, e := range entries {
		if e.Missing || e.Coming {
			continue // seen gone, or not there yet
		}
		some, why, err := d.removals(ctx, e)
		if err != nil {
			return nil, err
		}
		for _, i := range some {
			i.App, i.Email, i.What = e.App.ID, e.Email, e.Holds
			i.Change.Email, i.Change.Person = e.Email, l.Person
			if i.shown = e.Since; e.Verified.At.After(e.Since) {
				i.shown = e.Verified.At
			}
			if why != "" {
				i.Why = why
				if i.Owner, err = d.ownerOf(ctx, e.App, l.Person); err != nil {
					return nil, err
				}
			}
			items = append(items, i)
		}
	}
	return items, nil
}

// removals are what takes an entry back, as `/access return` does it: an account is taken whole, and of what is shared with one each
// thing by what undoes its giving. why is why nothing does.
func (d *Desk) removals(ctx context.Context, e register.Entry) (items []Item, why string, err error) {
	switch {
	case e.App.Entry == nil:
		return []Item{{}}, fmt.Sprintf("%s isn't set up here any more", e.App.Name), nil
	case e.Seat:
		i := slices.IndexFunc(e.App.Entry.Actions, func(a catalog.Action) bool { return a.Ends })
		if i < 0 {
			return []Item{{}}, fmt.Sprintf("%s has nothing that takes an account away", e.App.Name), nil
		}
		return []Item{asked(e.App.Entry.Actions[i], nil)}, "", nil
	}
	gave, err := d.Requests.Request(ctx, e.Request)
	if err != nil {
		return nil, "", fmt.Errorf("read what gave it: %w", err)
	}
	undo, ok := e.App.Entry.Action(gave.Form().Undo)
	if !ok {
		return []Item{{}}, fmt.Sprintf("%s has nothing that takes it back", e.App.Name), nil
	}
	return things(undo, e.Items), "", nil
}

// things are the requests that take some things back: all at once, or each by itself where an action names one at a time.
func things(undo catalog.Action, held []catalog.Item) (items []Item) {
	if fields := undo.Resources(); len(fields) > 0 {
		return []Item{asked(undo, catalog.Values{{Key: fields[0].Key, Items: held}})}
	}
	f, ok := undo.Thing()
	if !ok {
		return []Item{asked(undo, nil)}
	}
	for _, h := range held {
		v := catalog.Value{Key: f.Key, Items: []catalog.Item{{ID: h.Words()}}}
		if len(f.Choices) > 0 {
			v.Items = f.ItemsOf([]string{h.ID})
		}
		items = append(items, asked(undo, catalog.Values{v}))
	}
	return items
}

// asked is what asks for an action with some values, and the defaults of its other fields.
func asked(a catalog.Action, values catalog.Values) Item {
	for _, f := range a.Fields {
		if f.Default != "" && !values.Has(f.Key) && a.Applies(f, values) {
			values = append(values, catalog.Value{Key: f.Key, Items: f.ItemsOf([]string{f.Default})})
		}
	}
	return Item{Action: a.Key, Change: approvals.Change{Values: values}}
}

// ownerOf is who of those that look after an app sees to what can't be asked: its first owner, else the first admin, but never
// who leaves.
func (d *Desk) ownerOf(ctx context.Context, app approvals.App, leaver approvals.PersonID) (approvals.PersonID, error) {
	people, err := d.ownersOf(ctx, app)
	if err != nil {
		return "", err
	}
	for _, id := range append(people, d.Requests.Admins...) {
		if id == leaver {
			continue
		}
		p, err := d.Requests.Directory.Person(ctx, id)
		if err != nil {
			return "", err
		}
		if p.Full() {
			return id, nil
		}
	}
	return "", nil
}

// ownersOf are the people who own an app, those in its groups among them, each once.
func (d *Desk) ownersOf(ctx context.Context, app approvals.App) (people []approvals.PersonID, err error) {
	for _, o := range app.Owners {
		some := []approvals.PersonID{approvals.PersonID(o)}
		if approvals.IsGroup(o) {
			if some, err = approvals.Members(ctx, d.Requests.Directory, approvals.GroupID(o)); err != nil {
				return nil, err
			}
		}
		people = append(people, some...)
	}
	return each(people), nil
}

// each is some people, each once, in their order.
func each(people []approvals.PersonID) (out []approvals.PersonID) {
	for _, id := range people {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// ask is what is asked about an item.
func (d *Desk) ask(l Leaving, i Item) approvals.Ask {
	app := d.app(i.App)
	a := approvals.Ask{App: app, Action: i.Action, Change: i.Change, Reason: "they left", Origin: approvals.Origin{Surface: "usher"}}
	if l.Said() && l.Off.IsZero() {
		a.Reason = "they're leaving"
	}
	if app.Entry != nil && app.Entry.Reads.Used {
		a.Look = &approvals.Look{Owed: true}
	}
	return a
}

// app is an app as it is configured now.
func (d *Desk) app(id string) approvals.App {
	i := slices.IndexFunc(d.Requests.Apps, func(a approvals.App) bool { return a.ID == id })
	if i < 0 {
		return approvals.App{ID: id, Name: id}
	}
	return d.Requests.Apps[i]
}
