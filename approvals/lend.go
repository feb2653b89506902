package approvals

import (
	"context"
	"time"
)

// EndNow ends what a request gave for a time. Who has it may, who asked for it, their manager and an admin: it takes
// away what was to go anyway, so nobody is asked first.
func (d *Desk) EndNow(ctx context.Context, n int64, by Actor, surface string, now time.Time) (Request, error) {
	r, err := d.Request(ctx, n)
	if err != nil {
		return r, err
	}
	if err := d.mayEnd(ctx, r, by); err != nil {
		return r, err
	}
	return d.change(ctx, n, EndedBy{By: by}, by, surface, now, Request.endable)
}

// endable is why there is nothing to end, where that is so for good.
func (r Request) endable() error {
	switch {
	case r.State == Pending:
		return Refuse(Conflict, "#%v isn't approved yet. `/access cancel %v` cancels it.", r.Number, r.Number)
	case r.State == Done && !r.Lent():
		return Refuse(Conflict, "#%v is for good, so it has no end to bring forward. `/access help` shows how to ask that it be taken away.", r.Number)
	}
	return nil
}

// mayEnd is every reason why somebody may not end what a request gave.
func (d *Desk) mayEnd(ctx context.Context, r Request, by Actor) error {
	if by.Person() == r.Requester && by.Person() != "" || by.Person() == r.Change.Person && by.Person() != "" {
		return nil
	}
	f := newFacts()
	d.lookUp(ctx, &f, by.Person())
	who, known := f.People[by.Person()]
	switch {
	case !known:
		return Refuse(CannotTell, "I couldn't check with Slack who you are just now, so #%v stays as it is. Please try again in a minute.", r.Number)
	case !who.Full():
		return Refuse(NotAllowed, "Only active members of this workspace can end this, and Slack doesn't list you as one. #%v stays as it is.", r.Number)
	case gains(r, by, f) == MayNot, d.IsAdmin(by.Person(), f) == May:
		return nil
	}
	m, err := d.managerOf(ctx, r)
	switch {
	case err != nil:
		return Refuse(CannotTell, "I couldn't check with Slack just now whose manager you are, so #%v stays as it is. Please try again in a minute.", r.Number).Because(err)
	case m.By == by.Person():
		return nil
	}
	return Refuse(NotAllowed, "#%v isn't yours to end: whoever has it or asked for it can, their manager, and an admin.", r.Number)
}
