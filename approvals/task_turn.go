package approvals

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Whose turn it is: the app's owners get its tasks one after another, people and the members of groups in the order of the
// configuration. Left out is who is away, has left, has had their fill of messages for the day, gave this one back, or is
// the person it is for. Where that is all of them it goes to an admin, and says so; where no admin is left either, to
// whoever of all these can act at all.

// errTurn says that something changed while it was found out whose turn it is.
var errTurn = errors.New("the turn has moved meanwhile")

// Tasking carries out intents of kind "deed" where a person does it, and of kind "end" of what a person gave: the task is
// somebody's who is there. It stays owed as long as there is a task, so that it is looked at again after an absence, a
// leaving, and once a day.
func (d *Desk) Tasking(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at := now()
		next, err := nextLook(&job, at)
		if err != nil {
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, time.Second, 5*time.Minute)), err.Error())
		}
		r, err := d.seeTo(ctx, NumberOf(job.Key), job.Tries, at)
		switch {
		case CodeOf(err) == NotFound:
			return outbox.Done()
		case err != nil:
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, time.Second, 5*time.Minute)), err.Error())
		case !r.Working():
			return outbox.Done()
		case r.Task.Owner == "":
			return outbox.DoneUntil(maxTime(r.Task.Free.Add(putBackWaits), at.Add(nobodyAgain)), nil)
		}
		return outbox.DoneUntil(next, nil)
	})
}

// nobodyAgain is how soon it is looked again whether somebody can do a task that nobody could.
const nobodyAgain = 5 * time.Minute

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// patience is how often Slack is asked again about an owner before an admin gets what may be that owner's: half a minute or so.
const patience = 6

// seeTo sees to it that a task is somebody's who can act; tries is how often Slack couldn't say by now who is there.
func (d *Desk) seeTo(ctx context.Context, n int64, tries int, now time.Time) (r Request, err error) {
	for range 3 {
		if r, err = d.seeToOnce(ctx, n, tries, now); !errors.Is(err, errTurn) {
			return r, err
		}
	}
	return r, err
}

func (d *Desk) seeToOnce(ctx context.Context, n int64, tries int, now time.Time) (r Request, err error) {
	if r, err = d.Request(ctx, n); err != nil || !r.startable(now) && !r.Working() {
		return r, err
	}
	last, table, err := d.turns(ctx, r.App.ID)
	if err != nil {
		return r, err
	}
	c := candidates{d: d, r: r, table: table, now: now, tries: tries}
	if r.Working() && r.Task.Owner != "" && c.stays(ctx, r.Task.Owner) {
		return r, nil
	}
	if c.err != nil { // whoever has it may be there: Slack can't say
		return r, c.err
	}
	if r.Working() && r.Task.Owner == "" && !r.Task.Free.IsZero() && !r.barred(r.Task.Put) && now.Before(r.Task.Free.Add(putBackWaits)) {
		return r, nil
	}
	e, overlooked, err := c.next(ctx, last)
	if err != nil || r.Working() && r.Task.Owner != "" && c.can(ctx, r.Task.Owner, overlooked) {
		return r, err // who has it is as good as who would get it
	}
	return r, d.entrust(ctx, &r, e, last, table, now)
}

// entrust keeps whose turn it was found to be, if nothing has changed meanwhile.
func (d *Desk) entrust(ctx context.Context, r *Request, e Assigned, last PersonID, table []Absence, now time.Time) error {
	var was PersonID
	if r.Working() {
		was = r.Task.Owner
	}
	return d.update(ctx, func(tx Tx) (err error) {
		if *r, err = d.load(tx, r.Number); err != nil || !r.startable(now) && !r.Working() {
			return err
		}
		if r.Working() && (r.Task.Owner == e.To || r.Task.Owner != was) {
			return nil // kept already, or somebody took it
		}
		turn, err := tx.Turn(r.App.ID)
		if err != nil {
			return fmt.Errorf("read whose turn it is: %w", err)
		}
		away, err := tx.Absences()
		if err != nil {
			return fmt.Errorf("read who is away: %w", err)
		}
		if turn != last || !slices.EqualFunc(away, table, Absence.same) {
			return errTurn
		}
		if e.To != "" && !e.Stand {
			if err := tx.KeepTurn(r.App.ID, e.To); err != nil {
				return fmt.Errorf("keep whose turn it was: %w", err)
			}
		}
		got, err := d.act(tx, *r, e, Usher, "usher", now)
		if errors.Is(err, ErrNotNow) {
			return nil
		}
		*r = got
		return err
	})
}

// turns reads who had the last turn, and who is away.
func (d *Desk) turns(ctx context.Context, app string) (last PersonID, table []Absence, err error) {
	err = d.Book.Update(ctx, func(tx Tx) (err error) {
		if last, err = tx.Turn(app); err != nil {
			return err
		}
		table, err = tx.Absences()
		return err
	})
	if err != nil {
		return "", nil, fmt.Errorf("read whose turn it is: %w", err)
	}
	return last, table, nil
}

// candidates are those who may get a task.
type candidates struct {
	d     *Desk
	r     Request
	table []Absence
	now   time.Time
	// err is what Slack couldn't say of somebody who was passed over for that, and tries how often it couldn't.
	err   error
	tries int
}

// How much is overlooked in who gets a task, where it would else be nobody's.
const (
	strictly  = iota
	evenFull  // who has had their fill of messages, or put it back
	evenOwn   // whom it is for
	evenAway  // who is away
	overlooks // how many degrees there are
)

// next is who gets the task now, and how much was overlooked for that: To is "" where nobody can.
func (c *candidates) next(ctx context.Context, last PersonID) (e Assigned, degree int, err error) {
	owners, err := c.owners(ctx)
	c.err = errors.Join(c.err, err)
	if i := slices.Index(owners, last); i >= 0 {
		owners = slices.Concat(owners[i+1:], owners[:i+1])
	}
	for degree = strictly; degree < overlooks; degree++ {
		for _, id := range owners {
			if c.can(ctx, id, degree) {
				return Assigned{To: id}, degree, nil
			}
		}
		if c.err != nil && c.tries < patience {
			return Assigned{}, degree, c.err // that no owner can would be a guess
		}
		for _, id := range c.d.Admins {
			if c.can(ctx, id, degree) {
				return Assigned{To: id, Stand: true}, degree, nil
			}
		}
		if c.err != nil {
			return Assigned{}, degree, c.err // nobody is overlooked because Slack could not say
		}
	}
	return Assigned{}, degree, nil
}

// owners are the people who own the app, and the members of groups that do, each once.
func (c *candidates) owners(ctx context.Context) (all []PersonID, err error) {
	for _, o := range c.r.App.Owners {
		list := []PersonID{PersonID(o)}
		if IsGroup(o) {
			members, lost := Members(ctx, c.d.Directory, GroupID(o))
			if lost != nil {
				err = errors.Join(err, fmt.Errorf("look up group %s: %w", o, lost))
			}
			list = slices.Sorted(slices.Values(members))
		}
		for _, id := range list {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	return all, err
}

// stays reports whether whoever has the task keeps it, whoever else is there: they are there, and it is none of their own, of
// which they could tick nothing once another is there.
func (c *candidates) stays(ctx context.Context, id PersonID) bool {
	_, away := c.away(id)
	return !away && id != c.r.Change.Person && c.full(ctx, id) && !c.r.barred(id)
}

func (c *candidates) away(id PersonID) (Absence, bool) {
	a, is := absenceOf(c.table, id)
	return a, is && c.now.Before(a.Until)
}

// full reports whether somebody is an active member.
func (c *candidates) full(ctx context.Context, id PersonID) bool {
	p, err := c.d.Directory.Person(ctx, id)
	if err != nil {
		c.err = errors.Join(c.err, fmt.Errorf("look up person %s: %w", id, err))
		return false
	}
	return p.Full()
}

// can reports whether somebody can get the task, with so much overlooked.
func (c *candidates) can(ctx context.Context, id PersonID, degree int) bool {
	if _, away := c.away(id); away && degree < evenAway || c.r.barred(id) || c.r.putBackBy(id) && degree < evenFull {
		return false
	}
	p, err := c.d.Directory.Person(ctx, id)
	if err != nil {
		c.err = errors.Join(c.err, fmt.Errorf("look up person %s: %w", id, err))
		return false
	}
	if !p.Full() || degree < evenOwn && gains(c.r, Actor(id), Facts{People: map[PersonID]Person{id: p}}) == MayNot {
		return false
	}
	if degree >= evenFull || c.d.Fill == nil {
		return true
	}
	fill, err := c.d.Fill(ctx, p)
	if err != nil {
		c.err = errors.Join(c.err, fmt.Errorf("count what %s had today: %w", id, err))
	}
	return err == nil && !fill
}

// retask has it looked again whose the open tasks are: of all, or of those that are somebody's, nobody's, or with somebody only
// because nobody better was there.
func (d *Desk) retask(ctx context.Context, who PersonID, now time.Time) error {
	list, err := d.openTasks(ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return nil
	}
	_, table, err := d.turns(ctx, list[0].App.ID)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(r Request) bool {
		return who != "" && r.Task.Owner != "" && r.Task.Owner != who && !r.makeshift(table, now)
	})
	if len(list) == 0 {
		return nil
	}
	return d.update(ctx, func(tx Tx) error {
		for _, r := range list {
			r, err := d.load(tx, r.Number)
			if err == nil && r.Working() {
				err = tx.Change(outbox.AtOnce(r.seenToBy(), lookTurn(string(who), r.Number), now))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// makeshift reports whether whoever has the task has it only because nobody better was there: they are away, or it is for them.
func (r Request) makeshift(table []Absence, now time.Time) bool {
	a, is := absenceOf(table, r.Task.Owner)
	return r.Task.Owner == r.Change.Person || is && now.Before(a.Until)
}
