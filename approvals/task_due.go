package approvals

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// A task that is not done in its time is reminded of when it is due, then after half of that time, as long again, twice as
// long, and so on. Whose it is hears of each; from the second on the app's other owners do too, and from the third the admins. What was
// missed while Usher was down is one reminder. Each is an occasion with a number, kept with the task by the transaction that
// promises its messages: so no crash repeats one.

// DefaultDue is how long a task may take where the app does not say.
const DefaultDue = 48 * time.Hour

// mostPresses is how many reminders a task gets: the last comes a hundred times as long after the first as it may take.
const mostPresses = 8

func orDefault(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// pressAt is when a task is reminded of for the n-th time, counted from 1.
func (t Task) pressAt(n int) time.Time {
	at, wait := t.Due, max(t.Span/2, time.Minute)
	for ; n > 1; n-- {
		at, wait = at.Add(wait), 2*wait
	}
	return at
}

// Round is how many reminders there have been of a task, and of what it was before: the number of the last.
func (t Task) Round() int { return t.Past + t.Rounds }

// pressing is when a task is next reminded of; false: never.
func (r Request) pressing() (time.Time, bool) {
	if !r.Working() || r.Task.Due.IsZero() || r.Task.Rounds >= mostPresses {
		return time.Time{}, false
	}
	return r.Task.pressAt(r.Task.Rounds + 1), true
}

// pressed is the reminder that is due; false: none is.
func (r Request) pressed(admins []PersonID, now time.Time) (e Pressed, due bool) {
	if !r.Working() || r.Task.Due.IsZero() {
		return e, false
	}
	for e.Rounds = r.Task.Rounds; e.Rounds < mostPresses && !now.Before(r.Task.pressAt(e.Rounds+1)); {
		e.Rounds++
	}
	if e.Rounds == r.Task.Rounds {
		return e, false
	}
	if r.Task.Owner != "" {
		e.Who = append(e.Who, string(r.Task.Owner))
	}
	if e.Rounds > 1 || r.Task.Owner == "" {
		e.Who = append(e.Who, r.App.Owners...)
	}
	if e.Rounds > 2 || len(e.Who) == 0 {
		for _, a := range admins {
			e.Who = append(e.Who, string(a))
		}
	}
	gains := func(who string) bool { return PersonID(who) == r.Change.Person && PersonID(who) != r.Task.Owner }
	e.Who = slices.DeleteFunc(e.Who, gains)
	slices.Sort(e.Who)
	e.Who = slices.Compact(e.Who)
	return e, true
}

// Pressing carries out intents of kind "due".
func (d *Desk) Pressing(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at, n := now(), NumberOf(job.Key)
		var next time.Time
		err := d.update(ctx, func(tx Tx) error {
			next = time.Time{}
			r, err := d.load(tx, n)
			if err != nil {
				return err
			}
			e, due := r.pressed(d.Admins, at)
			if !due {
				next, _ = r.pressing()
				return nil
			}
			_, err = d.act(tx, r, e, Usher, "usher", at)
			if errors.Is(err, ErrNotNow) {
				err = nil
			}
			return err
		})
		switch {
		case err != nil && CodeOf(err) != NotFound:
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, time.Second, time.Minute)), err.Error())
		case next.After(at):
			return outbox.RetryAt(next, "its time is not up yet")
		}
		return outbox.Done()
	})
}
