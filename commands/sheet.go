package commands

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Sheet is all there is to draw of a form: what can be chosen, and what has been filled in so far.
type Sheet struct {
	Draft  Draft
	Apps   []approvals.App
	App    approvals.App
	Action catalog.Action
	// Bundles are those that can be chosen beside the apps. Bundle is the one that is chosen, Contents says what is in it, and
	// Action then stands for all of it; its zero value: none is.
	Bundles  []approvals.Bundle
	Bundle   approvals.Bundle
	Contents []approvals.Text
	// Sees says that they may read what vendors hold: resources are searched for. Who may not picks words of their own.
	Sees bool
	// Items are the resources that were picked, by the key of their field, by what is remembered of them.
	Items map[string][]catalog.Item
	// Own are the resources that were written, by the key of their field, where they may not read what there is.
	Own map[string][]Own
	// Notes are what stands against the wish as it is by now, before it is sent.
	Notes []approvals.Text
	// Stands is the request that asks for the same already, and Link leads to its card; its zero value: none does. Theirs says
	// that there is nothing more to hear of it than they hear anyway.
	Stands approvals.Name
	Link   string
	Theirs bool
	// Cards lead to those that stand in the way of several.
	Cards []Card
	// Instead is the next best thing to what can't be had, and Offer what it is called; nil: there is none.
	Instead *Draft
	Offer   string
}

// Sheet finds out what to draw for a draft, for somebody who may ask; nobody else learns anything. No vendor is waited
// for. What can't be chosen any more is as if it hadn't been.
func (h *House) Sheet(ctx context.Context, by approvals.PersonID, d Draft, now time.Time) (Sheet, error) {
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	if err := h.Desk.MayAsk(ctx, by); err != nil {
		return Sheet{}, err
	}
	s := Sheet{Draft: d.clone(), Apps: h.speech().asked(), Sees: h.approver(ctx, by) == approvals.May, Items: map[string][]catalog.Item{}}
	if !s.choose(h.speech()) {
		return s, noApp()
	}
	h.chooseBundle(ctx, by, &s)
	s.Draft.goTheirWays(s.Action)
	if s.Draft.For == "" || s.Draft.For == ForColleague && s.Draft.Person == by && !s.Draft.several() {
		s.Draft.For, s.Draft.Person = ForMe, ""
	}
	if s.Draft.For == ForColleague && s.Draft.several() && s.Action.Named {
		h.nameAll(ctx, &s.Draft)
	}
	h.name(ctx, by, &s.Draft)
	h.pick(&s)
	if s.Draft.Missing != nil {
		s.Notes = append(s.Notes, s.Draft.Missing)
	}
	s.Notes = append(s.Notes, h.warn(ctx, by, &s, now)...)
	return s, nil
}

// asked are the apps of which something can be asked.
func (s speech) asked() []approvals.App {
	return slices.DeleteFunc(slices.Clone(s.apps), func(a approvals.App) bool { return a.Entry == nil || len(a.Entry.Actions) == 0 })
}

// choose settles on an app and an action: those of the draft where they are there, else the app that is meant where none
// is named, and what makes a new account.
func (s *Sheet) choose(speech speech) bool {
	i := slices.IndexFunc(s.Apps, func(a approvals.App) bool { return a.ID == s.Draft.App })
	if i < 0 {
		meant, _ := speech.unnamed()
		i = max(slices.IndexFunc(s.Apps, func(a approvals.App) bool { return a.ID == meant.ID }), 0)
	}
	if i >= len(s.Apps) {
		return false
	}
	s.App = s.Apps[i]
	action, ok := s.App.Entry.Action(s.Draft.Action)
	if !ok {
		action = s.App.Entry.Actions[max(slices.IndexFunc(s.App.Entry.Actions, func(a catalog.Action) bool { return a.New }), 0)]
	}
	s.Action, s.Draft.App, s.Draft.Action = action, s.App.ID, action.Key
	return true
}

// name fills in the names of a person as Slack has them, where they are not filled in yet. They are for whoever fills in
// the form to correct; that Slack can't be asked leaves them empty.
func (h *House) name(ctx context.Context, by approvals.PersonID, d *Draft) {
	who, ok := d.whom(by)
	if !ok || who.person == "" || d.First != "" || d.Last != "" {
		return
	}
	if p, err := h.Directory.Person(ctx, who.person); err == nil && !p.Bot {
		d.First, d.Last, _ = strings.Cut(cut(seen(p.Name, mend), 2*nameLimit), " ")
	}
}

// pick names the resources that were picked, and picks those that were written where it is clear which are meant: what
// a typed line named is found again. What is not clear is said.
func (h *House) pick(s *Sheet) {
	if !s.Sees {
		h.ownWords(s)
		return
	}
	for _, f := range s.Action.Resources() {
		all := h.Inventory.Remembered(s.App.ID, approvals.List(f.Resource)).Items[f.Resource].Items
		typed := h.speech().resourcesIn(s.Draft.Typed[f.Key])
		c := asking{picked: true}
		for _, n := range c.means(all, append(slices.Clone(s.Draft.Chosen[f.Key]), typed...)) {
			switch {
			case n.One() && !slices.ContainsFunc(s.Items[f.Key], func(i catalog.Item) bool { return i.ID == n.Items[0].ID }):
				s.Items[f.Key] = append(s.Items[f.Key], n.Items[0])
			case n.One():
			case slices.Contains(s.Draft.Chosen[f.Key], n.Typed):
				s.Items[f.Key] = append(s.Items[f.Key], catalog.Item{ID: n.Typed})
			default:
				s.Notes = append(s.Notes, approvals.Sayf("I'm not sure which %v “%v” is. Please pick it below.", f.Noun.One, short(n.Typed)))
			}
		}
	}
}

// warn is what would be said of the wish if it were sent as it is by now: that the account is there already, that the
// same is asked. What is not filled in yet is no matter of a warning.
func (h *House) warn(ctx context.Context, by approvals.PersonID, s *Sheet, now time.Time) []approvals.Text {
	if s.Bundle.ID != "" {
		return h.warnOfBundle(ctx, by, s, now)
	}
	if s.Draft.several() {
		return h.warnOfAll(ctx, by, s, now)
	}
	c, wrong := h.fill(s.Draft, by)
	if wrong[PlaceWhom] != nil || wrong[PlaceAction] != nil {
		return nil
	}
	for key := range wrong {
		if strings.HasPrefix(string(key), string(PlaceOf(""))) {
			return nil
		}
	}
	want, err := c.wish(ctx, h, s.Sees)
	if err == nil {
		want.said.Blind = !s.Sees
		if want.term, err = h.term(ctx, c.long, by); err != nil || wrong[PlaceLong] != nil {
			want.term = nil
		}
		err = h.Desk.Foresee(ctx, approvals.Ask{Requester: by, App: want.app, Action: want.action, Change: want.change, Term: want.term, Seats: want.seats, Said: &want.said, Look: want.look}, now)
	}
	if _, say := mistaken(err); say != nil {
		var e *approvals.Error
		if errors.As(err, &e) {
			h.linked(ctx, err)
			s.Stands, s.Link, s.Theirs = e.Stands, e.Link, e.Own
		}
		if s.Instead, _ = nextBest(err); s.Instead != nil {
			s.Offer = h.labelOf(*s.Instead)
		}
		return []approvals.Text{say}
	}
	switch {
	case err != nil:
	case s.Sees:
		return h.aged(c, want)
	default:
		return h.had(ctx, by, s, c, want)
	}
	return nil
}

// aged is what a list says against a wish that is too old to refuse it by: as a warning it serves, with its age. It is
// read anew behind, for when the form is sent.
func (h *House) aged(c asking, want wish) []approvals.Text {
	lists := h.Inventory.Remembered(want.app.ID, approvals.Seats)
	seat, listed := find(lists.Seats, want.change.Email)
	switch {
	case lists.GoodSeats || lists.Seats.At.IsZero():
		return nil
	case c.action.New && listed:
		says := approvals.SaysOf(c.action)
		if sort, _ := want.app.Entry.SortOf(seat.Sort); sort.All {
			says.There = says.ThereAll
		}
		_, say := mistaken(c.refuse(says.There, says.There, want.app, want.change.Email, nil))
		return []approvals.Text{approvals.Sayf("%v Read %v.", say, lists.Seats.At)}
	case !c.action.New && !listed:
		return []approvals.Text{approvals.Sayf("%v has no account for %v. Read %v.", want.app.Name, want.change.Email, lists.Seats.At)}
	}
	return nil
}
