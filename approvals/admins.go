package approvals

import (
	"context"
	"errors"
	"slices"
	"time"
)

// IsAdmin answers whether somebody is an admin now. Being named in the configuration is not enough: Slack
// must list them as an active full member, or whoever has left, or became a guest, would keep an admin's rights.
func (d *Desk) IsAdmin(id PersonID, f Facts) Ruling {
	if id == "" || !slices.Contains(d.Admins, id) {
		return MayNot
	}
	who, known := f.People[id]
	switch {
	case !known:
		return CouldNotTell
	case !who.Full():
		return MayNot
	}
	return May
}

// Admin is IsAdmin for somebody of whom nothing was found out yet. Slack is asked only about those who are named.
func (d *Desk) Admin(ctx context.Context, id PersonID) Ruling {
	if !slices.Contains(d.Admins, id) {
		return MayNot
	}
	f := newFacts()
	d.lookUp(ctx, &f, id)
	if len(f.Failures) > 0 {
		d.Log.WarnContext(ctx, "cannot tell whether somebody is an admin", "person", id, "err", errors.Join(f.Failures...))
	}
	return d.IsAdmin(id, f)
}

// Settle ends a doubt by an admin's word.
func (d *Desk) Settle(ctx context.Context, n int64, by Actor, happened bool, surface string, now time.Time) (Request, error) {
	return d.settle(ctx, n, AdminSays{By: by, Happened: happened}, by, surface, now)
}

// Retry starts a failed deed again, by an admin's word.
func (d *Desk) Retry(ctx context.Context, n int64, by Actor, surface string, now time.Time) (Request, error) {
	r, err := d.settle(ctx, n, RetriedBy{By: by}, by, surface, now)
	if CodeOf(err) == Conflict && r.State == Failed && !r.Lapsed && r.tooLate(now) {
		// A card of a life that knew of no end still offers the button: the refusal takes it away.
		if _, late := d.Record(ctx, n, TooLate{}, now); late != nil && !errors.Is(late, ErrNotNow) {
			d.Log.WarnContext(ctx, "the end of trying again could not be kept", "request", n, "err", late)
		}
	}
	return r, err
}

// settle applies an admin's word. Who they are is found out before the transaction and judged inside it, as of
// those who vote.
func (d *Desk) settle(ctx context.Context, n int64, e Event, by Actor, surface string, now time.Time) (Request, error) {
	if !by.atMachine() && !slices.Contains(d.Admins, by.Person()) {
		return Request{}, Refuse(NotAllowed, "Only Usher's admins can settle this. #%v stays as it is.", n)
	}
	f := newFacts()
	d.lookUp(ctx, &f, by.Person())
	return d.change(ctx, n, e, by, surface, now, func(r Request) error { return d.maySettle(r, by, f) })
}

// maySettle is every reason why somebody's word as an admin does not count.
func (d *Desk) maySettle(r Request, by Actor, f Facts) error {
	own := gains(r, by, f)
	switch {
	case own == MayNot:
		return Refuse(NotAllowed, "#%v is for you, so another admin must settle it%v", r.Number, d.otherAdmins(by))
	case by.atMachine():
		return nil
	}
	switch d.IsAdmin(by.Person(), f) {
	case MayNot:
		return Refuse(NotAllowed, "Only active members of this workspace can settle this, and Slack doesn't list you as one. #%v stays as it is.", r.Number)
	case CouldNotTell:
		return Refuse(CannotTell, "I couldn't check with Slack who you are just now, so #%v stays as it is. Please try again in a minute.", r.Number).Because(errors.Join(f.Failures...))
	}
	if own == CouldNotTell {
		return Refuse(CannotTell, "Slack doesn't show me your e-mail address, so I can't tell whether #%v is for you. Another admin must settle it%v", r.Number, d.otherAdmins(by))
	}
	return nil
}

// otherAdmins ends a sentence with the admins beside one.
func (d *Desk) otherAdmins(by Actor) Text {
	var names []Text
	for _, a := range d.Admins {
		if a != by.Person() {
			names = append(names, Sayf("%v", a))
		}
	}
	if len(names) == 0 {
		return Sayf(". You're the only one so far; more can be added under `slack.admins`.")
	}
	return Sayf(": %v.", Join(names, ", "))
}
