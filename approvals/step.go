package approvals

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// ErrNotNow is returned by Step for an event that the request's state has no room for: it was
// decided, or finished, before. The request stays as it is.
var ErrNotNow = errors.New("request is past that")

// Step is the whole state machine: the request after an event, and the promises that follow. It
// never alters its argument. Terminal states are immutable, but that a failed deed may be started
// again. Every change owes the card anew; every outcome owes the requester one message.
func Step(r Request, e Event, now time.Time) (Request, []outbox.Change, error) {
	was, before := r.State, r
	r = r.clone()
	var out []outbox.Change
	if r.End != nil && !endEvent(r, e) {
		return refuse(r, e) // a late word of the deed is none about its end
	}
	if endEvent(r, e) {
		out, taken := r.takeBack(e, now)
		if !taken {
			return refuse(r, e)
		}
		if r.Removing() {
			out = slices.Concat(out, retimed(before, r), r.tasks(now))
		}
		return r, append(out, r.cards(now)...), nil
	}
	switch e := e.(type) {
	case Opened:
		if was != "" {
			return refuse(r, e)
		}
		r.State = Pending
		out = append(out, outbox.Promise(ExpireKey(r.Number), r.Expires))
		if waits, taken := r.waits(now); taken {
			return r, append(append(out, waits...), retimed(before, r)...), nil
		}
	case Voted:
		if was != Pending {
			return refuse(r, e)
		}
		r.Votes = append(r.Votes, e.Vote)
		v := Judge(r, e.Facts)
		r.Tally = tallyOf(v, r)
		switch v.Status {
		case Granted:
			out = r.decide(Approved, e.Vote.By, now)
		case Vetoed:
			r.Refusal = e.Vote.Reason
			out = r.decide(Denied, e.Vote.By, now)
		}
	case Rejudged:
		if was != Pending || Judge(r, e.Facts).Step == r.Present() {
			return refuse(r, e)
		}
		r.Tally = tallyOf(Judge(r, e.Facts), r)
	case Escalated:
		if !r.escalate(e, now) {
			return refuse(r, e)
		}
		out = r.callAnew(before.called(), now)
	case Reminded: // nothing of it shows on a card
		if !r.remind(e, now) {
			return refuse(r, e)
		}
		return r, retimed(before, r), nil
	case Remarked, Reworded, Unsaid: // it shows in the thread
		if !r.talk(e, now) {
			return refuse(r, e)
		}
		return r, nil, nil
	case Followed: // nothing of it shows on a card
		if !r.follow(e) {
			return refuse(r, e)
		}
		return r, nil, nil
	case Nudged:
		said, ok := r.nudge(e, now)
		if !ok {
			return refuse(r, e)
		}
		return r, append(retimed(before, r), said...), nil
	case Stood:
		if was != Pending || slices.EqualFunc(e.Away, r.Away, Absence.same) {
			return refuse(r, e)
		}
		r.Away = e.Away
	case Missed:
		raised, changed := false, false
		if was == Pending {
			raised, changed = r.miss(e, now)
		}
		if !changed {
			return refuse(r, e)
		}
		if raised {
			out = r.callAnew(before.called(), now)
		}
	case Noticed:
		if was != Pending {
			return refuse(r, e)
		}
		r.Left = e.Left
	case Pinned:
		if was.Terminal() || !r.Unpinned {
			return refuse(r, e)
		}
		r.Change.Person, r.Unpinned = e.Person, false
	case Overridden:
		if was != Pending || !now.Before(r.Expires) {
			return refuse(r, e)
		}
		r.Override = e.Reason
		if e.Yes {
			out = r.decide(Approved, e.By, now)
		} else {
			r.Refusal = e.Reason
			out = r.decide(Denied, e.By, now)
		}
	case Questioned, Replied:
		var taken bool
		if out, taken = r.converse(e, now); !taken {
			return refuse(r, e)
		}
	case Edited:
		var taken bool
		if out, taken = r.edit(e, now); !taken {
			return refuse(r, e)
		}
	case Queued, Offered, Served, Counted, Learned:
		var taken bool
		if out, taken = r.queue(e, now); !taken {
			return refuse(r, e)
		}
	case TurnCame, Fell, Dropped, Revived, Withdrawn:
		var taken bool
		if out, taken = r.bundle(e, now); !taken {
			return refuse(r, e)
		}
	case CanceledBy:
		if !r.retractable() {
			return refuse(r, e)
		}
		out = r.decide(Canceled, e.By, now)
	case TimeUp:
		if !r.closable() || now.Before(r.Closes()) {
			return refuse(r, e)
		}
		out = r.timeUp(e, now)
	case Seen:
		if !r.looked() || e.Edition != r.Edition() { // what was read for an earlier edition means that one
			return refuse(r, e)
		}
		out = r.see(e, now)
	case Unread:
		if !r.looked() {
			return refuse(r, e)
		}
		r.Look.Blind = e.Since
	case Settled:
		if was != Pending || !r.Rule.Open {
			return refuse(r, e)
		}
		out = r.settled(e)
	case ByPolicy:
		if was != Pending || e.Yes && (!r.Rule.Auto || !r.ready()) {
			return refuse(r, e)
		}
		to := Denied
		if e.Yes {
			to = Approved
		}
		r.Refusal = e.Reason
		out = r.decide(to, Usher, now)
	case Prolonged, Moot:
		var taken bool
		if out, taken = r.prolonged(e, now); !taken {
			return refuse(r, e)
		}
	case Assigned, Ticked, Unticked, Noted, Handed, PutBack, GaveUp, Pressed:
		var taken bool
		if out, taken = r.work(e, now); !taken {
			return refuse(r, e)
		}
	case Begun:
		if was != Approved || r.Task != nil || r.Extends != nil || r.waitsForSeat() || r.OnHold() {
			return refuse(r, e)
		}
		r.State, r.Attempt, r.Started = Running, 1, now
	case Happened:
		if was != Running && was != InDoubt {
			return refuse(r, e)
		}
		out = r.end(Done, e.Outcome)
	case Refused:
		if was != Running && was != InDoubt {
			return refuse(r, e)
		}
		out = r.end(Failed, e.Outcome)
		out = append(out, r.lapses(now)...)
		r.Escalated = true
	case Lost:
		if was != Running && was != InDoubt {
			return refuse(r, e)
		}
		since := now
		if r.Doubt != nil && was == InDoubt {
			since = r.Doubt.Since
		}
		d := e.Doubt
		d.Since = since
		r.State, r.Doubt, r.SeenNot, r.Escalated = InDoubt, &d, time.Time{}, true
		out = r.lapses(now)
	case Resumed:
		if was != InDoubt {
			return refuse(r, e)
		}
		r.State, r.Doubt, r.SeenNot, r.Lapsed = Running, nil, now, false
		out = append(out, outbox.Forget(LapseKey(r.Number)))
	case AdminSays:
		if was != InDoubt {
			return refuse(r, e)
		}
		out = r.settle(e, now)
	case RetriedBy:
		if was != Failed || r.tooLate(now) || r.Fell != 0 {
			return refuse(r, e)
		}
		out = r.again(e.By, now)
	case TooLate:
		if was != Failed && was != InDoubt || r.Lapsed || !r.tooLate(now) {
			return refuse(r, e)
		}
		out = r.lapse(now)
	default:
		return r, nil, fmt.Errorf("step request #%d: unknown event %T", r.Number, e)
	}
	if r.State == Pending && (r.Present() != before.Present() || before.Rule.Open && !r.Rule.Open || r.Edition() != before.Edition()) {
		r.Began, r.Reminders.Of = now, nil
	}
	out = append(out, retimed(before, r)...)
	out = append(out, r.cards(now)...)
	out = append(out, r.tasks(now)...)
	out = append(out, r.progress(before, now)...)
	out = append(out, r.offers(now)...)
	if was == Pending || r.State == Pending {
		out = append(out, r.askApprovers(now)...)
	}
	if before.waitsForSeat() || r.waitsForSeat() {
		out = append(out, r.askApprovers(now)...)
	}
	return r, out, nil
}

func refuse(r Request, e Event) (Request, []outbox.Change, error) {
	return r, nil, fmt.Errorf("step #%d from %q by %s: %w", r.Number, r.State, e.what(), ErrNotNow)
}

// decide leaves pending. An approval owes the deed; everything else is an outcome to be told. Who
// takes back their own request knows it already.
func (r *Request) decide(to State, by Actor, now time.Time) []outbox.Change {
	r.State, r.Decided, r.DecidedBy = to, now, by
	out := append([]outbox.Change{outbox.Forget(ExpireKey(r.Number))}, r.unasked(now)...)
	if r.Look != nil && r.Look.Owed {
		r.Look.Owed = false
		out = append(out, outbox.Forget(LookKey(r.Number)))
	}
	switch to {
	case Approved:
		if r.Extends == nil { // which the same transaction carries out
			r.pinSteps()
			out = append(out, r.deedDue(now)...)
		}
	case Denied, Expired:
		out = append(out, r.atOnce(TellKey(r.Number, to, 0), now).ButOnce())
	}
	return out
}

// settled puts a request under the policy that rules it. Its time for deciding counts from when it was asked.
func (r *Request) settled(e Settled) []outbox.Change {
	r.Rule, r.Expires = e.Rule, e.Expires
	out := []outbox.Change{outbox.Forget(ExpireKey(r.Number)), outbox.Promise(ExpireKey(r.Number), r.Expires)}
	if r.Look != nil && r.Look.Owed && r.ready() {
		r.Look.Owed = false
		out = append(out, outbox.Forget(LookKey(r.Number)))
	}
	return out
}

// looked reports whether what the vendor says of the request is still waited for.
func (r *Request) looked() bool { return r.State == Pending && r.Look != nil && r.Look.Owed }

// see keeps what the request was found to mean. While a yes to that could not count, looking is owed on, and who
// asked hears why, once, if it is for them to know.
func (r *Request) see(e Seen, now time.Time) []outbox.Change {
	look, whose := e.Look, r.Change.Person
	r.Change, r.Look = e.Change, &look
	if r.Change.Person == "" {
		r.Change.Person = whose // it may have been found while the vendor was read
	}
	r.Unpinned = r.Unpinned && !e.Whose
	if !e.Seats.At.IsZero() {
		r.Seats = e.Seats
	}
	if r.Look.Owed = !r.ready(); r.Look.Owed {
		return r.warn(now)
	}
	return []outbox.Change{outbox.Forget(LookKey(r.Number))}
}

// warn owes the requester what stands against their request. Who may not read what vendors hold hears what came
// of it once somebody has decided, and nothing before.
func (r *Request) warn(now time.Time) []outbox.Change {
	if len(r.Look.Against) == 0 || r.Said == nil || r.Said.Blind {
		return nil
	}
	return []outbox.Change{r.atOnce(WarnKey(r.Number), now).ButOnce()}
}

// end settles the deed: it is owed no more, and its outcome is owed to the requester.
func (r *Request) end(to State, o Outcome) []outbox.Change {
	r.State, r.Outcome, r.Lapsed = to, &o, false
	r.had(o)
	return append([]outbox.Change{
		outbox.Forget(DeedKey(r.Number)), outbox.Forget(LapseKey(r.Number)),
		r.atOnce(TellKey(r.Number, to, r.Attempt), o.At).ButOnce(),
	}, r.lend(o.At)...)
}

// again owes the deed anew, without what the earlier attempt noted but that it may have been carried out, and
// on which account.
func (r *Request) again(by Actor, now time.Time) []outbox.Change {
	r.Tried = r.Tried || r.State == InDoubt || r.Outcome != nil && r.Outcome.Tried
	r.pin()
	r.Lapsed = false
	r.State, r.Started, r.AgainBy, r.Outcome, r.Doubt, r.SeenNot = Running, now, by, nil, nil, time.Time{}
	r.Attempt++
	if r.Task != nil { // it is anybody's turn
		r.Task.anew()
	}
	return []outbox.Change{outbox.Forget(DeedKey(r.Number)), outbox.Forget(LapseKey(r.Number)), r.atOnce(DeedKey(r.Number), now)}
}

// pin keeps to the account that an earlier attempt was about, where none was known when it was asked, or has made.
func (r *Request) pin() {
	if r.Form().New {
		if r.Outcome != nil && r.Outcome.Tried && r.Made == "" {
			r.Made = r.Outcome.AccountID
		}
		return
	}
	if r.Change.Account != "" {
		return
	}
	if r.Outcome != nil {
		r.Change.Account = r.Outcome.AccountID
	} else if r.Doubt != nil {
		r.Change.Account = r.Doubt.Account
	}
}

// cards owes what shows the request: the approval card, and the admins' own once they have one.
// The admins' key is a placeholder that the Desk replaces by one key for each admin.
func (r *Request) cards(now time.Time) []outbox.Change {
	out := []outbox.Change{r.atOnce(CardKeyOf(*r), now)}
	if r.Escalated {
		out = append(out, r.atOnce(AdminKey(r.Number, ""), now))
	}
	return out
}

// atOnce owes key without regard to the clock, which may be wrong while Slack is away; earlier requests
// come first.
func (r *Request) atOnce(key string, now time.Time) outbox.Change {
	return outbox.AtOnce(key, r.Number, now)
}
