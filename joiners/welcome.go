package joiners

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Welcome carries out intents of kind "welcome": what somebody is offered who has come is asked, and kept with the coming. A crash in
// between finds what was asked by the coming's key, and asks nothing twice. What can't be found out is tried again.
func (d *Desk) Welcome(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at := now()
		c, err := d.Book.Coming(ctx, NumberOf(job.Key))
		switch {
		case errors.Is(err, ErrNone), err == nil && !c.open():
			return outbox.Done()
		case err == nil && (c.Gone || c.Left):
			err = d.farewell(ctx, c, at)
		case err == nil:
			err = d.welcome(ctx, c, at)
		}
		if err != nil {
			d.Log.WarnContext(ctx, "what somebody is offered who has come can't be asked now; it's tried again", "coming", c.Number, "err", err)
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, 5*time.Second, 10*time.Minute)), err.Error())
		}
		return outbox.Done()
	})
}

func (d *Desk) welcome(ctx context.Context, c Coming, now time.Time) error {
	who, err := d.Directory.Person(ctx, c.Person)
	if err != nil {
		return fmt.Errorf("look up who came: %w", err)
	}
	if who.ID == "" {
		who.ID = c.Person
	}
	stays, err := d.stays(ctx, c, who)
	switch {
	case err != nil:
		return err
	case !who.Full():
		return d.over(ctx, c, CalledOff, "not an active full member", now)
	case !stays:
		return d.over(ctx, c, CalledOff, "not there any more", now)
	}
	rolls, err := d.Book.Rolls(ctx)
	if err != nil {
		return err
	}
	if c.From == "" && c.Into != approvals.Workspace {
		c.From = rolls.wentFrom(c.Person, c.Into)
	}
	if err := d.takeBack(ctx, c, now); err != nil {
		return err
	}
	return d.ask(ctx, c, who, now)
}

// stays reports whether somebody still is where they came to.
func (d *Desk) stays(ctx context.Context, c Coming, who approvals.Person) (bool, error) {
	if c.Into == approvals.Workspace {
		return who.Active, nil
	}
	people, err := approvals.Members(ctx, d.Directory, c.Into)
	if err != nil {
		return false, fmt.Errorf("read group %s: %w", c.Into, err)
	}
	return slices.Contains(people, c.Person), nil
}

// takeBack takes back what was offered before it was known that they left another group: it is asked anew, beside what goes.
func (d *Desk) takeBack(ctx context.Context, c Coming, now time.Time) error {
	if c.Before == 0 {
		return nil
	}
	before, err := d.Book.Coming(ctx, c.Before)
	if err != nil || len(before.Requests) == 0 {
		return err
	}
	_, err = d.Requests.Withdraw(ctx, before.Requests, approvals.Sayf("%v left %v too, and both are asked on one card", c.Person, c.From), now)
	return err
}

// ask asks for what somebody is offered and, of who has left another group, that what came with that be given back.
func (d *Desk) ask(ctx context.Context, c Coming, who approvals.Person, now time.Time) error {
	o := approvals.Occasion{Kind: approvals.OccasionJoined, ID: c.Key(), Person: c.Person, Name: who.Name, Email: who.Email, At: c.At}
	if c.Into != approvals.Workspace {
		o.Into = c.Into
	}
	var asks []approvals.Ask
	add := func(some []approvals.Ask, notes []approvals.Text, err error) error {
		asks, o.Notes = append(asks, some...), append(o.Notes, notes...)
		return err
	}
	gets := d.of(c.Into)
	for _, b := range gets {
		if err := add(d.Offers.Offer(ctx, b, who)); err != nil {
			return fmt.Errorf("find what %s comes to: %w", b.ID, err)
		}
	}
	if had := d.of(c.From); c.From != "" && len(had) > 0 {
		offered := len(asks)
		if err := add(d.Offers.Reclaim(ctx, had, gets, who)); err != nil {
			return fmt.Errorf("find what came with %s: %w", c.From, err)
		}
		if len(asks) > offered {
			o.Kind, o.From = approvals.OccasionMoved, c.From
		}
	}
	if len(asks) == 0 {
		return d.over(ctx, c, Nothing, reason(o.Notes, "they have it already"), now)
	}
	manager, err := d.Requests.ManagerOf(ctx, c.Person)
	if err != nil {
		return fmt.Errorf("find their manager: %w", err)
	}
	if manager.By != "" {
		o.Told = []approvals.PersonID{manager.By}
	}
	list, _, err := d.Requests.OpenOccasion(ctx, o, asks, now)
	if not, none := errors.AsType[*approvals.NotAll](err); none {
		return d.over(ctx, c, Nothing, against(not), now)
	}
	if err != nil {
		return err
	}
	for _, r := range list {
		c.Requests = append(c.Requests, r.Number)
	}
	return d.over(ctx, c, Offered, "", now)
}

// reason is why nothing is asked.
func reason(notes []approvals.Text, otherwise string) string {
	if len(notes) == 0 {
		return otherwise
	}
	return approvals.Join(notes, " ").Plain()
}

// against is what stands against all that was to be asked.
func against(not *approvals.NotAll) string {
	var why []approvals.Text
	for i := range len(not.Each) {
		if no := not.Each[i]; no != nil {
			why = append(why, no.Say)
		}
	}
	return approvals.Join(why, " ").Plain()
}

// over keeps what came of a coming.
func (d *Desk) over(ctx context.Context, c Coming, to State, why string, now time.Time) error {
	c = c.clone()
	was := c.State
	c.State, c.Why = to, why
	return d.admit(ctx, func(tx Tx) error {
		is, err := tx.Coming(c.Number)
		if err != nil || is.State != was {
			return err
		}
		c.Gone, c.Left = is.Gone, is.Left
		if err := keep(tx, c, was, "somebody who came was welcomed", now); err != nil || to != Offered {
			return err
		}
		if c.open() { // they went while it was asked
			if err := tx.Change(outbox.AtOnce(WelcomeKey(c.Number), 0, now)); err != nil {
				return err
			}
		}
		rolls, err := tx.Rolls()
		if err != nil {
			return err
		}
		rolls = rolls.clone()
		rolls.Open = append(rolls.Open, Going{Person: c.Person, Group: c.Into, At: now, Coming: c.Number})
		return tx.KeepRolls(rolls)
	})
}
