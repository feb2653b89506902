package approvals

import (
	"errors"
	"fmt"
	"time"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// A bundle is several things that somebody gets by one name. Each item is a request of its own, put on the table with the
// others and shown on one card; what makes them one is when they are carried out:
//
//	pending ──► approved, on hold: another item waits for its yes, or one before it isn't over
//	        ──► its turn: all are approved, and those before it are over ──► its deed
//	        ──► fallen: another item was denied, canceled or expired, or the one that makes its account failed
//
// All of it happens in the transaction that changes another item, so a crash leaves both or neither, and no item's deed is
// owed before its turn.

// Bundle is several things that are asked by one name, as it is configured.
type Bundle struct {
	// ID is what people type, Name what they read.
	ID, Name string
	Items    []BundleItem
	// Joiners are the user groups whose new members are offered it; Workspace: everybody who is new.
	Joiners []GroupID
}

// Workspace stands among user groups for the whole workspace, whose new members are offered a bundle.
const Workspace GroupID = "workspace"

// BundleItem is one thing of a bundle: an action of an app, with the values that are the same for everybody.
type BundleItem struct {
	App    string
	Action Action
	// Values are as somebody would type them: resources are words.
	Values catalog.Values
}

// Bundled reports whether a request is an item of a bundle.
func (r Request) Bundled() bool { return r.Together != nil && r.Together.Bundle != "" }

// OnHold reports whether a request was approved and its turn in its bundle hasn't come.
func (r Request) OnHold() bool { return r.State == Approved && r.Bundled() && r.Turn.IsZero() }

// Maker is the item of its bundle that makes the account a request is about; 0: none.
func (r Request) Maker() int64 {
	if r.Needs == 0 || r.Together == nil {
		return 0
	}
	return r.Together.First + int64(r.Needs) - 1
}

// unbegun reports whether a request may still be dropped with another of its bundle: nothing was begun for it.
func (r Request) unbegun() bool { return r.State == Pending || r.OnHold() || r.waitsForSeat() }

// past reports whether those behind an item of a bundle need wait for it no more.
func (r Request) past() bool { return r.State.Terminal() || r.End != nil }

// Holding says, as part of a sentence, why what was approved is not begun; nil: it isn't on hold.
func (r Request) Holding() Text {
	if !r.OnHold() {
		return nil
	}
	return Sayf("it's set up once all of “%v” is approved, one thing after another", r.Together.Name)
}

// deedDue owes the deed of what was approved, unless it waits for a seat or for its turn.
func (r *Request) deedDue(now time.Time) []outbox.Change {
	if r.waitsForSeat() || r.OnHold() {
		return nil
	}
	return []outbox.Change{r.atOnce(DeedKey(r.Number), now)}
}

// bundle takes what happens to a request on account of the others in its bundle; false: it is past that.
func (r *Request) bundle(e Event, now time.Time) (out []outbox.Change, taken bool) {
	switch e := e.(type) {
	case TurnCame:
		if !r.OnHold() {
			return nil, false
		}
		r.Turn = now
		if e.Account != "" {
			r.Change.Account, r.Change.Sort = e.Account, e.Sort
		}
		return r.deedDue(now), true
	case Fell:
		if !r.unbegun() {
			return nil, false
		}
		if out = r.decide(e.To, e.By, now); e.To == Denied {
			r.Refusal = e.Reason
		}
		r.Fell = e.With
		return untold(out, TellKey(r.Number, e.To, 0)), true
	case Dropped:
		if !r.OnHold() {
			return nil, false
		}
		r.State, r.Fell = Failed, e.With
		r.Outcome = &Outcome{At: now, Text: Sayf("It needs #%v, which failed, so this wasn't tried and %v was asked for nothing.", e.With, r.App.Name)}
		return []outbox.Change{outbox.Forget(ExpireKey(r.Number))}, true
	case Withdrawn:
		if r.State != Pending || r.Occasion == nil {
			return nil, false
		}
		r.Withdrawn = e.Why
		return r.decide(Canceled, Usher, now), true
	case Revived:
		if r.State != Failed || r.Fell == 0 {
			return nil, false
		}
		r.State, r.Fell, r.Outcome = Approved, 0, nil
	}
	return nil, true
}

// untold is what follows without one message: whoever asked hears of it in that of the item it fell with.
func untold(changes []outbox.Change, key string) (out []outbox.Change) {
	for _, c := range changes {
		if c.Put == nil || c.Put.Key != key {
			out = append(out, c)
		}
	}
	return out
}

// bundled lets the other items of a bundle follow what happened to one. It returns that one as it is then.
func (d *Desk) bundled(tx Tx, was, is Request, now time.Time) (Request, error) {
	moved := was.State != is.State || was.waitsForSeat() != is.waitsForSeat()
	if !is.Bundled() || !moved || is.Fell != 0 || is.End != nil {
		return is, nil
	}
	list, whole, err := d.items(tx, is)
	if err != nil {
		return is, err
	}
	switch is.State {
	case Denied, Expired, Canceled:
		err = d.fall(tx, list, is, now)
	case Failed, Done:
		err = d.follow(tx, list, is, now)
	}
	if err == nil && whole {
		err = d.turn(tx, is, now)
	}
	if err != nil {
		return is, err
	}
	return d.load(tx, is.Number)
}

// items are those of a bundle in their order; whole says that all are on the table already.
func (d *Desk) items(tx Tx, r Request) (list []Request, whole bool, err error) {
	for n := r.Together.First; n < r.Together.First+int64(r.Together.Of); n++ {
		o, err := tx.Request(n)
		if errors.Is(err, ErrNoRequest) {
			return list, false, nil // the others are being put there by this very transaction
		}
		if err != nil {
			return nil, false, fmt.Errorf("load request #%d: %w", n, err)
		}
		list = append(list, d.known(o))
	}
	return list, true, nil
}

// fall drops with one item all that were not begun.
func (d *Desk) fall(tx Tx, list []Request, with Request, now time.Time) error {
	for _, o := range list {
		if o.Number == with.Number || !o.unbegun() {
			continue
		}
		e := Fell{With: with.Number, To: with.State, By: with.DecidedBy, Reason: with.Refusal}
		if _, err := d.act(tx, o, e, Usher, "usher", now); err != nil {
			return err
		}
	}
	return nil
}

// follow drops the items that need the account of one that failed, and takes them up again once it is done after all.
func (d *Desk) follow(tx Tx, list []Request, maker Request, now time.Time) error {
	for _, o := range list {
		var e Event
		switch {
		case o.Maker() != maker.Number:
			continue
		case maker.State == Failed && o.OnHold():
			e = Dropped{With: maker.Number}
		case maker.State == Done && o.State == Failed && o.Fell == maker.Number:
			e = Revived{}
		default:
			continue
		}
		if _, err := d.act(tx, o, e, Usher, "usher", now); err != nil {
			return err
		}
	}
	return nil
}

// turn begins the next item of a bundle: all are decided, and those before it are over.
func (d *Desk) turn(tx Tx, r Request, now time.Time) error {
	list, _, err := d.items(tx, r)
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.State == Pending {
			return nil
		}
	}
	for _, o := range list {
		switch {
		case o.past():
			continue
		case !o.OnHold():
			return nil
		}
		_, err := d.act(tx, o, turnOf(o, list), Usher, "usher", now)
		return err
	}
	return nil
}

// turnOf is the turn of an item, with the account that another has made for it, where that was seen.
func turnOf(r Request, list []Request) TurnCame {
	for _, o := range list {
		if o.Number == r.Maker() && o.Outcome != nil {
			sort, _ := o.Sort()
			return TurnCame{Account: o.Outcome.AccountID, Sort: sort.ID}
		}
	}
	return TurnCame{}
}

// fellAs is what the audit keeps of what happened to an item on account of another.
func fellAs(is Request, e Event) any {
	switch e := e.(type) {
	case TurnCame:
		return struct {
			Bundle  string `json:"bundle"`
			Account string `json:"account,omitempty"`
		}{is.Together.Bundle, e.Account}
	case Withdrawn:
		return withdrawnAs(e)
	case Fell:
		return struct {
			Bundle string `json:"bundle"`
			With   int64  `json:"with"`
		}{is.Together.Bundle, e.With}
	case Dropped:
		return struct {
			Bundle string `json:"bundle"`
			With   int64  `json:"with"`
		}{is.Together.Bundle, e.With}
	}
	return nil
}
