package approvals

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Who is named on the present step and has not had their say is reminded, the first time after as long as the policy
// says, then after twice as long, four times, and so on until the request expires. It counts from when the step began,
// for whom it was escalated to from then. A step that waits for nobody by name waits for its groups, and they are
// reminded, each in one message in the approvals channel.
//
// Each reminder is an occasion with a number, kept with the request by the transaction that promises the message. So
// whatever crashes, no occasion comes twice; the message itself is looked for before it is repeated, as any is.

// Reminders is who was reminded of a request, and how often anybody was.
type Reminders struct {
	// Count numbers the reminders that anybody ever had of it: their messages are named by it.
	Count int `json:"count,omitempty"`
	// Of are those who were reminded since the present step began.
	Of []Reminder `json:"of,omitempty"`
	// Nudged is when somebody last had it reminded of by hand, and NudgedBy who.
	Nudged   time.Time `json:"nudged,omitzero"`
	NudgedBy Actor     `json:"nudged_by,omitempty"`
}

// Reminder is how far the reminders of one person or user group are.
type Reminder struct {
	Who string `json:"who"`
	// Round is how many occasions are past: the k-th is 2^k - 1 times as long after the first as the policy says.
	Round int       `json:"round,omitempty"`
	At    time.Time `json:"at"`
	// Key is the promise of the last message to them that is about this request.
	Key string `json:"key"`
}

// of is the last reminder of somebody since the present step began.
func (l Reminders) of(who string) Reminder {
	for _, one := range l.Of {
		if one.Who == who {
			return one
		}
	}
	return Reminder{Who: who}
}

// By reports whether a message is the last that somebody was to have about the request.
func (l Reminders) By(who, key string) bool { return l.of(who).Key == key }

// messagesTo are the last messages that some were to have about a request, by their keys.
func (r Request) messagesTo(who []string) (keys []string) {
	for _, w := range who {
		if key := r.Reminders.of(w).Key; key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// note keeps a reminder in place of the last one of the same.
func (l *Reminders) note(one Reminder) {
	l.Of = slices.DeleteFunc(slices.Clone(l.Of), func(o Reminder) bool { return o.Who == one.Who })
	l.Of = append(l.Of, one)
}

// WaitsFor reports whether somebody, or a user group, is named on the present step of a request that waits, and has not
// had their say. Of who is away it is their deputy.
func (r Request) WaitsFor(who string) bool {
	return r.State == Pending && !r.Rule.Itself() && slices.Contains(r.Eligible().here(), who) && (IsGroup(who) || !r.Answered(Actor(who)))
}

// Awaits are those whom a request waits for and who are reminded: who is named and has not had their say, or where there
// is nobody of that kind the user groups of its present step.
func (r Request) Awaits() (who []string) {
	for _, a := range r.Eligible().here() {
		if !IsGroup(a) && r.WaitsFor(a) {
			who = append(who, a)
		}
	}
	if len(who) == 0 {
		for _, g := range r.Eligible().Groups() {
			if r.WaitsFor(string(g)) {
				who = append(who, string(g))
			}
		}
	}
	return who
}

// askedAt is from when on the present step has waited for somebody: from when it began or, of who came to it later, from
// when it was handed to them or they stood for somebody whom it waits for, whichever was first.
func (r Request) askedAt(who string) time.Time {
	at, stands := r.namedAt(who), r.standsSince(who)
	named := slices.Contains(r.Stages()[r.Present()].Approvers, who)
	if !stands.IsZero() && (!named || stands.Before(at)) {
		return stands
	}
	return at
}

// namedAt is askedAt of somebody in their own right.
func (r Request) namedAt(who string) time.Time {
	if at, raised := r.raisedFor(who); raised {
		return at
	}
	return r.Since()
}

// occasion is when somebody is to be reminded for the n-th time, counted from 1; false: the request expires before. half
// is the middle of the time from the occasion before it.
func (r Request) occasion(who string, n int) (at, half time.Time, ok bool) {
	at = r.askedAt(who)
	if r.Rule.RemindAfter <= 0 {
		return at, at, false
	}
	for wait := r.Rule.RemindAfter; n > 0; n, wait = n-1, 2*wait {
		at, half = at.Add(wait), at.Add(wait/2)
		if !at.Before(r.Expires) {
			return at, half, false
		}
	}
	return at, half, true
}

// round is how many occasions of somebody are past, or as good as: of the next one more than half the time has gone by,
// so that a message about other requests that names this one too stands for it.
func (r Request) round(who string, now time.Time) int {
	n := r.Reminders.of(who).Round
	for {
		_, half, ok := r.occasion(who, n+1)
		if !ok || now.Before(half) {
			return n
		}
		n++
	}
}

// remind notes that somebody is reminded by a message; false: there is no occasion for it, or it was taken before.
func (r *Request) remind(e Reminded, now time.Time) bool {
	n := r.round(e.Who, now)
	if r.State != Pending || !now.Before(r.Expires) || !slices.Contains(r.Awaits(), e.Who) || n == r.Reminders.of(e.Who).Round {
		return false
	}
	r.Reminders.Count++
	r.Reminders.note(Reminder{Who: e.Who, Round: n, At: now, Key: e.Key})
	return true
}

// callAnew owes those to whom the present step was escalated a message of their own where a card tells them nothing new:
// user groups, and people who have one since an earlier step.
func (r *Request) callAnew(had []PersonID, now time.Time) (out []outbox.Change) {
	for _, who := range r.EscalatesTo(r.Present()).Approvers {
		if at, _ := r.raisedFor(who); !at.Equal(now) {
			continue // they heard of it when an earlier one brought it to them
		}
		if IsGroup(who) || slices.Contains(had, PersonID(who)) {
			r.Reminders.Count++
			key := ReminderKey(r.Number, r.Reminders.Count, who)
			r.Reminders.note(Reminder{Who: who, Round: r.round(who, now), At: now, Key: key}) // a deputy may have had some before
			out = append(out, r.atOnce(key, now).ButOnce())
		}
	}
	return out
}

// Reminding carries out intents of kind "remind": it takes the occasion, and with it that of every other request that
// waits for the same and whose own has nearly come, and promises one message. One commit does it all, so a crash before
// it leaves the intent, and after it nothing to do.
func (d *Desk) Reminding(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at := now()
		later, err := d.remind(ctx, job.Key, at)
		switch {
		case err != nil && CodeOf(err) != NotFound:
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, time.Second, time.Minute)), err.Error())
		case !later.IsZero():
			return outbox.RetryAt(later, "its time is not up yet")
		}
		return outbox.Done()
	})
}

// remind takes the occasion of a key; later is when it comes, where it has not.
func (d *Desk) remind(ctx context.Context, key string, now time.Time) (later time.Time, err error) {
	r, err := d.Request(ctx, NumberOf(key))
	if err != nil {
		return later, err
	}
	due, waits := r.timers()[key]
	if !waits || now.Before(due) {
		return due, nil // zero where nothing is waited for
	}
	others, err := d.Every(ctx, Filter{State: Pending})
	if err != nil {
		return later, err
	}
	return later, d.update(ctx, func(tx Tx) error { return d.remindOf(tx, r.Number, others, WhoOf(key), now) })
}

// remindOf takes the occasion of one request and of others in a transaction, and promises the message about them.
func (d *Desk) remindOf(tx Tx, n int64, others []Request, who string, now time.Time) error {
	r, err := d.load(tx, n)
	if err != nil {
		return err
	}
	e := Reminded{Who: who, Key: ReminderKey(n, r.Reminders.Count+1, who)}
	if _, err = d.act(tx, r, e, Usher, "usher", now); errors.Is(err, ErrNotNow) {
		return nil // taken with another's, or decided meanwhile
	}
	for _, o := range others {
		if err != nil {
			return err
		}
		if o.Number == n || !slices.Contains(o.Awaits(), who) {
			continue
		}
		if o, err = d.load(tx, o.Number); err == nil {
			_, err = d.act(tx, o, e, Usher, "usher", now)
		}
		if errors.Is(err, ErrNotNow) {
			err = nil
		}
	}
	if err != nil {
		return err
	}
	return tx.Change(r.atOnce(e.Key, now).ButOnce())
}

// Awaiting lists the requests that wait for somebody by name, and that they may decide now, or for anybody of a user
// group: what has waited longest first. An error means that it could not be found out.
func (d *Desk) Awaiting(ctx context.Context, who string, now time.Time) (list []Request, err error) {
	seen := *d
	seen.Directory = &glance{of: d.Directory}
	all, err := d.Every(ctx, Filter{State: Pending})
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if !r.WaitsFor(who) || !now.Before(r.Expires) {
			continue
		}
		if !IsGroup(who) {
			switch ruling, say := MayDecide(r, Actor(who), seen.gather(ctx, r, Actor(who))); ruling {
			case MayNot:
				continue
			case CouldNotTell:
				return nil, &Error{Code: CannotTell, Say: say}
			}
		}
		list = append(list, r)
	}
	slices.SortStableFunc(list, func(a, b Request) int { return a.Since().Compare(b.Since()) })
	return list, nil
}
