package commands

import (
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// wish implements wisher.
func (c asking) wish(ctx context.Context, h *House, sees bool) (wish, error) {
	if c.action.New {
		return c.wishNew(ctx, h, sees)
	}
	if c.needs > 0 {
		return c.wishAfter(ctx, h, sees)
	}
	m, err := h.target(ctx, c, sees)
	switch {
	case err != nil:
		return wish{}, err
	case m.left && c.action.Effect == catalog.Gives:
		return wish{}, gone(c.whom)
	}
	says := approvals.SaysOf(c.action)
	sort, _ := m.app.Entry.SortOf(m.seat.Sort)
	if sees && m.known && sort.All && len(c.action.Resources()) > 0 {
		return wish{}, c.refuse(says.AllNow, says.All, m.app, m.seat.Email, nil)
	}
	if owned := m.lists.Owned[m.seat.ID]; sees && m.known && c.action.Spares && len(owned) > 0 {
		return wish{}, c.refuse(says.BarsNow, says.Bars, m.app, m.seat.Email, owned)
	}
	w := m.wish(c)
	of := ""
	if sees && m.known {
		of = m.seat.Sort
	}
	if err = c.settle(&w, of); err != nil {
		return w, err
	}
	if sees {
		if err = c.resolve(h, &w, m.lists); err != nil {
			return w, err
		}
	}
	asked := approvals.Request{App: w.app, Action: w.action, Change: w.change}
	switch {
	case !m.left || c.action.Effect != catalog.Changes:
		return w, nil
	case asked.Gives():
		return w, gone(c.whom)
	}
	w.notes = []approvals.Text{approvals.Sayf("%v's Slack account is deactivated.", c.whom.person)}
	return w, nil
}

// wishNew asks for an account that is not there yet.
func (c asking) wishNew(ctx context.Context, h *House, sees bool) (w wish, err error) {
	w = wish{action: c.action.Key, reason: c.reason, said: c.said(), change: approvals.Change{FirstName: c.first, LastName: c.last}}
	if w.app, err = h.appOf(c); err != nil {
		return w, err
	}
	if err = c.settle(&w, ""); err != nil {
		return w, err
	}
	email, left, err := h.email(ctx, c.whom, sees, newEmail)
	switch {
	case err != nil:
		return w, err
	case left:
		return w, gone(c.whom)
	}
	w.change.Email, w.change.Person = email, c.whom.person
	return w, h.free(c, &w, sees)
}

// free counts the seats as far as memory knows them, and refuses an address that has one where somebody asks who
// may know. A vendor of which nothing is known keeps nobody from asking: the card completes itself, and the deed
// looks again before it acts.
func (h *House) free(c asking, w *wish, sees bool) error {
	lists, email := h.Inventory.Remembered(w.app.ID, c.matter()...), w.change.Email
	w.seats = count(lists.Seats)
	seat, listed := find(lists.Seats, email)
	if sees && listed && lists.GoodSeats {
		h.Inventory.Renew(w.app.ID, approvals.Seats) // the seat may be gone since the list was read: whoever tries again is told anew
		says := approvals.SaysOf(c.action)
		if sort, _ := w.app.Entry.SortOf(seat.Sort); sort.All {
			says.ThereNow, says.There = says.ThereAllNow, says.ThereAll
		}
		no := c.refuse(says.ThereNow, says.There, w.app, email, nil)
		if sort, _ := w.app.Entry.SortOf(seat.Sort); !sort.All {
			no.instead = c.instead()
		}
		return no
	}
	if sees {
		if err := c.resolve(h, w, lists); err != nil {
			return err
		}
	}
	if reads := w.app.Entry.Reads; reads.Used || w.change.Values.Typed() {
		w.look = &approvals.Look{Owed: reads.Used && (listed || !lists.GoodSeats) || w.change.Values.Typed()}
	}
	return nil
}

// matter are the lists that say what the command means.
func (c asking) matter() []approvals.List {
	list := []approvals.List{approvals.Seats}
	for _, f := range c.action.Resources() {
		if c.values.Has(f.Key) {
			list = append(list, approvals.List(f.Resource))
		}
	}
	return list
}

// refuse says in the app's words what stands against a wish, about some resources; inForm says the same under a form.
func (c asking) refuse(now, inForm catalog.Words, app approvals.App, email string, items []catalog.Item) placed {
	held, _ := app.Entry.Held()
	say := func(w catalog.Words) approvals.Text {
		return approvals.Fill(w, func(place string) any {
			switch place {
			case catalog.PlaceApp:
				return app.Name
			case catalog.PlaceEmail, catalog.PlaceWho:
				return email
			case catalog.PlaceCount:
				return held.Noun.Count(len(items))
			case catalog.PlaceList:
				return approvals.Labels(items)
			}
			return nil
		})
	}
	return placed{error: &approvals.Error{Code: approvals.Conflict, Say: say(now)}, at: PlaceWhom, inForm: say(inForm)}
}

// said is how the wish was put.
func (c asking) said() approvals.Said {
	said := c.whom.said()
	for _, f := range c.action.Resources() {
		if v, ok := c.values.Get(f.Key); ok {
			said.Typed = append(said.Typed, catalog.Value{Key: f.Key, Typed: v.Typed})
		}
	}
	return said
}

// instead is the form for the next best thing to an account that is there already, with what was asked for in it.
func (c asking) instead() *Draft { return together{each: []asking{c}}.instead() }

// instead is that form for several; nil where there is nothing of that sort, or no form can hold them.
func (c together) instead() *Draft {
	next, ok := c.each[0].app.Entry.Action(c.each[0].action.Instead)
	if !ok {
		return nil
	}
	all := together{}
	for _, one := range c.each {
		one.action, one.first, one.last = next, "", ""
		all.each = append(all.each, one)
	}
	if len(all.each) > 1 {
		return all.drafted()
	}
	return all.each[0].drafted()
}
