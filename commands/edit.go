package commands

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Editing is who edits which request, in which form.
type Editing struct {
	Request int64
	By      approvals.PersonID
	// Form names the form that is open, and Edition is how often the request had been edited when it was opened.
	Form    string
	Edition int
	// Timeless says that it has no place for how long: an earlier version drew it. Then that stays.
	Timeless bool
}

// EditSheet finds out what to draw for somebody who edits a request: its own form, filled in with what it asks. Who may not
// decide it is told so before there is anything to fill in.
func (h *House) EditSheet(ctx context.Context, n int64, by approvals.PersonID, now time.Time) (approvals.Request, Sheet, error) {
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	r, err := h.Desk.Request(ctx, n)
	if err != nil {
		return r, Sheet{}, err
	}
	if r, err = h.Desk.MayEdit(ctx, n, approvals.Actor(by), r.Edition(), "", now); err != nil {
		return r, Sheet{}, err
	}
	s, err := h.editSheet(ctx, r, by)
	if err != nil {
		return r, s, err
	}
	if !s.Sees {
		h.ownWords(&s)
	}
	for _, f := range s.Action.Resources() {
		if s.Sees {
			s.Items[f.Key] = r.Change.Values.Items(f.Key)
		}
	}
	s.Notes = h.lost(r, s)
	return r, s, nil
}

// EditSheetAgain is EditSheet for what has been filled in by now. Whether they may still edit it, and what, is asked when the
// form is sent: what they wrote until then stays.
func (h *House) EditSheetAgain(ctx context.Context, n int64, by approvals.PersonID, d Draft) (approvals.Request, Sheet, error) {
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	r, err := h.Desk.Request(ctx, n)
	if err != nil {
		return r, Sheet{}, err
	}
	s, err := h.editSheet(ctx, r, by)
	if err != nil {
		return r, s, err
	}
	d.App, d.Action = s.Draft.App, s.Draft.Action
	s.Draft = d.clone()
	s.Draft.goTheirWays(s.Action)
	h.pick(&s)
	return r, s, nil
}

// editSheet is the form of a request as it is, with nothing in its menus.
func (h *House) editSheet(ctx context.Context, r approvals.Request, by approvals.PersonID) (Sheet, error) {
	s := Sheet{Apps: h.speech().asked(), App: r.App, Action: r.Form(), Sees: h.approver(ctx, by) == approvals.May, Items: map[string][]catalog.Item{}}
	zone, err := h.zoneFor(ctx, r, by)
	s.Draft = draftOf(r, s.Sees, zone)
	s.Draft.goTheirWays(s.Action)
	return s, err
}

// draftOf is a form as what a request asks fills it in, for somebody of a time zone. Whom it is for isn't in it.
func draftOf(r approvals.Request, sees bool, zone *time.Location) Draft {
	d := (Draft{App: r.App.ID, Action: r.Action, For: ForOutside, Email: r.Change.Email, First: r.Change.FirstName, Last: r.Change.LastName}).clone()
	for _, f := range r.Form().Fields {
		v, has := r.Change.Values.Get(f.Key)
		switch ids := r.Change.Values.IDs(f.Key); {
		case !has:
		case f.Kind == catalog.Resources && sees:
			d.Chosen[f.Key], d.Typed[f.Key] = ids, written(v.Typed)
		case f.Kind == catalog.Resources:
			names := slices.Clone(v.Typed)
			for _, i := range v.Items {
				names = append(names, i.Label())
			}
			d.Typed[f.Key] = written(names)
		case f.Kind == catalog.SomeOf && len(ids) == 0:
			d.Chosen[f.Key] = []string{NoneOf}
		case len(f.Choices) > 0:
			d.Chosen[f.Key] = ids
		case len(ids) > 0:
			d.Typed[f.Key] = ids[0]
		}
	}
	lastingOf(r.Term, zone).drafted(&d)
	return d
}

// lost says which resources of a request could not be found, so that they can be picked, and which of its list are there no
// more, as far as a good list says so.
func (h *House) lost(r approvals.Request, s Sheet) (notes []approvals.Text) {
	for _, f := range s.Action.Resources() {
		v, _ := r.Change.Values.Get(f.Key)
		for _, t := range v.Typed {
			notes = append(notes, approvals.Sayf("I'm not sure which %v “%v” is. Please pick it below.", f.Noun.One, short(t)))
		}
		list := h.Inventory.Remembered(r.App.ID, approvals.List(f.Resource)).Items[f.Resource]
		for _, i := range v.Items {
			if s.Sees && list.Good && !slices.ContainsFunc(list.Items, func(o catalog.Item) bool { return o.ID == i.ID }) {
				notes = append(notes, approvals.Sayf("%v has no %v “%v” any more. Please take it out.", r.App.Name, f.Noun.One, i.Label()))
			}
		}
	}
	return notes
}

// Edit changes what a request asks to what a form says, by the checks of a typed line. What is wrong with the form is said in
// Mistakes, and nothing is changed then; an error is none of the form's. A form that was taken before changes nothing more.
func (h *House) Edit(ctx context.Context, d Draft, e Editing, now time.Time) (approvals.Request, Mistakes, error) {
	by := approvals.Actor(e.By)
	r, err := h.Desk.MayEdit(ctx, e.Request, by, e.Edition, e.Form, now)
	switch {
	case r.EditedIn(e.Form):
		return r, nil, nil
	case err != nil:
		return h.unedited(ctx, r, err)
	}
	sees := h.approver(ctx, e.By) == approvals.May
	zone, err := h.zoneFor(ctx, r, e.By)
	if err != nil {
		return r, nil, err
	}
	was := draftOf(r, sees, zone)
	d.App, d.Action, d.For, d.Person, d.Email = was.App, was.Action, was.For, "", was.Email
	c, wrong := h.fill(d, e.By)
	delete(wrong, PlaceWhom) // it is whom it was asked for, and stays so
	c.whom = whom{email: r.Change.Email}
	if blank(c.reason) {
		wrong[PlaceReason] = approvals.Sayf("Please write why: whoever asked reads that.")
	}
	if len(wrong) > 0 {
		return r, wrong, nil
	}
	want, err := h.changed(ctx, c, sees)
	if place, say := mistaken(err); say != nil {
		return r, Mistakes{place: h.named(ctx, say)}, nil
	}
	if err != nil {
		return r, nil, err
	}
	term, err := h.lengthOf(ctx, r, c, e, d.sameLong(was))
	if err != nil {
		return r, nil, err
	}
	r, err = h.Desk.Edit(ctx, e.Request, approvals.Wanted{By: by, Surface: surface, Why: c.reason, Form: e.Form, Edition: e.Edition,
		FirstName: c.first, LastName: c.last, Values: h.kept(r, c, want.change.Values, d, was, sees), Term: term, Seats: want.seats, Look: want.look}, now)
	return h.unedited(ctx, r, err)
}

// changed finds out what a form comes to, as for somebody who asks.
func (h *House) changed(ctx context.Context, c asking, sees bool) (wish, error) {
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	return c.wish(ctx, h, sees)
}

// kept are the values that a form comes to. A field of resources that nobody touched stays what it was, whatever its names
// would mean by now, and so do words of which it isn't known yet what they mean, as long as nobody picked it; and one that was picked is known by its id, also where its list is too old to refuse by.
func (h *House) kept(r approvals.Request, c asking, values catalog.Values, d, was Draft, sees bool) catalog.Values {
	for _, f := range c.action.Resources() {
		before, had := r.Change.Values.Get(f.Key)
		if slices.Equal(d.Chosen[f.Key], was.Chosen[f.Key]) && (sees || d.Typed[f.Key] == was.Typed[f.Key]) {
			if values = values.Without(f.Key); had {
				values = values.With(before)
			}
			continue
		}
		v, _ := values.Get(f.Key)
		known := append(slices.Clone(before.Items), h.Inventory.Remembered(c.app.ID, approvals.List(f.Resource)).Items[f.Resource].Items...)
		var typed []string
		for _, t := range v.Typed {
			if i := slices.IndexFunc(known, func(o catalog.Item) bool { return o.ID == t }); i >= 0 && slices.Contains(d.Chosen[f.Key], t) {
				v.Items = append(slices.Clone(v.Items), known[i])
				continue
			}
			typed = append(typed, t)
		}
		if v.Typed = typed; len(v.Items)+len(v.Typed) > 0 {
			values = values.With(v)
		}
	}
	return values
}

// unedited is an edit that was taken, or why not: in its place, where that is in the form.
func (h *House) unedited(ctx context.Context, r approvals.Request, err error) (approvals.Request, Mistakes, error) {
	var m approvals.Misplaced
	if !errors.As(err, &m) {
		if approvals.CodeOf(err) == approvals.Invalid {
			var e *approvals.Error
			errors.As(err, &e)
			return r, Mistakes{PlaceReason: e.Say}, nil
		}
		return r, nil, err
	}
	place := PlaceOf(m.Field)
	switch m.Field {
	case "":
		place = PlaceReason
	case approvals.AlteredFirst:
		place = PlaceFirst
	case approvals.AlteredLast:
		place = PlaceLast
	case approvals.AlteredLong:
		place = PlaceLong
	}
	return r, Mistakes{place: h.named(ctx, m.Err.Say)}, nil
}
