package approvals

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// MayEver reports whether somebody could come to get something, whoever it's for and for however long: false only where the
// policies refuse it, or say nothing of it, whatever isn't said yet. What can't be found out in time speaks for them.
func (d *Desk) MayEver(ctx context.Context, by PersonID, i BundleItem) bool {
	s := Situation{App: d.app(App{ID: i.App}), Action: i.Action, Values: i.Values, By: by}
	for _, p := range d.Policies {
		for _, g := range p.When.Groups() {
			members, err := d.Directory.Group(ctx, g)
			switch {
			case err != nil || !p.Matches(i.App, i.Action):
			case slices.Contains(members, by):
				s.Known.In = append(s.Known.In, g)
			default:
				s.Known.Out = append(s.Known.Out, g)
			}
		}
	}
	return slices.ContainsFunc([]time.Duration{0, time.Second}, func(lasts time.Duration) bool {
		s.Lasts = lasts
		c := Choose(d.Policies, s)
		return !c.None && (c.Open || c.Policy.Refusal == "")
	})
}

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
	if len(d.app(r.App).Pool) == 0 {
		return nil
	}
	err = d.Book.Update(ctx, func(tx Tx) error {
		_, err := d.roomInPool(tx, r)
		return err
	})
	if err != nil {
		return fmt.Errorf("foresee the pool: %w", err)
	}
	return nil
}
