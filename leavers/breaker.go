package leavers

import (
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
	if len(roster.Lately) <= d.Breaker && roster.Hold == nil {
		return nil
	}
	for _, s := range roster.Lately {
		if err := d.holdOne(tx, roster, s.Leaving, now); err != nil {
			return err
		}
	}
	return nil
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
