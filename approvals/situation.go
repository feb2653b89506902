package approvals

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/catalog"
)

// Situation is what the conditions of policies are held against: what is asked, by whom, and what was known then.
type Situation struct {
	App    App
	Action Action
	Values catalog.Values
	By     PersonID
	Known  Known
	// Lasts is how long it is asked for; 0: for good.
	Lasts time.Duration
	// Ahead is how long that is from the asking, where some of it is over: of what is asked for longer. 0: all of it.
	Ahead time.Duration
}

// Known is what was found out so that a policy could be chosen, kept with its request: the past can be decided anew
// by it. What no policy asked about is not in it.
type Known struct {
	// In and Out are user groups of which who asked is known to be a member, and not to be one.
	In  []GroupID `json:"in,omitempty"`
	Out []GroupID `json:"out,omitempty"`
	// For is for whom it is; "": nobody asked, or it could not be found out.
	For Beneficiary `json:"for,omitempty"`
	// Left are the seats that nobody had; nil: not known.
	Left *int `json:"left,omitempty"`
}

// kept is what is kept of it; nil: nothing was found out.
func (k Known) kept() *Known {
	if k.In == nil && k.Out == nil && k.For == "" && k.Left == nil {
		return nil
	}
	return &k
}

// Price is what one seat of an app costs; its zero value is not known.
type Price struct {
	// Amount is in hundredths of Currency, an ISO 4217 code, a month.
	Amount   int64
	Currency string
}

// of is another amount in the same currency.
func (p Price) of(amount int64) Price { return Price{Amount: amount, Currency: p.Currency} }

// String is how people read a price: "20 USD a month", "19.90 EUR a month", "12,500 USD a month".
func (p Price) String() string { return p.money() + " a month" }

// Yearly is the same over a year: "240 USD a year".
func (p Price) Yearly() string { return p.of(12*p.Amount).money() + " a year" }

func (p Price) money() string {
	if p.Amount%100 == 0 {
		return fmt.Sprintf("%s %s", Grouped(p.Amount/100), p.Currency)
	}
	return fmt.Sprintf("%s.%02d %s", Grouped(p.Amount/100), p.Amount%100, p.Currency)
}

func (s Situation) form() catalog.Action {
	a, _ := s.App.Entry.Action(s.Action)
	return a
}

// Cost is what a yes adds to what an app costs; false: nobody said what a seat costs. What gives no new seat adds nothing.
func (s Situation) Cost() (Price, bool) {
	if s.App.Price.Currency == "" {
		return Price{}, false
	}
	if !s.form().New {
		return s.App.Price.of(0), true
	}
	return s.App.Price, true
}

// seats counts seats in the app's own word for them.
func (a App) seats(n int) string {
	noun := catalog.Noun{One: "seat", Many: "seats"}
	if a.Entry != nil && a.Entry.Seat.One != "" {
		noun = a.Entry.Seat
	}
	return noun.Count(n)
}

// Situation is what a request is held against.
func (r Request) Situation() Situation {
	s := Situation{App: r.App, Action: r.Given().Action, Values: r.Change.Values, By: r.wishedBy()}
	if r.Found != nil {
		s.Known = *r.Found
	}
	switch {
	case r.Extends != nil: // conditions go by the whole time, so that many short ones don't pass for a short one
		s.Lasts, s.Ahead = r.MovesTo().Sub(r.Extends.Given), r.MovesTo().Sub(r.Asked)
	case r.Term != nil:
		s.Lasts = max(r.ends(r.Worded()).Sub(r.Worded()), time.Second) // what is over by now was not asked for good
	}
	return s
}

// found is what policies' conditions ask about people, as far as it matters: up to the first policy of which everything
// holds, and nothing of one that fails anyway. What Slack cannot tell of it is an error: no request is taken of which it is
// not known who decides it.
func (d *Desk) found(ctx context.Context, r Request) (k Known, err error) {
	if r.Look == nil || !r.Look.Owed {
		k.Left = r.Seats.Left() // else they are counted anew
	}
	if r.Extends != nil && k.Left == nil { // it needs none, and nobody counts them for it: as if none were left
		k.Left = new(int)
	}
	r = d.known(r)
	r.Found = &k
	for _, p := range d.Policies {
		if !p.Matches(r.App.ID, r.Given().Action) {
			continue
		}
		if all(p.When.judge(r.Situation())) == Unknown {
			if err := d.lookUpFor(ctx, p.When, r, &k); err != nil {
				return k, err
			}
		}
		if all(p.When.judge(r.Situation())) == Holds {
			return k, nil
		}
	}
	return k, nil
}

// lookUpFor adds what one policy's conditions ask about people. Of a user group that Slack doesn't have nobody can say who
// would be in it: to take it for empty would let through whom a refusal names.
func (d *Desk) lookUpFor(ctx context.Context, w When, r Request, k *Known) (err error) {
	for _, g := range w.Groups() {
		if slices.Contains(k.In, g) || slices.Contains(k.Out, g) {
			continue
		}
		switch members, lost := d.Directory.Group(ctx, g); {
		case lost != nil:
			err = errors.Join(err, fmt.Errorf("look up group %s: %w", g, lost))
		case slices.Contains(members, r.wishedBy()):
			k.In = append(k.In, g)
		default:
			k.Out = append(k.Out, g)
		}
	}
	if err != nil && w.requester(Situation{By: r.wishedBy(), Known: *k}).Held != Holds {
		return err
	}
	err = nil
	if w.For != "" && k.For == "" {
		k.For, err = d.beneficiary(ctx, r)
	}
	return err
}

// beneficiary is for whom a request is, by whom it was pinned to and by the addresses that Slack shows.
func (d *Desk) beneficiary(ctx context.Context, r Request) (Beneficiary, error) {
	if r.Unpinned {
		return "", fmt.Errorf("find out whose address a request names: Slack did not say")
	}
	if r.Occasion != nil {
		return ForOther, nil // of whom it is about it never is a wish of their own
	}
	switch r.Change.Person {
	case r.Requester:
		return ForSelf, nil
	case "":
	default:
		return ForOther, nil
	}
	who, err := d.Directory.Person(ctx, r.Requester)
	switch {
	case err != nil:
		return "", fmt.Errorf("look up person %s: %w", r.Requester, err)
	case who.Email != "" && Mailbox(who.Email) == Mailbox(r.Change.Email):
		return ForSelf, nil
	}
	return ForExternal, nil
}
