package approvals

import (
	"context"
	"errors"
	"time"

	"github.com/usherbot/usher/outbox"
)

// A seat is reserved in the transaction that approves, so the last one goes to one request. What is approved after that
// stands in line, approved and asked of nobody, until the promise "line/APP" finds a seat for it:
//
//	approved ──► no seat left: in line ──► a seat is counted free: kept for the first ──► its deed
//	                                        (queue: ask) ──► somebody is asked first ──► its deed
//
// The line is looked at whenever something in it or before it changes, and every few minutes while anybody stands in it.
// It is in the store alone: a crash anywhere leaves either no approval, or one with its place and the promise to look.

// Line is a request's place among those that were approved while no seat was left.
type Line struct {
	// Ticket says who came first; Place is how many stood there when it joined, itself included.
	Ticket int64     `json:"ticket"`
	Place  int       `json:"place"`
	Since  time.Time `json:"since"`
	// Until is when it waits no longer.
	Until time.Time `json:"until"`
	// Offered is when a seat was kept for it and somebody asked whether it is still wanted, of a policy that asks; Served
	// is when its turn had come, and By who said so.
	Offered time.Time `json:"offered,omitzero"`
	Served  time.Time `json:"served,omitzero"`
	By      Actor     `json:"by,omitempty"`
	// Now is its place at this moment, where somebody asked for it.
	Now int `json:"-"`
}

// QueueAsk is the word of a policy that has a seat given to the first in line by a click, and QueueAuto of one that does
// it by itself.
const (
	QueueAuto = "auto"
	QueueAsk  = "ask"
)

// waitsForSeat reports whether a request was approved and its deed is not to begin yet.
func (r Request) waitsForSeat() bool {
	return r.State == Approved && r.Line != nil && r.Line.Served.IsZero()
}

// InLine reports whether a request was approved and there is no seat for it yet.
func (r Request) InLine() bool { return r.waitsForSeat() && r.Line.Offered.IsZero() }

// Offered reports whether a seat is kept for a request, and somebody must say that it is still wanted.
func (r Request) Offered() bool { return r.waitsForSeat() && !r.Line.Offered.IsZero() }

// retractable reports whether a request can be taken back: nothing was begun for it.
func (r Request) retractable() bool { return r.closable() || r.OnHold() }

// closable reports whether a request closes itself: somebody must decide it, or a seat become free. What is on hold in its
// bundle closes with the item that it waits for.
func (r Request) closable() bool { return r.State == Pending || r.waitsForSeat() }

// Closes is when a request that nobody decides, or that waits for a seat, closes itself. An approval counts as long as its
// policy gave for deciding (lapse.go).
func (r Request) Closes() time.Time {
	if r.waitsForSeat() {
		return r.Line.Until
	}
	return r.Expires
}

// queue takes what happens to a request on account of its seat; false: it is past that.
func (r *Request) queue(e Event, now time.Time) (out []outbox.Change, taken bool) {
	switch e := e.(type) {
	case Queued:
		if r.State != Approved || r.Line != nil {
			return nil, false
		}
		r.Line = &Line{Ticket: e.Ticket, Place: e.Place, Since: now, Until: r.Until()}
		return []outbox.Change{outbox.Forget(DeedKey(r.Number)), outbox.Promise(ExpireKey(r.Number), r.Line.Until),
			r.atOnce(LineKey(r.App.ID), now), r.atOnce(LinedKey(r.Number), now).ButOnce()}, true
	case Offered:
		if !r.InLine() {
			return nil, false
		}
		r.Line.Offered = now
	case Served:
		if !r.waitsForSeat() {
			return nil, false
		}
		r.Line.Served, r.Line.By = now, e.By
		out = append([]outbox.Change{outbox.Forget(ExpireKey(r.Number))}, r.deedDue(now)...)
	case Counted:
		if r.State != Pending {
			return nil, false
		}
		r.Seats = e.Seats
	case Learned:
		if r.State != Pending {
			return nil, false
		}
		look := e.Look
		r.Look = &look
		r.News++
	}
	return out, true
}

// offers owes those who said yes what they have of a seat that is kept for it.
func (r *Request) offers(now time.Time) (out []outbox.Change) {
	if r.Line == nil || r.Line.Offered.IsZero() {
		return nil
	}
	for _, p := range r.offeredTo() {
		out = append(out, r.atOnce(SeatKey(r.Number, p), now))
	}
	return out
}

// offeredTo are the people who said yes last; where none did, those who are named.
func (r Request) offeredTo() (out []PersonID) {
	for _, a := range r.YesOn(len(r.Rule.Then)) {
		if p := a.Person(); p != "" {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return r.EligibleOn(len(r.Rule.Then)).People()
	}
	return out
}

// inLine reports whether whoever approves was shown that it puts the request in line; what goes by itself needs no showing.
func inLine(e Event) bool {
	switch e := e.(type) {
	case Voted:
		return e.Vote.InLine
	case Overridden:
		return e.InLine
	}
	return true
}

// gone refuses a yes to a seat that was on the card and is not there any more, and says what another yes would do.
func (l *ledger) gone(r Request, c SeatCount) error {
	why := Sayf("No seat in %v is free any more (%v of %v are taken)", r.App.Name, c.Used+c.Held, c.Of)
	if s := l.stock; s.Last != 0 && !s.LastAt.Before(r.Asked) {
		why = Sayf("The last free seat went to #%v %v", s.Last, s.LastAt)
	}
	no := Refuse(NoSeat, "%v, so nothing was approved. Approve anyway, and #%v is %v in line for the next free seat?", why, r.Number, Ordinal(c.Line+1))
	no.Among = Sayf("%v. Approve #%v anyway, and it's %v in line for the next free seat?", why, r.Number, Ordinal(c.Line+1))
	return no
}

// roomAgain refuses to try a failed deed again where its seat has gone to somebody else meanwhile: the line goes first.
func (d *Desk) roomAgain(tx Tx, r Request, e Event) error {
	if _, again := e.(RetriedBy); !again || r.State != Failed || !r.Form().New || r.Made != "" || r.Tried || r.Outcome != nil && r.Outcome.Tried {
		return nil
	}
	l, err := d.ledger(tx, r.App.ID)
	if err != nil {
		return err
	}
	if c := l.but(r); c.Full() {
		d.renew(r.App.ID)
		return Refuse(Conflict, "No seat in %v is free (%v of %v are taken, %v in line), so I haven't tried #%v again. Free one or raise the plan, then try again in a minute.", r.App.Name, c.Used+c.Held, c.Of, c.Line, r.Number)
	}
	return nil
}

// renew has the seats of an app read anew for whoever asks next: what was counted may be old.
func (d *Desk) renew(app string) {
	if d.Memory != nil {
		d.Memory.Remembered(app, Seats)
	}
}

// Ordinal is a place in a line in words: "first", "2nd", "11th".
func Ordinal(n int) string {
	suffix := "th"
	switch {
	case n == 1:
		return "first"
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		suffix = "st"
	case n%10 == 2:
		suffix = "nd"
	case n%10 == 3:
		suffix = "rd"
	}
	return Sayf("%v%v", n, suffix).Plain()
}

// freed has the line looked at where a seat may have become free, and counts what a deed that is over has made.
func (d *Desk) freed(tx Tx, was, is Request, now time.Time) error {
	over := was.holds() && !is.holds()
	removed := was.State != is.State && (is.Form().Ends && is.State == Done || is.State == Ended)
	if !over && !removed {
		return nil
	}
	l, err := d.ledger(tx, is.App.ID)
	if err != nil {
		return err
	}
	looks := l.stock.Demand.Lined > 0 || l.all().Full()
	if over {
		l.settled(is, now)
		looks = looks && is.State != Done
	}
	if looks {
		err = tx.Change(outbox.AtOnce(LineKey(is.App.ID), is.Number, now))
	}
	return errors.Join(err, l.keep(tx, is.App.ID))
}

// give carries out what a seat is kept for, by the word of somebody who decides it.
func (d *Desk) give(tx Tx, r Request, v Vote, f Facts, now time.Time) (Ballot, error) {
	switch ruling, say := MayDecide(r, v.By, f); ruling {
	case MayNot:
		return Ballot{}, &Error{Code: NotAllowed, Say: say}
	case CouldNotTell:
		return Ballot{}, &Error{Code: CannotTell, Say: say}
	}
	r, err := d.act(tx, r, Served{By: v.By}, v.By, v.Surface, now)
	return Ballot{Request: r, By: v.By}, err
}

// Serve gives the seats that are free by a vendor's list to those who wait for one, the first first, and shows those who
// are still undecided how many are left. Of an app whose seats nobody counts any more all are served: what keeps them from
// it then, the deed says. It reports how many wait on, and whether the list knew less than is kept.
func (d *Desk) Serve(ctx context.Context, app string, list SeatList, now time.Time) (waiting int, old bool, err error) {
	err = d.update(ctx, func(tx Tx) error {
		l, err := d.ledger(tx, app)
		if err != nil {
			return err
		}
		news, err := l.count(list)
		if err != nil {
			return err
		}
		old = !news && l.stock.Seats.At.Before(list.At)
		if list.At.IsZero() {
			l.stock.Seats, l.read = SeatCount{}, true // nobody can count them
		}
		if waiting, err = d.serve(tx, &l, now); err != nil {
			return err
		}
		if err := l.keep(tx, app); err != nil {
			return err
		}
		return d.recount(tx, app, now)
	})
	return waiting, old, err
}

func (d *Desk) serve(tx Tx, l *ledger, now time.Time) (waiting int, err error) {
	line, err := l.line()
	if err != nil {
		return 0, err
	}
	c := l.all()
	c.Line = 0
	for i, r := range line {
		n := c.Left()
		if n != nil && *n <= i {
			return len(line) - i, nil
		}
		if n != nil {
			l.reserved(r.Number, now)
		}
		e := Event(Served{By: Usher})
		if r.Rule.Queue == QueueAsk && n != nil {
			e = Offered{}
		}
		if _, err := d.act(tx, r, e, Usher, "usher", now); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// competed recounts where another request for a seat has come, or gone.
func (d *Desk) competed(tx Tx, was, is Request, now time.Time) error {
	if !is.Form().New || (was.State == Pending) == (is.State == Pending) {
		return nil
	}
	return d.recount(tx, is.App.ID, now)
}

// recount shows those who are undecided whether a seat is left, and whether there are enough for all, where their cards
// say otherwise.
func (d *Desk) recount(tx Tx, app string, now time.Time) error {
	l, err := d.ledger(tx, app)
	if err != nil {
		return err
	}
	one := l.stock.Demand.Asking - 1
	if one < 0 {
		return nil
	}
	c := l.all()
	c.Others = one // all that are undecided see the same
	says := c.fullness()
	if l.stock.Told != nil && *l.stock.Told == says {
		return nil
	}
	open, err := l.open()
	if err != nil {
		return err
	}
	for _, r := range open {
		if !r.asks() || r.Seats.fullness() == says {
			continue
		}
		if _, err := d.act(tx, r, Counted{Seats: c}, Usher, "usher", now); err != nil {
			return err
		}
	}
	return d.toldOf(tx, app, says)
}

// Place is a request's place in line at this moment; 0: it does not wait for a seat.
func (d *Desk) Place(ctx context.Context, r Request) (place int, err error) {
	if !r.InLine() {
		return 0, nil
	}
	all, err := d.Every(ctx, Filter{State: Approved})
	for _, o := range all {
		if o.App.ID == r.App.ID && o.InLine() && o.Line.Ticket <= r.Line.Ticket {
			place++
		}
	}
	return place, err
}

// queuedAs is what the audit keeps of what happened to a request on account of its seat.
func queuedAs(is Request, e Event) any {
	switch e := e.(type) {
	case Queued:
		return struct {
			Ticket int64     `json:"ticket"`
			Place  int       `json:"place"`
			Seats  SeatCount `json:"seats"`
		}{e.Ticket, e.Place, is.Seats}
	case Counted:
		return struct {
			Seats SeatCount `json:"seats"`
		}{e.Seats}
	case Learned:
		return struct {
			Against []string `json:"against"`
		}{plains(e.Look.Against)}
	}
	return nil
}

func plains(list []Text) (out []string) {
	for _, t := range list {
		out = append(out, t.Plain())
	}
	return out
}
