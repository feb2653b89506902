package approvals

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// pool reads how an app's limits are spread. What was never reckoned is, from all that was done but for one request.
func (d *Desk) pool(tx Tx, app string, but int64) (p pool, s Stock, err error) {
	p.app = d.app(App{ID: app})
	if s, err = tx.Stock(app); err != nil {
		return p, s, fmt.Errorf("read the pool of %s: %w", app, err)
	}
	if p.open, err = tx.OpenIn(app); err != nil {
		return p, s, fmt.Errorf("list what is open of %s: %w", app, err)
	}
	for i, r := range p.open {
		p.open[i] = d.known(r)
	}
	if p.has = s.Shares; s.Reckoned {
		return p, s, nil
	}
	done, err := tx.DoneIn(app)
	if err != nil {
		return p, s, fmt.Errorf("list what was done in %s: %w", app, err)
	}
	done = slices.DeleteFunc(append(done, slices.DeleteFunc(slices.Clone(p.open), func(r Request) bool { return r.End == nil })...),
		func(r Request) bool { return r.Number == but })
	for i, r := range done {
		done[i] = d.known(r)
	}
	p.reckon(done)
	return p, s, nil
}

// pooled is a request with how the limits are spread that it is about, while it matters. Reading it writes nothing.
func (d *Desk) pooled(ctx context.Context, r Request) (Request, error) {
	if len(r.App.Pool) == 0 || r.State.Terminal() {
		return r, nil
	}
	err := d.Book.Update(ctx, func(tx Tx) error {
		p, _, err := d.pool(tx, r.App.ID, 0)
		if err == nil {
			r.Pool = p.before(r)
		}
		return err
	})
	switch {
	case errors.Is(err, ErrBusy):
		return r, Refuse(Busy, "Lots of requests are coming in right now, so nothing was changed. Please try again in a minute.").Because(err)
	case err != nil:
		return r, fmt.Errorf("read the pool for request #%d: %w", r.Number, err)
	}
	return r, nil
}

// roomInPool refuses what asks for more of a pool than is left. Who may not read what others have is refused nothing by it:
// that they were would tell them. A policy that would approve it by itself leaves it to the app's owners and the admins
// then, since somebody has to free something, or give less.
func (d *Desk) roomInPool(tx Tx, r Request) (Request, error) {
	r = d.known(r)
	if len(r.App.Pool) == 0 || len(r.shares()) == 0 {
		return r, nil
	}
	p, _, err := d.pool(tx, r.App.ID, 0)
	if err != nil {
		return r, err
	}
	short := p.short(r)
	switch {
	case len(short) == 0:
	case r.Said != nil && !r.Said.Blind:
		return r, Misplaced{Refuse(Conflict, "%v, and this asks for %v. Nothing was sent: ask for less, or see who has how much with `/access limits %v`.",
			leftOf(r.App, short[0]), Grouped(r.shares()[short[0].Key]), r.App.ID), short[0].Key}
	case r.Rule.Auto:
		r.Rule.Auto, r.Rule.Need, r.Rule.Then = false, 1, nil
		r.Rule.Approvers = slices.Clone(r.App.Owners)
		for _, a := range d.Admins {
			if !slices.Contains(r.Rule.Approvers, string(a)) {
				r.Rule.Approvers = append(r.Rule.Approvers, string(a))
			}
		}
	}
	return r, nil
}

// roomForEdit refuses an edit that asks for more of a pool than is left, under its field.
func (d *Desk) roomForEdit(tx Tx, r, to Request) error {
	if len(r.App.Pool) == 0 || len(to.shares()) == 0 {
		return nil
	}
	p, _, err := d.pool(tx, r.App.ID, 0)
	if err != nil {
		return err
	}
	if short := p.short(d.known(to)); len(short) > 0 {
		return Misplaced{Refuse(Conflict, "%v, so nothing was changed. Give less, or free some first.", leftOf(r.App, short[0])), short[0].Key}
	}
	return nil
}

// leftOf says how much of a limit is left, as the beginning of a sentence.
func leftOf(a App, s Spread) Text {
	switch {
	case s.Over() > 0:
		return Sayf("%v's pool of %v is over by %v (%v of %v)", a.Name, s.Words(), Grouped(s.Over()), Grouped(s.Taken()), Grouped(s.Of))
	case s.Left() == 0:
		return Sayf("None of the %v %v in %v's pool are left", Grouped(s.Of), s.Words(), a.Name)
	}
	return Sayf("Only %v of the %v %v in %v's pool are left", Grouped(s.Left()), Grouped(s.Of), s.Words(), a.Name)
}

// poolless reports whether an app has no pool and never had one: all that was done in it would have to be read to say how one is spread,
// and that is reckoned once there is one.
func (d *Desk) poolless(tx Tx, app string) (bool, error) {
	if len(d.app(App{ID: app}).Pool) > 0 {
		return false, nil
	}
	s, err := tx.Stock(app)
	if err != nil {
		return false, fmt.Errorf("read the pool of %s: %w", app, err)
	}
	return !s.Reckoned, nil
}

// shared has the pool follow a step of a request, in its transaction: what is more than is left is refused, at the yes,
// at another try and at the last step; what was done is reckoned; and what shows the pool is drawn anew.
func (d *Desk) shared(tx Tx, was, is Request, e Event, now time.Time) error {
	is = d.known(is)
	over := was.State != is.State && (is.State == Done || is.State == Ended)
	asks, asked := is.shares(), Shares{}
	maps.Copy(asked, was.shares())
	if len(asks)+len(asked) == 0 && !(over && (is.Form().Ends || is.Form().New)) {
		return nil
	}
	if idle, err := d.poolless(tx, is.App.ID); err != nil || idle {
		return err
	}
	p, s, err := d.pool(tx, is.App.ID, is.Number)
	if err != nil {
		return err
	}
	if err := p.refuses(was, is, e); err != nil {
		return err
	}
	if over {
		p.after(is)
	}
	if over || !s.Reckoned {
		s.Shares, s.Reckoned = p.has, true
		if err := tx.KeepStock(is.App.ID, s); err != nil {
			return fmt.Errorf("keep the pool of %s: %w", is.App.ID, err)
		}
	}
	if was.State == is.State && was.Edition() == is.Edition() {
		return nil
	}
	maps.Copy(asked, asks)
	if over && (is.Form().Ends || is.Form().New) {
		asked = nil
	}
	return p.shown(tx, is, asked, now)
}

// refuses is why a step can't be taken because of the pool; nil: it can.
func (p *pool) refuses(was, is Request, e Event) error {
	switch {
	case was.State == Pending && is.State == Approved:
		return is.tooMuch(p.short(is), e)
	case was.State == Failed && is.State == Running:
		if short := p.short(is); len(short) > 0 {
			return Refuse(Conflict, "%v, and #%v asks for %v, so I haven't tried it again. Free some first: `/access limits %v` shows who has how much.",
				leftOf(is.App, short[0]), is.Number, Grouped(is.shares()[short[0].Key]), is.App.ID)
		}
	case is.State == Done && was.State != Done:
		if _, byStep := e.(Ticked); !byStep {
			return nil // it has happened, whatever there is
		}
		if short := p.shortAtLast(was); len(short) > 0 {
			return Refuse(Conflict, "%v, and #%v hands out %v, so this step isn't ticked and #%v stays open. Free some (`/access limits %v` shows who has how much), then tick it again, or press *Could not be done*.",
				leftOf(is.App, short[0]), is.Number, Grouped(is.shares()[short[0].Key]), is.Number, is.App.ID)
		}
	}
	return nil
}

// tooMuch refuses a yes to a request that asks for more of some limits than is left; nil: of none.
func (r Request) tooMuch(of []Spread, e Event) error {
	if len(of) == 0 {
		return nil
	}
	return Refuse(Conflict, "%v, and #%v asks for %v, so nothing was approved. %v, or free some: `/access limits %v` shows who has how much.",
		leftOf(r.App, of[0]), r.Number, Grouped(r.shares()[of[0].Key]), less(r, e), r.App.ID)
}

// less says how whoever approves can give less.
func less(r Request, e Event) Text {
	if r.Editable() && !approver(e).atMachine() {
		return Sayf("Press *Edit* to give less")
	}
	return Sayf("Deny it")
}

// shown draws anew what shows the pool beside a request that has changed: the cards that wait, and the tasks. Of those that ask
// for other limits than moved nothing has changed; nil: any may have.
func (p *pool) shown(tx Tx, is Request, moved Shares, now time.Time) error {
	for _, o := range p.open {
		if o.State != Pending && !o.Working() {
			continue
		}
		other := !o.Form().Ends && moved != nil
		for key := range o.shares() {
			_, same := moved[key]
			other = other && !same
		}
		if o.Number == is.Number || other || len(o.shares()) == 0 && !o.Form().Ends {
			continue
		}
		changes := o.tasks(now)
		if o.State == Pending {
			changes = append(o.cards(now), o.askApprovers(now)...)
		}
		for _, c := range changes {
			if c.Put != nil && c.Put.Key == AdminKey(o.Number, "") {
				continue // of what waits, no admin has a card of their own
			}
			if err := tx.Change(c); err != nil {
				return fmt.Errorf("promise for request #%d: %w", o.Number, err)
			}
		}
	}
	return nil
}

// Pooled is how an app's pool is spread.
type Pooled struct {
	Limits []Spread
	People []Sharer
}

// Sharer is somebody who has a share of a pool, or was promised one.
type Sharer struct {
	Email string
	// Has is by what was done, and Promised what that comes to once what was approved is done too, where it is more.
	Has, Promised Shares
}

// Pool is how an app's pool is spread now.
func (d *Desk) Pool(ctx context.Context, app string) (now Pooled, err error) {
	err = d.Book.Update(ctx, func(tx Tx) error {
		p, _, err := d.pool(tx, app, 0)
		now = p.all()
		return err
	})
	if err != nil {
		return now, fmt.Errorf("read the pool of %s: %w", app, err)
	}
	return now, nil
}

// all is the whole pool.
func (p *pool) all() (now Pooled) {
	for _, l := range p.app.Pool {
		now.Limits = append(now.Limits, p.of(l, 0))
	}
	for _, who := range p.people() {
		s := Sharer{Email: who, Has: Shares{}, Promised: Shares{}}
		for _, l := range p.app.Pool {
			if n := p.has[who][l.Key]; n > 0 {
				s.Has[l.Key] = n
			}
			if n := p.ofOne(who, l.Key, 0); n > s.Has[l.Key] {
				s.Promised[l.Key] = n
			}
		}
		if len(s.Has)+len(s.Promised) > 0 {
			now.People = append(now.People, s)
		}
	}
	return now
}

// TakenBy is how much people have or were promised of an app's limits, whichever are configured, by all its requests that
// were done and that are open, for who reads a store by itself.
func TakenBy(app App, done, open []Request) Shares {
	for _, list := range [][]Request{done, open} {
		for i := range list {
			list[i].App = app
		}
	}
	p := pool{app: app, open: open}
	p.reckon(done)
	return p.taken()
}

// Taken is the same, of a store that is in use.
func (d *Desk) Taken(ctx context.Context, app string) (taken Shares, err error) {
	err = d.Book.Update(ctx, func(tx Tx) error {
		p, _, err := d.pool(tx, app, 0)
		taken = p.taken()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the pool of %s: %w", app, err)
	}
	return taken, nil
}

// taken sums up what people have or were promised.
func (p *pool) taken() Shares {
	out := Shares{}
	for _, who := range p.people() {
		keys := slices.Collect(maps.Keys(p.has[who]))
		for _, o := range p.open {
			keys = slices.AppendSeq(keys, maps.Keys(o.shares()))
		}
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			out[key] += p.ofOne(who, key, 0)
		}
	}
	maps.DeleteFunc(out, func(_ string, n int64) bool { return n == 0 })
	return out
}
