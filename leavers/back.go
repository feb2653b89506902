package leavers

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Somebody comes back: what was asked and nobody has decided is taken back, and the card says so. What somebody said yes to goes
// on, because it may be done already, and the manager hears what that is.

// withdraw takes back what was asked about somebody who is back, or stays.
func (d *Desk) withdraw(ctx context.Context, l Leaving, now time.Time) (Leaving, error) {
	if l.Withdrawn {
		return l, nil
	}
	numbers, err := d.opened(ctx, l)
	if err != nil {
		return l, err
	}
	why := approvals.Sayf("%v stays", l.Person)
	if !l.Back.IsZero() {
		why = approvals.Sayf("%v is back since %v", l.Person, l.Back)
	}
	var list []approvals.Request
	if len(numbers) > 0 {
		if list, err = d.Requests.Withdraw(ctx, numbers, why, now); err != nil {
			return l, err
		}
	}
	under := slices.ContainsFunc(list, underWay)
	return d.act(ctx, l.Number, change{what: "took back what nobody had decided", by: approvals.Usher, do: func(_ Tx, is *Leaving) (owed []outbox.Change, changed bool, err error) {
		if is.Withdrawn {
			return nil, false, nil
		}
		is.Withdrawn = true
		is.place(list)
		is.keepOwned(why, now)
		switch {
		case !under && !is.State.Over():
			is.State, is.Ended, is.EndedBy, is.Why = CalledOff, now, approvals.Usher, why.Plain()
		case under && is.Manager != "":
			owed = append(owed, outbox.AtOnce(MessageKey(is.Number, AboutBack, is.Manager), 0, now).ButOnce())
		case under:
			for _, id := range d.Requests.Admins {
				owed = append(owed, outbox.AtOnce(MessageKey(is.Number, AboutBack, id), 0, now).ButOnce())
			}
		}
		return owed, true, nil
	}}, now)
}

// keepOwned leaves with somebody who stays what nothing asked about.
func (l *Leaving) keepOwned(why approvals.Text, now time.Time) {
	for _, n := range l.Owned() {
		l.Items[n].Left = &Left{By: approvals.Usher, At: now, Why: why.Plain()}
	}
}

// underWay reports whether what a request takes away is being taken, or is gone.
func underWay(r approvals.Request) bool {
	return slices.Contains([]approvals.State{approvals.Approved, approvals.Running, approvals.Done, approvals.InDoubt, approvals.Failed}, r.State)
}

// opened are the requests that a leaving opened, those of a round among them that a crash left unkept.
func (d *Desk) opened(ctx context.Context, l Leaving) (numbers []int64, err error) {
	for _, i := range l.Items {
		if i.Request != 0 && i.Round > 0 && !slices.Contains(numbers, i.Request) {
			r, err := d.Requests.Request(ctx, i.Request)
			if approvals.CodeOf(err) == approvals.NotFound {
				continue // it was closed long ago, and removed since
			}
			if err != nil {
				return nil, err
			}
			if r.Occasion != nil && r.Occasion.ID == l.Key(i.Round) { // another one's stays theirs
				numbers = append(numbers, i.Request)
			}
		}
	}
	if l.Asked == l.Rounds {
		return numbers, nil
	}
	list, err := d.Requests.OnOccasion(ctx, l.Key(l.Rounds))
	for _, r := range list {
		numbers = append(numbers, r.Number)
	}
	return numbers, err
}

// place gives the requests of a round that were found to what they ask about.
func (l *Leaving) place(list []approvals.Request) {
	for at := range l.Items {
		i := &l.Items[at]
		for _, r := range list {
			if i.Request == 0 && r.App.ID == i.App && r.Action == i.Action && approvals.SameEmail(r.Change.Email, i.Email) {
				i.Request = r.Number
			}
		}
	}
}

// stays reports whether Slack shows somebody active of whom it said that they had left, before anything of theirs is asked about: it says to
// the second when it changed what, so that of two words of one second either may be the last.
func (d *Desk) stays(ctx context.Context, l Leaving, who approvals.Person, now time.Time) (Leaving, bool, error) {
	if l.Said() || l.Off.IsZero() || !who.Active || who.Updated.IsZero() {
		return l, false, nil
	}
	if err := d.Seen(ctx, Sight{Person: l.Person, Name: who.Name, Bot: who.Bot, AsOf: who.Updated}, now); err != nil {
		return l, false, err
	}
	is, err := d.Book.Leaving(ctx, l.Number)
	return is, err == nil && (is.State.Over() || !is.Back.IsZero()), err
}
