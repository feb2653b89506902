package provision

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// believed is from when on a write that nobody answered counts as not made, if it is not seen: as a
// vendor that was waited for may be about to finish, it gets twice as long again, at least settling, and
// in all no more than longestAfloat since it was asked.
func (n note) believed() time.Time {
	asked := n.asked()
	least, slow := n.GivenUp.Add(settling), n.GivenUp.Add(2*n.GivenUp.Sub(asked))
	if last := asked.Add(longestAfloat); slow.After(last) {
		slow = last
	}
	if slow.After(least) {
		return slow
	}
	return least
}

// asked is when it was asked, by the clock of whoever waits for it.
func (n note) asked() time.Time {
	if n.Adopted.IsZero() {
		return n.At
	}
	return n.Adopted
}

// afloat waits, looking now and then, while an unanswered write may still arrive; false: no longer. A
// process that was stopped while it waited for the answer gave it up, at the latest, when its successor
// first looked; a clock that was put back since begins the wait anew, and so does another life of the program: its
// clock may be another machine's.
func (a *act) afloat(ctx context.Context) (outbox.Result, bool) {
	now := a.Now()
	if a.adopt(now) || a.note.GivenUp.IsZero() || now.Before(a.note.GivenUp) {
		a.note.GivenUp = now
		if err := a.job.Mark(context.WithoutCancel(ctx), a.note); err != nil {
			return a.putOff(err), true
		}
	}
	until := a.note.believed()
	if !now.Before(until) {
		return outbox.Result{}, false
	}
	if next := now.Add(settling); next.Before(until) {
		until = next
	}
	return outbox.RetryAt(until, "not seen yet; what was asked of the vendor may still be on its way"), true
}

// adopt has the times of a note that another life wrote begin anew by this one's clock: what is on its way was waited for as
// long there as it says, and is waited for here as if it had been given up just now. False: they are of this life.
func (a *act) adopt(now time.Time) bool {
	if a.note.By == a.job.Life {
		return false
	}
	var waited time.Duration
	if !a.note.GivenUp.IsZero() {
		waited = max(a.note.GivenUp.Sub(a.note.asked()), 0)
	}
	a.note.By, a.note.Adopted = a.job.Life, now.Add(-waited)
	if !a.note.RefusedAt.IsZero() {
		a.note.RefusedAt = now
	}
	return true
}

// unseen is a deed that was refused and is not seen done, while an earlier try of it is adrift. Nothing
// is asked any more: it is looked for, in doubt if it stays unseen, and failed if it does so for long.
func (a *act) unseen(ctx context.Context) outbox.Result {
	now, next := a.Now(), settling
	a.adopt(now)
	a.note.Looks++
	if err := a.job.Mark(context.WithoutCancel(ctx), a.note); err != nil {
		return a.putOff(err)
	}
	looked := now.Sub(a.note.RefusedAt)
	if looked >= refusalBelieved {
		return a.refused(ctx, a.refusedInTheEnd(), Sight{})
	}
	if looked >= looksAfterRefusal {
		next = time.Minute
		if a.r.State != approvals.InDoubt {
			if _, err := a.Desk.Record(ctx, a.r.Number, approvals.Lost{Doubt: a.doubtOfRefusal()}, now); err != nil {
				return a.putOff(err)
			}
		}
	}
	return outbox.RetryAt(now.Add(next), "refused, and not seen yet; an earlier try may still be on its way")
}

func (a *act) doubtOfRefusal() approvals.Doubt {
	return approvals.Doubt{Tried: a.asked(), Looks: a.note.Looks, Account: a.task().Account(), Had: a.note.Had, Seen: approvals.Sayf(
		"I can read %v and don't see it there; when I asked again, it refused (%v). The first try got no answer and may still go through.", a.r.App.Name, a.note.Refused)}
}

func (a *act) refusedInTheEnd() approvals.Text {
	return approvals.Sayf("%v refused it (%v). An earlier try got no answer, so I kept looking for %v minutes: it wasn't done. An admin can try again.",
		a.r.App.Name, a.note.Refused, int(refusalBelieved.Minutes()))
}

// goingOn is why a deed is owed, and dueSince when that began.
func goingOn(r approvals.Request) string {
	if (Task{Request: r}).Over() {
		return "over"
	}
	return "approved"
}

func dueSince(r approvals.Request) time.Time {
	switch {
	case r.End != nil:
		return r.End.At
	case !r.EndsAt.IsZero():
		return r.EndsAt
	}
	return r.Decided
}

// queue puts off a deed while another of its account is not settled: a write of that one may still arrive, and
// would undo what is written after it.
func (d *Deeds) queue(ctx context.Context, job outbox.Job, r approvals.Request) outbox.Result {
	now := d.Now()
	if d.Alarm != nil && !r.Decided.IsZero() && !now.Before(dueSince(r).Add(stuckAfter)) {
		d.Alarm(ctx, "stuck-"+job.Key, approvals.Sayf(
			"#%v is "+goingOn(r)+" and waiting for another request about %v to finish. Nothing has been done for #%v yet; it carries on by itself after that.",
			r.Number, r.Change.Email, r.Number))
	}
	return outbox.RetryAt(now.Add(outbox.Backoff(job.Tries, time.Second, 10*time.Second)), "another request about this account is not settled")
}
