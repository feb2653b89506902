package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/register"
)

// What a bundle comes to for somebody whom nobody asks it for: Usher offers it, because they are new somewhere. It is worked out as
// if somebody asked who may read what vendors hold, without what they have already; nothing of it is asked here.

// Offer is what of a bundle somebody doesn't have, in its order, and notes are why something of it can't be asked. An error means that
// it couldn't be found out.
func (h *House) Offer(ctx context.Context, b approvals.Bundle, who approvals.Person) (asks []approvals.Ask, notes []approvals.Text, err error) {
	held, err := h.holds(ctx, who, b)
	if err != nil {
		return nil, nil, err
	}
	first, last := namesOf(who)
	l := &line{speech: h.speech()}
	t := l.itemsOf(bundle{of: b, whom: whom{person: who.ID, label: who.Name}, first: first, last: last})
	places := map[int]int{} // where among the asks each item stands, both counted from 1
	for i, c := range t.each {
		lacks, some := held.lacks(c)
		if !some {
			continue
		}
		c = lacks
		switch {
		case c.needs > 0 && places[c.needs] == 0:
			c.needs = 0 // the account is there
		case c.needs > 0:
			c.needs = places[c.needs]
		}
		a, note, err := h.askFor(ctx, c, who)
		if err != nil {
			return nil, nil, err
		}
		if note != nil {
			notes = append(notes, approvals.Sayf("%v: %v", t.naming(c), note))
			continue
		}
		places[i+1] = len(asks) + 1
		a.Bundle, a.Item = b, len(asks)+1
		asks = append(asks, a)
	}
	return asks, notes, nil
}

// Reclaim is what somebody has that is in some bundles and in none of the others, as what takes it back.
func (h *House) Reclaim(ctx context.Context, of, but []approvals.Bundle, who approvals.Person) (asks []approvals.Ask, notes []approvals.Text, err error) {
	held, err := h.holds(ctx, who, of...)
	if err != nil {
		return nil, nil, err
	}
	kept := h.allOf(but, who)
	var whole []string // the apps whose account goes, and all that hangs on it
	for _, c := range h.allOf(of, who) {
		c, goes := held.goes(c, kept)
		if !goes || slices.Contains(whole, c.app.ID) {
			continue
		}
		if c.action.Ends {
			whole = append(whole, c.app.ID)
			asks = slices.DeleteFunc(asks, func(a approvals.Ask) bool { return a.App.ID == c.app.ID })
		}
		a, note, err := h.askFor(ctx, c, who)
		switch {
		case err != nil:
			return nil, nil, err
		case note != nil:
			notes = append(notes, approvals.Sayf("%v in %v: %v", or(c.action.Label, string(c.action.Key)), c.app.Name, note))
		case !slices.ContainsFunc(asks, func(o approvals.Ask) bool { return o.App.ID == a.App.ID && o.Action == a.Action && sameTyped(o, a) }):
			asks = append(asks, a)
		}
	}
	return asks, notes, nil
}

// allOf are the items of some bundles, as asked for somebody.
func (h *House) allOf(list []approvals.Bundle, who approvals.Person) (all []asking) {
	l := &line{speech: h.speech()}
	for _, b := range list {
		all = append(all, l.itemsOf(bundle{of: b, whom: whom{person: who.ID, label: who.Name}}).each...)
	}
	return all
}

func sameTyped(a, b approvals.Ask) bool { return typedOf(a.Said.Typed) == typedOf(b.Said.Typed) }

func typedOf(v catalog.Values) string { return strings.ToLower(fmt.Sprint(v)) }

// askFor is what one thing comes to; note is why it can't be asked.
func (h *House) askFor(ctx context.Context, c asking, who approvals.Person) (a approvals.Ask, note approvals.Text, err error) {
	w, err := c.wish(ctx, h, true)
	if say, ofThis := said(err); err != nil && ofThis {
		return a, say, nil
	}
	if err != nil {
		return a, nil, err
	}
	w.said.Person = who.ID
	return approvals.Ask{App: w.app, Action: w.action, Change: w.change, Seats: w.seats, Said: &w.said, Look: w.look, Needs: c.needs}, nil, nil
}

// having is what somebody holds.
type having []register.Entry

// holds is what somebody holds, as far as it is known; what a vendor can't say just now has to be known before anything is offered.
func (h *House) holds(ctx context.Context, who approvals.Person, of ...approvals.Bundle) (having, error) {
	if h.Register == nil {
		return nil, nil
	}
	all, err := h.Register.OfPerson(ctx, who)
	if err != nil {
		return nil, fmt.Errorf("find what %s holds: %w", who.ID, err)
	}
	for _, b := range of {
		if i := slices.IndexFunc(b.Items, func(i approvals.BundleItem) bool { return slices.Contains(all.Unread, i.App) }); i >= 0 {
			return nil, fmt.Errorf("find what %s holds: %s can't be read", who.ID, b.Items[i].App)
		}
	}
	return slices.DeleteFunc(all.Entries, func(e register.Entry) bool { return e.Missing || !e.Removed.IsZero() }), nil
}

// lacks is what of an item of a bundle somebody doesn't have; false: nothing.
func (l having) lacks(c asking) (asking, bool) {
	if c.action.New {
		return c, !slices.ContainsFunc(l, func(e register.Entry) bool { return e.App.ID == c.app.ID && (e.Seat || e.Found) })
	}
	fields := c.action.Resources()
	some := len(fields) == 0
	for _, f := range fields {
		v, given := c.values.Get(f.Key)
		if !given {
			continue
		}
		v.Typed = slices.DeleteFunc(slices.Clone(v.Typed), func(word string) bool { return len(l.named(c.app, word)) > 0 })
		c.values, some = c.values.With(v), some || len(v.Typed) > 0
	}
	return c, some
}

// goes is what takes back what somebody has of an item of a bundle and no kept item gives too; false: nothing does, or is to.
func (l having) goes(c asking, kept []asking) (asking, bool) {
	undo, ok := c.app.Entry.Action(c.action.Undo)
	if !ok {
		return c, false
	}
	back := asking{app: c.app, named: c.named, action: undo, whom: c.whom, picked: true}
	if c.action.New {
		_, lacks := l.lacks(c)
		return back, !lacks && !slices.ContainsFunc(kept, func(k asking) bool { return k.app.ID == c.app.ID && k.action.New })
	}
	for _, f := range undo.Resources() {
		v, _ := c.values.Get(f.Key)
		v.Typed = l.ids(c.app, v.Typed)
		for _, k := range kept {
			if stays, given := k.values.Get(f.Key); given && k.app.ID == c.app.ID {
				stay := l.ids(c.app, stays.Typed)
				v.Typed = slices.DeleteFunc(v.Typed, func(id string) bool { return slices.Contains(stay, id) })
			}
		}
		if len(v.Typed) > 0 {
			back.values = append(back.values, catalog.Value{Key: f.Key, Typed: v.Typed})
		}
	}
	return back, len(back.values) > 0
}

// ids are those of what somebody has in an app that some words name.
func (l having) ids(app approvals.App, words []string) (out []string) {
	for _, word := range words {
		for _, id := range l.named(app, word) {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// named is what somebody has in an app that a word names.
func (l having) named(app approvals.App, word string) (ids []string) {
	for _, e := range l {
		if e.App.ID != app.ID {
			continue
		}
		for _, n := range approvals.NameItems(e.Items, []string{word}) {
			if n.One() {
				ids = append(ids, n.Items[0].ID)
			}
		}
	}
	return ids
}

// namesOf are somebody's first and last name: as Slack has them, else what they are called, at its first space.
func namesOf(who approvals.Person) (first, last string) {
	first, last = who.First, who.Last
	if blank(first) {
		first, last, _ = strings.Cut(strings.TrimSpace(who.Name), " ")
	}
	return fitting(first), fitting(strings.TrimSpace(last))
}

// fitting is as much of a name as fits.
func fitting(name string) string {
	if letters := []rune(name); len(letters) > nameLimit {
		return string(letters[:nameLimit])
	}
	return name
}
