package approvals

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Who is away stands in one table, and each request that waits keeps what of it concerns it. The table is changed in one
// transaction with its audit entry and the promises to move what waits and to end the absence; what is asked, or
// changes, after that commit reads the table itself. So a crash anywhere leaves promises that are kept at the next
// start, and each of them finds what is to be done by comparing.

// longestAway is how far ahead an absence may end.
const longestAway = 366 * 24 * time.Hour

// Leave keeps that somebody is away. What cannot be so is an *Error. Said again it changes nothing.
func (d *Desk) Leave(ctx context.Context, a Absence, surface string, now time.Time) (Absence, error) {
	if err := d.mayLeave(ctx, a, now); err != nil {
		return a, err
	}
	a.Since = now
	err := d.update(ctx, func(tx Tx) error {
		table, err := tx.Absences()
		if err != nil {
			return fmt.Errorf("read who is away: %w", err)
		}
		if err := loops(table, a, now); err != nil {
			return err
		}
		for _, was := range table {
			if was.same(a) {
				return nil
			}
		}
		table = append(without(table, a.Person), a)
		return d.table(tx, table, a, "went away", Actor(a.Person), surface, now)
	})
	return a, err
}

// Back ends an absence by whose it is; false: they were not away.
func (d *Desk) Back(ctx context.Context, id PersonID, surface string, now time.Time) (a Absence, was bool, err error) {
	err = d.update(ctx, func(tx Tx) error {
		a, was, err = d.ends(tx, id, "came back", Actor(id), surface, now)
		return err
	})
	return a, was, err
}

// Away is somebody's absence now; false: they are not away.
func (d *Desk) Away(ctx context.Context, id PersonID, now time.Time) (a Absence, is bool, err error) {
	err = d.Book.Update(ctx, func(tx Tx) error {
		table, err := tx.Absences()
		a, is = absenceOf(table, id)
		is = is && now.Before(a.Until)
		return err
	})
	if err != nil {
		return a, false, fmt.Errorf("read who is away: %w", err)
	}
	return a, is, nil
}

// mayLeave is every reason, apart from who else is away, why somebody cannot be away so.
func (d *Desk) mayLeave(ctx context.Context, a Absence, now time.Time) error {
	switch {
	case !a.Until.After(now):
		return Refuse(Invalid, "%v is over already, so nothing was changed. Give the last day you're away.", a.Until)
	case a.Until.Sub(now) > longestAway:
		return Refuse(Invalid, "%v is more than a year ahead, so nothing was changed. Give an earlier day; you can say it again then.", a.Until)
	case a.Deputy == a.Person:
		return Refuse(Invalid, "You can't be your own deputy, so nothing was changed. Name somebody else, or leave `deputy=` out.")
	}
	if who, err := d.Directory.Person(ctx, a.Person); err != nil {
		return Refuse(CannotTell, "I couldn't check with Slack who you are just now, so nothing was changed. Please try again in a minute.").Because(err)
	} else if !who.Full() {
		return Refuse(NotAllowed, "Only full members of this workspace decide requests, so there's nothing to hand over.")
	}
	if a.Deputy == "" {
		return nil
	}
	switch who, err := d.Directory.Person(ctx, a.Deputy); {
	case err != nil:
		return Refuse(CannotTell, "I couldn't check with Slack who %v is just now, so nothing was changed. Please try again in a minute.", a.Deputy).Because(err)
	case who.Bot:
		return Refuse(Invalid, "%v is a bot, and only people decide. Name somebody else; nothing was changed.", a.Deputy)
	case who.Guest:
		return Refuse(Invalid, "%v is a guest here, and only full members decide. Name somebody else; nothing was changed.", a.Deputy)
	case !who.Full():
		return Refuse(Invalid, "%v has left (deactivated in Slack). Name somebody else; nothing was changed.", a.Deputy)
	}
	return nil
}

// loops refuses a deputy who is away and whose decisions come back, over however many others.
func loops(table []Absence, a Absence, now time.Time) error {
	next := a.Deputy
	for range len(table) {
		o, away := absenceOf(table, next)
		if !away || !now.Before(o.Until) {
			return nil
		}
		if o.Deputy == a.Person {
			return Refuse(Conflict, "%v is away until %v, and their decisions come back to you, so nobody would decide. Name somebody else; nothing was changed.", a.Deputy, o.Until)
		}
		next = o.Deputy
	}
	return nil
}

// LoopOf are people who are away and whose decisions come back to the first of them, who is named at both ends; nil: there
// is no such loop.
func LoopOf(table []Absence, now time.Time) []string {
	for _, first := range table {
		loop := []string{string(first.Person)}
		for a, away := first, true; away && now.Before(a.Until) && len(loop) <= len(table); a, away = absenceOf(table, a.Deputy) {
			if loop = append(loop, string(a.Deputy)); a.Deputy == first.Person {
				return loop
			}
		}
	}
	return nil
}

func absenceOf(table []Absence, id PersonID) (Absence, bool) {
	i := slices.IndexFunc(table, func(a Absence) bool { return id != "" && a.Person == id })
	if i < 0 {
		return Absence{}, false
	}
	return table[i], true
}

func without(table []Absence, id PersonID) []Absence {
	return slices.DeleteFunc(slices.Clone(table), func(a Absence) bool { return a.Person == id })
}

// ends takes an absence off the table; false: there was none.
func (d *Desk) ends(tx Tx, id PersonID, what string, by Actor, surface string, now time.Time) (Absence, bool, error) {
	table, err := tx.Absences()
	if err != nil {
		return Absence{}, false, fmt.Errorf("read who is away: %w", err)
	}
	a, was := absenceOf(table, id)
	if !was {
		return a, false, nil
	}
	ended := a
	ended.Over = true
	return a, true, d.table(tx, without(table, id), ended, what, by, surface, now)
}

// table keeps who is away with the entry that says what changed, and owes what follows from it: that what waits is
// moved, and that an absence which has begun ends.
func (d *Desk) table(tx Tx, table []Absence, a Absence, what string, by Actor, surface string, now time.Time) error {
	if err := tx.KeepAbsences(table); err != nil {
		return fmt.Errorf("keep who is away: %w", err)
	}
	raw, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encode absence of %s: %w", a.Person, err)
	}
	if err := tx.Audit(Entry{At: now, Actor: by, What: what, Surface: surface, Detail: raw}); err != nil {
		return fmt.Errorf("audit absence of %s: %w", a.Person, err)
	}
	changes := []outbox.Change{outbox.AtOnce(AwayKey(a.Person), 0, now), outbox.Forget(BackKey(a.Person)),
		outbox.AtOnce(HomeKey(a.Person), 0, now).OnlyWhere(HomeKey(a.Person))}
	if !a.Over {
		changes = append(changes, outbox.Promise(BackKey(a.Person), a.Until))
	}
	for _, c := range changes {
		if err := tx.Change(c); err != nil {
			return fmt.Errorf("promise for the absence of %s: %w", a.Person, err)
		}
	}
	return nil
}

// Moving carries out intents of kind "away": each request that waits and names somebody is brought to what the table
// says of them. A request asked after the table changed has read it, so those listed here are all the others; one that
// is moved already has nothing left to move, so whoever comes next after a crash goes on where it was.
func (d *Desk) Moving(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at := now()
		if err := d.move(ctx, PersonID(WhoOf(job.Key)), at); err != nil {
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, time.Second, time.Minute)), err.Error())
		}
		return outbox.Done()
	})
}

func (d *Desk) move(ctx context.Context, id PersonID, now time.Time) error {
	if err := d.retask(ctx, id, now); err != nil {
		return err
	}
	waiting, err := d.Every(ctx, Filter{State: Pending})
	if err != nil {
		return err
	}
	for _, r := range waiting {
		_, kept := absenceOf(r.Away, id)
		if !kept && !slices.Contains(r.Rule.People(), id) {
			continue
		}
		err := d.update(ctx, func(tx Tx) error {
			r, err := d.load(tx, r.Number)
			if err != nil || r.State != Pending {
				return err
			}
			table, err := tx.Absences()
			if err != nil {
				return fmt.Errorf("read who is away: %w", err)
			}
			is := r.absencesNow(r.Rule, table, now)
			if slices.EqualFunc(is, r.Away, Absence.same) {
				return nil
			}
			_, err = d.act(tx, r, Stood{Away: is}, Usher, "usher", now)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Returning carries out intents of kind "back": an absence ends by itself when its time is over.
func (d *Desk) Returning(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at, id := now(), PersonID(WhoOf(job.Key))
		var until time.Time
		err := d.update(ctx, func(tx Tx) error {
			table, err := tx.Absences()
			if err != nil {
				return fmt.Errorf("read who is away: %w", err)
			}
			if a, _ := absenceOf(table, id); at.Before(a.Until) {
				until = a.Until
				return nil
			}
			until = time.Time{}
			_, _, err = d.ends(tx, id, "absence ended", Usher, "usher", at)
			return err
		})
		switch {
		case err != nil:
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, time.Second, time.Minute)), err.Error())
		case !until.IsZero():
			return outbox.RetryAt(until, "its time is not up yet")
		}
		return outbox.Done()
	})
}

// present is a request with the absences that the table has of those it names, in a transaction: what is kept with it
// may be a moment old.
func (d *Desk) present(tx Tx, r Request, e Event, now time.Time) (Request, error) {
	if _, moves := e.(Stood); moves || r.State != "" && r.State != Pending {
		return r, nil
	}
	table, err := tx.Absences()
	if err != nil {
		return r, fmt.Errorf("read who is away: %w", err)
	}
	rule := r.Rule
	if s, ok := e.(Settled); ok {
		rule = s.Rule
	}
	if s, ok := e.(Edited); ok {
		rule = s.To.Rule
	}
	if is := r.absencesNow(rule, table, now); !slices.EqualFunc(is, r.Away, Absence.same) {
		r.Away = is
	}
	return r, nil
}
