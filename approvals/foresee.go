package approvals

import (
	"context"
	"errors"
	"time"
)

// Foresee is what stands against asking for something now, in the words in which it would be refused, without asking
// for it: that it is asked already, that a policy refuses it. It keeps nothing and promises nothing; whoever asks is
// judged anew then. What can't be found out in time stands against nothing.
func (d *Desk) Foresee(ctx context.Context, a Ask, now time.Time) error {
	open, err := d.Every(ctx, Filter{})
	if err != nil {
		return err
	}
	a.Change, _ = d.pin(ctx, a.Change)
	r := newRequest(a, now)
	var about []Request
	for _, o := range open {
		if o.App.ID == r.App.ID && FoldEmail(o.Change.Email) == FoldEmail(r.Change.Email) {
			about = append(about, o)
		}
	}
	if _, err = besideOf(about, r); err != nil {
		return err
	}
	if err := d.known(r).termed(now); err != nil {
		return err
	}
	if _, err = d.choose(ctx, r, now); CodeOf(err) == NotAllowed || errors.Is(err, ErrTerm) {
		return err
	}
	return nil
}
