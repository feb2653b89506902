package commands

import (
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// already says that what is asked was set up before, to who may not read what vendors hold: by their own requests alone,
// which they can read on their Home too. It is a warning and no refusal, because what is there now the vendor alone knows,
// and nothing of that may show in an answer to them; nil: nothing is known of it.
func (h *House) already(ctx context.Context, by approvals.PersonID, c asking, want wish) (approvals.Text, error) {
	if c.action.Effect != catalog.Gives {
		return nil, nil
	}
	gave, err := h.Desk.Gave(ctx, by)
	if err != nil {
		return nil, err
	}
	mine := theirs{who: by, gave: gave}.only(func(a approvals.App, o approvals.Holder) bool {
		typed := c.whom.email != "" || c.whom.person == by
		return a.ID == want.app.ID && (typed && o.Email != "" && approvals.SameEmail(o.Email, want.change.Email) || c.whom.person != "" && o.Person == c.whom.person)
	})
	for _, o := range mine.held() {
		if c.action.New && o.Seat {
			return approvals.Sayf("I set up an account in %v for %v already, %v (*#%v*). If it's still there, this can't be done a second time.", o.App.Name, o.Holder.Text(), o.Since, o.Number), nil
		}
		if r, ok := approvals.GaveSame(mine.gave, o, c.action.Key, want.said); ok && !c.action.New {
			return approvals.Sayf("I set up exactly this already, %v (*#%v*). If it's still there, this changes nothing.", r.Outcome.At, r.Number), nil
		}
	}
	return nil, nil
}

// had warns in a form of what was set up already, and offers the next best thing. What can't be read stands against nothing.
func (h *House) had(ctx context.Context, by approvals.PersonID, s *Sheet, c asking, want wish) []approvals.Text {
	there, err := h.already(ctx, by, c, want)
	if err != nil || there == nil {
		return nil
	}
	if s.Instead = c.instead(); s.Instead != nil {
		s.Offer = h.labelOf(*s.Instead)
	}
	return []approvals.Text{there}
}
