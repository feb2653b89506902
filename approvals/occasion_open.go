package approvals

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// OpenOccasion puts on the table what Usher asks on an occasion, in one transaction and once: what the same ID opened before is
// returned as it stands, and existing is true. What can't be asked keeps nothing else from being asked: it is returned with
// the first request (Occasion.Skipped), and where nothing can be it is a *NotAll, of each by its place. What could not be
// found out of people is another *Error, and nothing was kept.
//
// Asks of one bundle stand beside one another and are one thing, as OpenBundle makes them; any other is decided by itself.
// More than fit on a card are several cards.
func (d *Desk) OpenOccasion(ctx context.Context, o Occasion, asks []Ask, now time.Time) (list []Request, existing bool, err error) {
	if o.ID == "" || len(asks) == 0 {
		return nil, false, fmt.Errorf("open occasion %q: it has no id or asks for nothing", o.ID)
	}
	seen := *d
	seen.Directory = &glance{of: d.Directory}
	o.Told = slices.DeleteFunc(present(o.Told...), func(id PersonID) bool { return id == o.Person })
	var fresh []toAsk
	not := &NotAll{}
	for i, a := range asks {
		r, err := seen.freshOn(ctx, o, a, now)
		if err := not.refuse(i, err); err != nil {
			return nil, false, err
		}
		if err == nil {
			fresh = append(fresh, toAsk{place: i, of: a, r: r})
		}
	}
	err = d.update(ctx, func(tx Tx) error {
		list, existing, err = d.openOn(tx, o, asks, fresh, *not, now)
		return err
	})
	return list, existing, err
}

// toAsk is one of the things asked on an occasion, with its place among them.
type toAsk struct {
	place int
	of    Ask
	r     Request
}

// occasionKey is the origin key of the first request of a card of an occasion, counted from 1.
func occasionKey(id string, card int) string { return fmt.Sprintf("occasion/%s/%d", id, card) }

// freshOn is the request that an ask on an occasion comes to, as far as that can be found before it is kept.
func (d *Desk) freshOn(ctx context.Context, o Occasion, a Ask, now time.Time) (r Request, err error) {
	nonce, err := d.nonce()
	if err != nil {
		return r, err
	}
	a.Requester, a.Origin = "", Origin{Surface: "usher", Team: a.Origin.Team}
	if a.Change.Person == "" { // Slack shows no address of who has left, and another one may have it now
		a.Change.Person = o.Person
	}
	r = newRequest(a, now)
	r.Nonce, r.Occasion = nonce, o.clone()
	if err := d.known(r).termed(now); err != nil {
		return r, err
	}
	return d.chooseOn(ctx, r, now)
}

// openOn opens them in a transaction: first it is found what is asked already, then they get their numbers.
func (d *Desk) openOn(tx Tx, o Occasion, asks []Ask, fresh []toAsk, before NotAll, now time.Time) (list []Request, existing bool, err error) {
	if list, err = d.occasioned(tx, o.ID); err != nil || len(list) > 0 {
		return list, len(list) > 0, err
	}
	not := NotAll{Each: map[int]*Error{}}
	for i, no := range before.Each {
		not.Each[i] = no
	}
	var stay []toAsk
	for _, a := range fresh {
		err := d.roomOn(tx, &a, stay, not)
		if err := not.refuse(a.place, err); err != nil {
			return nil, false, err
		}
		if err == nil {
			stay = append(stay, a)
		}
	}
	if len(stay) == 0 {
		return nil, false, not.or()
	}
	o.Skipped = skipped(asks, not)
	cards := onCards(stay)
	o.Cards = len(cards)
	for i, card := range cards {
		o.Card = i + 1
		if list, err = d.openCard(tx, o, card, list, now); err != nil {
			return nil, false, err
		}
	}
	return list, false, nil
}

// occasioned are the requests that an occasion opened before, as they stand.
func (d *Desk) occasioned(tx Tx, id string) (list []Request, err error) {
	for card := 1; ; card++ {
		n, err := tx.Keyed(occasionKey(id, card))
		if err != nil || n == 0 {
			return list, err
		}
		first, err := d.load(tx, n)
		if err != nil {
			return nil, err
		}
		some, err := besides(first, func(n int64) (Request, error) { return d.load(tx, n) })
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
}

// roomOn refuses what is asked already, by somebody or by this occasion, and what needs an account that isn't asked for.
func (d *Desk) roomOn(tx Tx, a *toAsk, stay []toAsk, not NotAll) error {
	if a.of.Needs > 0 {
		if maker := a.place - a.of.Item + a.of.Needs; not.Each[maker] != nil {
			return Refuse(Conflict, "It needs another part of “%v”, which isn't asked for: %v", a.of.Bundle.Name, not.Each[maker].Say)
		}
	}
	if slices.ContainsFunc(stay, func(o toAsk) bool { return sameSubject(o.r, a.r) && sameWish(o.r, a.r) }) {
		return Refuse(Conflict, "It's in the list twice.")
	}
	open, err := tx.OpenFor(a.r.App.ID, a.r.Change.Email)
	if err != nil {
		return err
	}
	if _, err := besideOf(open, a.r); err != nil {
		return err
	}
	a.r, err = d.roomInPool(tx, a.r)
	return err
}

// skipped is what was not asked, in its order.
func skipped(asks []Ask, not NotAll) (out []Skipped) {
	for i, a := range asks {
		no := not.Each[i]
		if no == nil {
			continue
		}
		s := Skipped{Place: i, App: a.App, Action: a.Action, Email: a.Change.Email, Why: no.Say, Beside: no.Stands.Number, SeesTo: a.SeesTo}
		out = append(out, s)
	}
	return out
}

// onCards parts what is asked into cards, and each card into what is one thing: a bundle is never parted.
func onCards(list []toAsk) (cards [][][]toAsk) {
	var parts [][]toAsk
	for _, a := range list {
		if n := len(parts); n > 0 && parts[n-1][0].of.Bundle.ID == a.of.Bundle.ID && (a.of.Bundle.ID != "" || len(parts[n-1]) < MostTogether) {
			parts[n-1] = append(parts[n-1], a)
			continue
		}
		parts = append(parts, []toAsk{a})
	}
	held := 0
	for i, p := range parts {
		if i == 0 || held+len(p) > MostTogether {
			cards, held = append(cards, nil), 0
		}
		cards[len(cards)-1] = append(cards[len(cards)-1], p)
		held += len(p)
	}
	return cards
}

// openCard opens what stands on one card, part by part, behind what was opened before it.
func (d *Desk) openCard(tx Tx, o Occasion, parts [][]toAsk, list []Request, now time.Time) ([]Request, error) {
	first, err := tx.Next()
	if err != nil {
		return nil, err
	}
	o.First, o.Of = first, 0
	for _, p := range parts {
		o.Of += len(p)
	}
	for _, p := range parts {
		if first, err = tx.Next(); err != nil {
			return nil, err
		}
		for _, a := range p {
			b := a.of.Bundle
			r := a.r
			r.Together = &Together{First: first, Of: len(p), Bundle: b.ID, Name: b.Name}
			own := o
			own.As, own.Every = r.Occasion.As, r.Occasion.Every
			if len(list) > 0 {
				own.Skipped = nil
			}
			r.Occasion, r.Needs = &own, needsIn(p, a)
			if r, err = d.openOne(tx, r, now); err != nil {
				return nil, err
			}
			list = append(list, r)
		}
	}
	return list, nil
}

// needsIn is the place, among what of a bundle is asked, of the item that makes the account another is about; 0: none does.
func needsIn(part []toAsk, a toAsk) int {
	if a.of.Needs == 0 {
		return 0
	}
	return 1 + slices.IndexFunc(part, func(o toAsk) bool { return o.place == a.place-a.of.Item+a.of.Needs })
}

// openOne gives one of them its number; the first of a card bears the card's key.
func (d *Desk) openOne(tx Tx, r Request, now time.Time) (Request, error) {
	n, err := tx.Next()
	if err != nil {
		return r, err
	}
	r.Number = n
	if n == r.Occasion.First {
		r.Origin.Key = occasionKey(r.Occasion.ID, r.Occasion.Card)
	}
	return d.act(tx, r, Opened{}, Usher, r.Origin.Surface, now)
}

// Withdrawn: what Usher asked isn't to be decided any more, because what it asked about is otherwise.
type Withdrawn struct{ Why Text }

func (Withdrawn) what() string { return "taken back by Usher" }

// Withdraw takes back what Usher asked and nobody has decided, and says why as part of a sentence. What is decided or under way
// stays as it is. It returns all of them as they stand then, in their order.
func (d *Desk) Withdraw(ctx context.Context, numbers []int64, why Text, now time.Time) (list []Request, err error) {
	err = d.update(ctx, func(tx Tx) error {
		list = nil
		for _, n := range numbers {
			r, err := d.load(tx, n)
			if err != nil {
				return err
			}
			if _, err = d.act(tx, r, Withdrawn{Why: why}, Usher, "usher", now); err != nil && !errors.Is(err, ErrNotNow) {
				return err
			}
		}
		for _, n := range numbers { // one may have gone with another
			r, err := d.load(tx, n)
			if err != nil {
				return err
			}
			list = append(list, r)
		}
		return nil
	})
	return list, err
}
