package leavers

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// A directory that goes wrong deactivates many at once. So where more than Breaker people were seen to leave within an hour,
// nothing is gathered of those of whom nothing is asked yet: they are held, and the admins are asked once whether they really left.

// within is the time in which those who leave are counted.
const within = time.Hour

// hold holds those who were seen to leave lately, where they are too many.
func (d *Desk) hold(tx Tx, roster *Roster, now time.Time) error {
	roster.Lately = slices.DeleteFunc(roster.Lately, func(s Sighting) bool { return now.Sub(s.At) > within })
	if len(roster.Lately) <= d.Breaker {
		return nil // also while others are held: who leaves days later is no part of that
	}
	held := 0
	if roster.Hold != nil {
		held = len(roster.Hold.Leavings)
	}
	for _, s := range roster.Lately {
		if err := d.holdOne(tx, roster, s.Leaving, now); err != nil {
			return err
		}
	}
	if roster.Hold == nil || len(roster.Hold.Leavings) == held {
		return nil
	}
	for _, id := range d.Requests.Admins {
		if err := tx.Change(outbox.AtOnce(MessageKey(int64(roster.Hold.Number), AboutHold, id), 0, now)); err != nil {
			return err
		}
	}
	return nil
}

// struck takes a leaving out of those who were seen to leave lately and of what is held, and has that drawn anew. With the last of
// them the hold is over.
func (d *Desk) struck(roster *Roster, n int64, now time.Time) (owed []outbox.Change) {
	roster.Lately = slices.DeleteFunc(roster.Lately, func(s Sighting) bool { return s.Leaving == n })
	if roster.Hold == nil || !slices.Contains(roster.Hold.Leavings, n) {
		return nil
	}
	roster.Hold.Leavings = slices.DeleteFunc(roster.Hold.Leavings, func(o int64) bool { return o == n })
	for _, id := range d.Requests.Admins {
		owed = append(owed, outbox.AtOnce(MessageKey(int64(roster.Hold.Number), AboutHold, id), 0, now))
	}
	if len(roster.Hold.Leavings) == 0 {
		roster.say(Word{Hold: roster.Hold.Number, By: approvals.Usher, At: now, Since: roster.Hold.Since})
		roster.Hold = nil
	}
	return owed
}

// say keeps what was said of a hold.
func (r *Roster) say(w Word) {
	r.Words = append(r.Words, w)
	r.Words = r.Words[max(0, len(r.Words)-mostWords):]
}

// Word is an admin's about those who are held: they really left, and what they hold is gathered, or it is a mistake, and nothing is
// done until they are seen active and leave again.
func (d *Desk) Word(ctx context.Context, hold int, left bool, by approvals.Actor, now time.Time) error {
	if err := d.mayWord(ctx, by); err != nil {
		return err
	}
	return d.alter(ctx, func(tx Tx) error {
		roster, err := tx.Roster()
		if err != nil {
			return err
		}
		roster = roster.clone()
		if roster.Hold == nil || roster.Hold.Number != hold {
			w := roster.word(hold)
			switch {
			case w.By == by && w.Left == left:
				return nil
			case w.By == "":
				return approvals.Refuse(approvals.NotFound, "I don't know any more what that was about, so nothing was changed.")
			case w.By == approvals.Usher:
				return approvals.Refuse(approvals.Conflict, "All of them are back since, so nothing is left to say.")
			}
			return approvals.Refuse(approvals.Conflict, "%v has already said %v, so nothing is left to say.", w.By.Text(), w.Say())
		}
		held := roster.Hold.Leavings
		roster.say(Word{Hold: hold, Left: left, By: by, At: now, Since: roster.Hold.Since, Leavings: held})
		roster.Hold, roster.Lately = nil, nil
		for _, n := range held {
			if err := release(tx, n, left, by, now); err != nil {
				return err
			}
		}
		for _, id := range d.Requests.Admins {
			if err := tx.Change(outbox.AtOnce(MessageKey(int64(hold), AboutHold, id), 0, now)); err != nil {
				return err
			}
		}
		return tx.KeepRoster(roster)
	})
}

// mostWords is how many words are remembered, for the cards that say what was said.
const mostWords = 50

// mayWord refuses everybody but an admin who is one.
func (d *Desk) mayWord(ctx context.Context, by approvals.Actor) error {
	if !slices.Contains(d.Requests.Admins, by.Person()) {
		return approvals.Refuse(approvals.NotAllowed, "Only an admin can say whether they really left.")
	}
	return d.Requests.MayAsk(ctx, by.Person())
}

// release is what becomes of one that was held.
func release(tx Tx, n int64, left bool, by approvals.Actor, now time.Time) error {
	l, err := tx.Leaving(n)
	if err != nil || l.State != Held {
		return err
	}
	c := change{what: "an admin says that it's a mistake", by: by, do: func(_ Tx, l *Leaving) ([]outbox.Change, bool, error) {
		l.State, l.Ended, l.EndedBy, l.Why = CalledOff, now, by, "it's a mistake"
		return nil, true, nil
	}}
	if left {
		c = change{what: "an admin says that they really left", by: by, do: func(_ Tx, l *Leaving) ([]outbox.Change, bool, error) {
			l.State = Gathering
			return []outbox.Change{outbox.AtOnce(GatherKey(n), 0, now)}, true, nil
		}}
	}
	_, err = keep(tx, l, c, now)
	return err
}

func (d *Desk) holdOne(tx Tx, roster *Roster, n int64, now time.Time) error {
	l, err := tx.Leaving(n)
	if err != nil || l.State != Gathering || l.Said() {
		return err
	}
	if roster.Hold == nil {
		roster.Holds++
		roster.Hold = &Hold{Number: roster.Holds, Since: roster.Lately[0].At}
	}
	roster.Hold.Leavings = append(roster.Hold.Leavings, n)
	_, err = keep(tx, l, change{what: "held, for too many left at once", by: approvals.Usher, do: func(_ Tx, l *Leaving) ([]outbox.Change, bool, error) {
		l.State = Held
		return []outbox.Change{outbox.Forget(GatherKey(n))}, true, nil
	}}, now)
	return err
}
