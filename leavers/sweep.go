package leavers

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

const (
	// everyDay is how often everybody is read.
	everyDay = 24 * time.Hour
	// sweepSoonest and sweepLatest bound the wait for the next try, and sweepBears is how many tries fail before the admins hear.
	sweepSoonest = 5 * time.Second
	sweepLatest  = 10 * time.Minute
	sweepBears   = 8
)

// Sweeping owes the reading of everybody from now on: at the start, for what was missed while nobody listened, and daily.
func (d *Desk) Sweeping(ctx context.Context, now time.Time) error {
	return d.alter(ctx, func(tx Tx) error { return tx.Change(outbox.AtOnce(PeopleKey, 0, now)) })
}

// Sweep carries out intents of kind "people": it reads everybody and keeps who has left and who is back since the last
// reading. A crash before the commit has it read again, after it nothing is news.
func (d *Desk) Sweep(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at := now()
		all, err := d.Workspace.Everybody(ctx)
		if err == nil {
			err = d.compare(ctx, all, at)
		}
		if err == nil && d.Also != nil {
			err = d.Also(ctx, all, at)
		}
		if err == nil {
			err = d.remind(ctx, at)
		}
		if err == nil {
			return outbox.DoneUntil(at.Add(everyDay), nil)
		}
		if job.Tries >= sweepBears {
			d.Alarm(ctx, "people", approvals.Sayf("I can't read from Slack who's still in the workspace, so somebody who left while I wasn't listening may go unnoticed. Nobody is taken for gone meanwhile, and I'll keep trying. The log says why."))
		}
		return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, sweepSoonest, sweepLatest)), err.Error())
	})
}

// remind tells the admins again of those who are held, of whom nobody has said for a day whether they really left.
func (d *Desk) remind(ctx context.Context, now time.Time) error {
	roster, err := d.Book.Roster(ctx)
	if err != nil || roster.Hold == nil || now.Sub(roster.Hold.Since) < everyDay {
		return err
	}
	d.Alarm(ctx, "people held", approvals.Sayf("%v of those who were deactivated in Slack since %v still wait for an admin to say whether they really left. Until then I ask nobody about what they hold. My message about them has the buttons; `/access leave @person` shows each.", len(roster.Hold.Leavings), roster.Hold.Since))
	return nil
}

// compare keeps what an answer says of everybody that is news. One that is too small is trouble for the admins, and says nothing
// of anybody.
func (d *Desk) compare(ctx context.Context, all []approvals.Person, now time.Time) error {
	var was Active
	if err := d.Book.Alter(ctx, func(tx Tx) (err error) { was, err = tx.Active(); return err }); err != nil {
		return err
	}
	if seen := count(all); seen == 0 || 2*seen < len(was.People) {
		d.Log.ErrorContext(ctx, "an answer about everybody in the workspace is too small to be believed", "active", seen, "before", len(was.People))
		d.Alarm(ctx, "people shrunk", approvals.Sayf("Slack just told me that %v people are active in this workspace, and last time it was %v. I don't believe that by itself, so nobody is taken for gone. If it's true, tell me about each with `/access leave @person`.", seen, len(was.People)))
		return nil
	}
	roster, err := d.Book.Roster(ctx)
	if err != nil {
		return err
	}
	var sights []Sight
	for _, p := range all {
		s := Sight{Person: p.ID, Name: p.Name, Off: !p.Active, Bot: p.Bot, AsOf: p.Updated}
		if _, known := roster.Of[p.ID]; !known && !was.has(p.ID) {
			continue // whoever had left before anybody looked is the register's to find
		}
		news, err := d.news(ctx, roster, s)
		if err != nil {
			return err
		}
		if news {
			sights = append(sights, s)
		}
	}
	if len(sights) == 0 && slices.Equal(activeIn(all, was, roster, now).People, was.People) {
		return nil
	}
	return d.take(ctx, sights, all, now)
}

// count is how many of some people are active.
func count(all []approvals.Person) (n int) {
	for _, p := range all {
		if p.Active {
			n++
		}
	}
	return n
}

// keepActive keeps who is active by an answer about everybody, unless that is nil.
func keepActive(tx Tx, all []approvals.Person, roster Roster, now time.Time) error {
	if all == nil {
		return nil
	}
	was, err := tx.Active()
	if err != nil {
		return err
	}
	return tx.KeepActive(activeIn(all, was, roster, now))
}

// activeIn are those whom an answer shows active, and those of before of whom it says nothing: who isn't in it hasn't left. Nor has whom it
// shows deactivated, until they are on the roster.
func activeIn(all []approvals.Person, was Active, roster Roster, now time.Time) Active {
	off := map[approvals.PersonID]bool{}
	is := Active{At: now, People: slices.Clone(was.People)}
	for _, p := range all {
		if _, known := roster.Of[p.ID]; known {
			off[p.ID] = !p.Active
		}
		if p.Active {
			is.People = append(is.People, p.ID)
		}
	}
	is.People = slices.DeleteFunc(is.People, func(id approvals.PersonID) bool { return off[id] })
	slices.Sort(is.People)
	is.People = slices.Compact(is.People)
	return is
}
