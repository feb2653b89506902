package joiners

import (
	"context"
	"errors"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Who goes again, from the group or for good, is offered nothing any more: what nobody has decided by then is taken back, and the
// card says why. What somebody said yes to goes on.

// Leaves takes back what nobody has decided of what somebody was offered who leaves for good, before anybody finds out what they
// hold: what they would have given back is then asked as what a leaver holds. A crash after it is kept leaves it promised.
func (d *Desk) Leaves(ctx context.Context, who approvals.PersonID, now time.Time) error {
	rolls, err := d.Book.Rolls(ctx)
	if err != nil {
		return err
	}
	numbers := rolls.comings(who)
	if len(numbers) == 0 {
		return nil
	}
	var left []Coming
	err = d.admit(ctx, func(tx Tx) error {
		left = nil
		for _, n := range numbers {
			c, err := tx.Coming(n)
			switch {
			case err != nil:
				return err
			case c.State != Waiting && c.State != Offered:
				continue
			}
			c.Left = true
			if err := errors.Join(keep(tx, c, c.State, "somebody who came leaves", now), tx.Change(outbox.AtOnce(WelcomeKey(n), 0, now))); err != nil {
				return err
			}
			left = append(left, c)
		}
		return nil
	})
	for _, c := range left {
		if err == nil && c.State == Offered {
			err = d.farewell(ctx, c, now)
		}
	}
	return err
}

// farewell takes back what nobody has decided of what somebody was offered who has gone again.
func (d *Desk) farewell(ctx context.Context, c Coming, now time.Time) error {
	say, kept := approvals.Sayf("%v isn't in %v any more", c.Person, c.Into), "left the group again"
	switch {
	case c.Left:
		say, kept = approvals.Sayf("%v left", c.Person), "left"
	case c.Into == approvals.Workspace:
		say, kept = approvals.Sayf("%v isn't an active full member any more", c.Person), "not an active full member any more"
	}
	if len(c.Requests) > 0 {
		if _, err := d.Requests.Withdraw(ctx, c.Requests, say, now); err != nil {
			return err
		}
	}
	return d.over(ctx, c, CalledOff, kept, now)
}
