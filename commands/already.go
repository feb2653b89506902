package commands

import (
	"context"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// already says of each wish that what it asks was set up before, to who may not read what vendors hold: by their own requests
// alone, which they can read on their Home too. It is a warning and no refusal, because what is there now the vendor alone
// knows, and nothing of that may show in an answer to them.
func (h *House) already(ctx context.Context, by approvals.PersonID, each []asking, want []wish) error {
	if !slices.ContainsFunc(each, func(c asking) bool { return c.action.Effect == catalog.Gives }) {
		return nil
	}
	gave, err := h.Desk.Gave(ctx, by)
	if err != nil {
		return err
	}
	for i, c := range each {
		want[i].there = c.already(by, gave, want[i])
	}
	return nil
}

// already is what the requests that gave somebody something say against one more; nil: they say nothing.
func (c asking) already(by approvals.PersonID, gave []approvals.Request, want wish) approvals.Text {
	if c.action.Effect != catalog.Gives {
		return nil
	}
	mine := theirs{who: by, gave: gave}.only(func(a approvals.App, o approvals.Holder) bool {
		typed := c.whom.email != "" || c.whom.person == by
		return a.ID == want.app.ID && (typed && o.Email != "" && approvals.SameEmail(o.Email, want.change.Email) || c.whom.person != "" && o.Person == c.whom.person)
	})
	for _, o := range mine.held() {
		if c.action.New && o.Seat {
			return approvals.Sayf("I set up an account in %v for %v already, %v (*#%v*). If it's still there, this can't be done a second time.", o.App.Name, o.Holder.Text(), o.Since, o.Number)
		}
		if r, ok := approvals.GaveSame(mine.gave, o, c.action.Key, want.said); ok && !c.action.New {
			return approvals.Sayf("I set up exactly this already, %v (*#%v*). If it's still there, this changes nothing.", r.Outcome.At, r.Number)
		}
	}
	return nil
}

// had warns in a form of what was set up already, and offers the next best thing. What can't be read stands against nothing.
func (h *House) had(ctx context.Context, by approvals.PersonID, s *Sheet, c asking, want wish) []approvals.Text {
	one := []wish{want}
	if err := h.already(ctx, by, []asking{c}, one); err != nil || one[0].there == nil {
		return nil
	}
	s.Instead, s.Offer = h.nextBestOf([]asking{c})
	return []approvals.Text{one[0].there}
}

// hadOf says of one of several what was set up of it already; of a bundle, which goes together, how to go on with the rest.
func (c together) hadOf(one asking, there approvals.Text) approvals.Text {
	if c.of.ID != "" {
		return approvals.Sayf("%v The rest can be asked for by itself.", there)
	}
	return approvals.Sayf("%v: %v", c.naming(one), there)
}

// leaving says in a form what to do with one of several that was set up already.
func (h *House) leaving(one asking) approvals.Text {
	if _, instead := h.nextBestOf([]asking{one}); instead != "" {
		return approvals.Sayf("You can leave it out here, and ask for “%v” instead.", instead)
	}
	return approvals.Sayf("You can leave it out here.")
}

// onceMore are the notes to several that were just asked, with what of them was set up already, and how that one alone is
// taken back.
func (c together) onceMore(list []approvals.Request, want []wish) []approvals.Text {
	notes := notesOf(want)
	for i, w := range want {
		switch {
		case w.there == nil || i >= len(list):
		case c.of.ID != "":
			notes = append(notes, approvals.Sayf("• %v: %v", c.naming(c.each[i]), c.hadOf(c.each[i], w.there)))
		default:
			notes = append(notes, approvals.Sayf("• %v Don't need it? `/access cancel %v`", c.hadOf(c.each[i], w.there), list[i].Number))
		}
	}
	return notes
}

// hadAll are those of several of which something was set up already, and for which there is a next best thing; of a bundle, which
// is for one person, the first.
func (c together) hadAll(want []wish) (had []asking) {
	for i, w := range want {
		if w.there != nil && c.each[i].action.Instead != "" && (c.of.ID == "" || len(had) == 0) {
			had = append(had, c.each[i])
		}
	}
	return had
}

// nextBestOf is the form for the next best thing to accounts that are there already, and what it is called; nil: there is none.
func (h *House) nextBestOf(had []asking) (*Draft, string) {
	if len(had) == 0 {
		return nil, ""
	}
	d := (together{each: had}).instead()
	if d == nil {
		return nil, ""
	}
	return d, h.labelOf(*d)
}
