package approvals

import (
	"context"
	"errors"
	"slices"
	"time"
)

// More is that somebody wants to have for longer what a request gave.
type More struct {
	Origin Origin
	By     PersonID
	Term   Term
	Reason string
}

// Extend asks for longer what a request gave for a time: whoever may end it may ask. A redelivery (Origin.Key) returns the
// request that it opened before, and existing is true. What cannot be asked is an *Error.
func (d *Desk) Extend(ctx context.Context, n int64, m More, now time.Time) (r Request, existing bool, err error) {
	if r, err = d.Asked(ctx, m.Origin.Key); m.Origin.Key != "" && (err == nil || !errors.Is(err, ErrNoRequest)) {
		return r, err == nil, err
	}
	of, err := d.MayExtend(ctx, n, Actor(m.By), now)
	if err != nil {
		return r, false, err
	}
	fresh, err := d.longer(ctx, of, m, now)
	if err != nil {
		return r, false, err
	}
	err = d.update(ctx, func(tx Tx) error {
		if of, err = d.load(tx, n); err != nil {
			return err
		}
		if of.Live() && !of.EndsAt.Equal(fresh.Extends.Was) {
			return Refuse(Busy, "Something is happening to #%v right now, so nothing was sent. Please try again in a minute.", n)
		}
		r, existing, err = d.open(tx, fresh, now)
		return err
	})
	return r, existing, err
}

// MayExtend answers, before a form is opened and before it is read, whether somebody may ask for longer what a request
// gave; nil: yes.
func (d *Desk) MayExtend(ctx context.Context, n int64, by Actor, now time.Time) (Request, error) {
	r, err := d.Request(ctx, n)
	if err != nil {
		return r, err
	}
	if err := d.mayEnd(ctx, r.Given(), by); err != nil {
		if CodeOf(err) == NotAllowed {
			err = Refuse(NotAllowed, "#%v isn't yours to extend: whoever has it or asked for it can, their manager, and an admin.", n)
		}
		return r, err
	}
	if err := r.extendable(now); err != nil {
		return r, err
	}
	return r, d.MayAsk(ctx, by.Person())
}

// extendable is why there is nothing that could go on for longer, and what to do instead.
func (r Request) extendable(now time.Time) error {
	n := r.Number
	if asks, open := r.Asking(); open && r.Lent() {
		return Refuse(Conflict, "#%v already asks for that: until %v, by %v. `/access status %v` shows it.", asks.Number, asks.To, asks.By, asks.Number)
	}
	switch {
	case r.Extends != nil:
		return Refuse(Conflict, "#%v itself asked for longer. What it's about is #%v: `/access extend %v for=30d because …`", n, r.Extends.Of, r.Extends.Of)
	case r.State == Ended:
		return Refuse(Conflict, "#%v ended %v and it's gone, so it can't go on. Still needed? Ask again; `/access help %v` shows how.", n, r.End.Outcome.At, r.Action)
	case r.Late(), r.Lent() && !now.Before(r.EndsAt):
		return Refuse(Conflict, "The time of #%v was up %v and it's being removed, so it can't go on. Still needed? Ask again once it's gone; `/access help %v` shows how.", n, r.overSince(), r.Action)
	case r.State == Done && !r.Lent():
		return Refuse(Conflict, "#%v is for good, so it has no end to move.", n)
	case !r.Live():
		return &Error{Code: Conflict, Say: Standing(r)}
	case !r.Lent():
		return Refuse(Conflict, "#%v isn't set up yet, so it has no end to move. Need it for longer? Whoever approves it can change that, or cancel it (`/access cancel %v`) and ask again.", n, n)
	case r.Formless() != nil:
		return Refuse(Conflict, "%v So #%v can't go on for longer.", r.Formless(), n)
	}
	return nil
}

// overSince is since when the time of something is up.
func (r Request) overSince() time.Time {
	if r.End != nil {
		return r.End.At
	}
	return r.EndsAt
}

// longer is the request for longer that comes of it, under the policy that rules what was given for as long.
func (d *Desk) longer(ctx context.Context, of Request, m More, now time.Time) (r Request, err error) {
	r = newRequest(Ask{Origin: m.Origin, Requester: m.By, App: of.App, Action: Extend, Change: of.Change, Reason: m.Reason, Term: &m.Term,
		Seats: of.Seats, Said: of.Said}, now)
	r.Extends = &Extension{Of: of.Number, Action: of.Action, Given: of.Outcome.At, Was: of.EndsAt, By: of.Requester}
	r.Unpinned = of.Unpinned
	if r.Nonce, err = d.nonce(); err != nil {
		return r, err
	}
	if err := d.known(r).termed(now); err != nil {
		return r, err
	}
	if r, err = d.choose(ctx, r, now); err != nil {
		return r, err
	}
	if err := undecidable(r); err != nil {
		return r, err
	}
	r.Extends.Allowed = d.allied(ctx, of, r)
	return r, nil
}

// allied are those who allowed something and decide, as members of a group, whether it goes on. Of whom Slack can't tell it
// now nobody is called: they see the card.
func (d *Desk) allied(ctx context.Context, of, r Request) (out []Allied) {
	if r.Rule.Itself() {
		return nil
	}
	for i, s := range r.Stages() {
		for _, a := range of.YesOn(min(i, len(of.Rule.Then))) {
			id := a.Person()
			if id == "" || len(s.Groups()) == 0 || slices.Contains(s.People(), id) || slices.Contains(r.gainers(), id) {
				continue
			}
			if ruling, _ := mayOn(r, i, a, d.gather(ctx, r, a)); ruling == May {
				out = append(out, Allied{By: id, Step: i})
			}
		}
	}
	return out
}

// prolong follows, in its transaction, what has just happened to a request for longer, or to what one is about: asked, it
// stands with that one; approved, it moves its end; closed, it is closed there too; and what was ended has nothing to go on.
func (d *Desk) prolong(tx Tx, was, is Request, now time.Time) (Request, error) {
	if asks, open := is.Asking(); open && is.End != nil && was.End == nil {
		if err := d.moot(tx, is, asks, now); err != nil {
			return is, err
		}
		return d.load(tx, is.Number)
	}
	if is.Extends == nil || was.State == is.State || was.State != "" && was.State != Pending {
		return is, nil
	}
	of, err := d.load(tx, is.Extends.Of)
	if err != nil {
		return is, err
	}
	switch is.State {
	case Pending:
		_, err = d.act(tx, of, LongerAsked{Longer{Number: is.Number, By: is.Requester, At: now, Was: of.EndsAt, To: is.MovesTo(), State: Pending}}, Actor(is.Requester), is.Origin.Surface, now)
	case Approved:
		return d.moveEnd(tx, is, of, now)
	default:
		_, err = d.act(tx, of, NotLengthened{Number: is.Number, State: is.State}, is.DecidedBy, "usher", now)
		if errors.Is(err, ErrNotNow) {
			err = nil
		}
	}
	if errors.Is(err, ErrNotNow) {
		err = orStands(of.extendable(now), of)
	}
	return is, err
}

// moveEnd moves the end of what was given, on the yes to a request for longer.
func (d *Desk) moveEnd(tx Tx, is, of Request, now time.Time) (Request, error) {
	to, by := is.MovesTo(), is.DecidedBy
	if _, err := d.act(tx, of, Lengthened{Number: is.Number, To: to}, by, "usher", now); err != nil {
		if errors.Is(err, ErrNotNow) {
			err = orStands(of.extendable(now), of)
		}
		return is, err
	}
	return d.act(tx, is, Prolonged{Outcome{At: now, AccountID: of.account(), Text: Sayf("#%v ends %v now, and not %v.", of.Number, to, of.EndsAt)}}, Usher, "usher", now)
}

// moot closes what is asked for longer of what is over: with its time the question's own is up, and what somebody ended
// they have answered.
func (d *Desk) moot(tx Tx, of Request, asks Longer, now time.Time) error {
	r, err := d.load(tx, asks.Number)
	if err != nil {
		return err
	}
	var e Event = TimeUp{}
	if of.End.By != Usher || now.Before(r.Expires) {
		e = Moot{By: of.End.By}
	}
	_, err = d.act(tx, r, e, of.End.By, "usher", now)
	return err
}

// orStands is err, or how a request stands.
func orStands(err error, r Request) error {
	if err != nil {
		return err
	}
	return &Error{Code: Conflict, Say: Standing(r)}
}
