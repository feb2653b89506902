package joiners

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

const (
	// everyDay is how often the groups are read where nothing says that they have changed.
	everyDay = 24 * time.Hour
	// DefaultSettles is how long nothing is asked for somebody who was seen to come: who is put into one group is taken out of another
	// moments before or after, and who was put into the wrong one is taken out again.
	DefaultSettles = 5 * time.Minute
)

// Reading owes a reading of the groups now: at the start, for what was missed while nobody listened, and when one has changed.
func (d *Desk) Reading(ctx context.Context, now time.Time) error {
	if len(d.Groups()) == 0 {
		return nil
	}
	return d.admit(ctx, func(tx Tx) error { return tx.Change(outbox.AtOnce(ReadKey, 0, now)) })
}

// Changed hears that somebody, or who is in a user group, has changed.
func (d *Desk) Changed(ctx context.Context, who string, now time.Time) {
	if !slices.Contains(d.Groups(), approvals.GroupID(who)) {
		return
	}
	if err := d.Reading(ctx, now); err != nil {
		d.Log.WarnContext(ctx, "cannot keep that a user group has changed; it is read again within a day", "group", who, "err", err)
	}
}

// Read carries out intents of kind "joining": it reads each group and keeps who has come and gone since the last reading. A crash
// before a commit has it read again, after it nothing is news. A group that can't be read stays as it was.
func (d *Desk) Read(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at, next := now(), now().Add(everyDay)
		var failed error
		for _, g := range d.Groups() {
			people, err := d.Directory.Group(ctx, g)
			if errors.Is(err, approvals.ErrNoGroup) {
				d.Alarm(ctx, "joiners of "+string(g), approvals.Sayf("The user group %v isn't in Slack any more, so nobody who joins it is offered anything. Turn it on again in Slack, or name another one under joiners in usher.yml, then restart me or send me a SIGHUP.", string(g)))
				continue
			}
			doubted := false
			if err == nil {
				doubted, err = d.take(ctx, g, people, at)
			}
			if failed = errors.Join(failed, err); doubted {
				next = at.Add(agrees)
			}
		}
		if failed != nil {
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, 5*time.Second, 10*time.Minute)), failed.Error())
		}
		return outbox.DoneUntil(next, nil)
	})
}

// Everybody hears a reading of everybody in the workspace. Of whom it says nothing it is as it was: who isn't in it hasn't left.
func (d *Desk) Everybody(ctx context.Context, all []approvals.Person, now time.Time) error {
	if len(d.of(approvals.Workspace)) == 0 {
		return nil
	}
	rolls, err := d.Book.Rolls(ctx)
	if err != nil {
		return err
	}
	full := map[approvals.PersonID]bool{}
	for _, id := range rolls.Of[approvals.Workspace].People {
		full[id] = true
	}
	for _, p := range all {
		full[p.ID] = p.Full()
	}
	var people []approvals.PersonID
	for id, is := range full {
		if is {
			people = append(people, id)
		}
	}
	_, err = d.take(ctx, approvals.Workspace, people, now)
	return err
}

// Came hears that somebody has just come to the workspace, as Slack tells of it by itself. Before the first reading of everybody
// nobody is known to be new.
func (d *Desk) Came(ctx context.Context, who approvals.PersonID, now time.Time) error {
	if len(d.of(approvals.Workspace)) == 0 {
		return nil
	}
	rolls, err := d.Book.Rolls(ctx)
	roll, known := rolls.Of[approvals.Workspace]
	if err != nil || !known || slices.Contains(roll.People, who) {
		return err
	}
	_, err = d.take(ctx, approvals.Workspace, append(slices.Clone(roll.People), who), now)
	return err
}

// take keeps what a reading says of a group, in one transaction. doubted: it waits for another that says the same.
func (d *Desk) take(ctx context.Context, g approvals.GroupID, people []approvals.PersonID, now time.Time) (doubted bool, err error) {
	var says approvals.Text
	err = d.admit(ctx, func(tx Tx) error {
		rolls, err := tx.Rolls()
		if err != nil {
			return err
		}
		rolls = rolls.clone()
		doubted, says, err = d.taken(tx, &rolls, g, people, now)
		if err != nil {
			return err
		}
		return tx.KeepRolls(rolls)
	})
	if err == nil && says != nil {
		d.Log.WarnContext(ctx, "too many came to a user group at once, or went, to be believed by one reading", "group", g)
		d.Alarm(ctx, "many in "+string(g), says)
	}
	return doubted, err
}

// taken is take in its transaction; says is what the admins are told of what is doubted, the first time.
func (d *Desk) taken(tx Tx, rolls *Rolls, g approvals.GroupID, people []approvals.PersonID, now time.Time) (doubted bool, says approvals.Text, err error) {
	was, known := rolls.Of[g]
	if !known {
		slices.Sort(people)
		rolls.Of[g] = Roll{At: now, People: people}
		return false, nil, nil
	}
	is, came, went, fresh := was.read(people, d.Breaker, now)
	rolls.Of[g] = is
	rolls.forget(now)
	for _, who := range went {
		rolls.Went = append(rolls.Went, Going{Person: who, Group: g, At: now})
		if err := d.undone(tx, rolls, who, g, now); err != nil {
			return false, nil, err
		}
		if err := d.moved(tx, rolls, who, g, now); err != nil {
			return false, nil, err
		}
	}
	for _, who := range came {
		if err := d.comes(tx, rolls, Coming{Person: who, Into: g}, now); err != nil {
			return false, nil, err
		}
	}
	if fresh {
		says = tooMany(g, without(is.Doubt.People, was.People), without(was.People, is.Doubt.People))
	}
	return is.Doubt != nil, says, nil
}

// tooMany tells the admins what is held back, and what becomes of it.
func tooMany(g approvals.GroupID, came, went []approvals.PersonID) approvals.Text {
	where := approvals.Sayf("%v", g)
	if g == approvals.Workspace {
		where = approvals.Sayf("the workspace")
	}
	return approvals.Sayf("At the last reading %v people were new in %v and %v were gone, all at once. That's more than I believe from one reading, so nobody is offered anything yet. If the next reading, in an hour at the earliest, says the same, I'll go by it. Was it a mistake? Then put it right in Slack before that.",
		len(came), where, len(went))
}

// comes keeps that somebody is new somewhere, and owes asking for what they are offered, once that has settled.
func (d *Desk) comes(tx Tx, rolls *Rolls, c Coming, now time.Time) error {
	nonce, err := d.Nonce()
	if err != nil {
		return err
	}
	rolls.Last++
	c.Number, c.Nonce, c.At, c.State = rolls.Last, nonce, now, Waiting
	rolls.Came = append(rolls.Came, Going{Person: c.Person, Group: c.Into, At: now, Coming: c.Number})
	return errors.Join(keep(tx, c, "", "somebody came", now), tx.Change(outbox.Promise(WelcomeKey(c.Number), now.Add(d.Settles))))
}

// undone has what somebody was offered for joining a group taken back, who has left it again.
func (d *Desk) undone(tx Tx, rolls *Rolls, who approvals.PersonID, g approvals.GroupID, now time.Time) error {
	for _, o := range rolls.Open {
		if o.Person != who || o.Group != g {
			continue
		}
		c, err := tx.Coming(o.Coming)
		if err != nil {
			return err
		}
		c.Gone = true
		if err := errors.Join(keep(tx, c, c.State, "somebody who came left again", now), tx.Change(outbox.AtOnce(WelcomeKey(c.Number), 0, now))); err != nil {
			return err
		}
	}
	rolls.Open = slices.DeleteFunc(rolls.Open, func(o Going) bool { return o.Person == who && o.Group == g })
	return nil
}

// moved sees to who left a group after they had come to another: what they were offered there is asked anew, with what goes.
// While that still waits both are known in time.
func (d *Desk) moved(tx Tx, rolls *Rolls, who approvals.PersonID, from approvals.GroupID, now time.Time) error {
	for _, g := range slices.Clone(rolls.Came) {
		if g.Person != who || g.Group == from || g.Group == approvals.Workspace {
			continue
		}
		c, err := tx.Coming(g.Coming)
		if err != nil {
			return err
		}
		if c.State != Offered && c.State != Nothing || c.From != "" {
			continue
		}
		rolls.Came = slices.DeleteFunc(rolls.Came, func(o Going) bool { return o.Coming == c.Number })
		if err := d.comes(tx, rolls, Coming{Person: who, Into: c.Into, From: from, Before: c.Number}, now); err != nil {
			return err
		}
	}
	return nil
}
