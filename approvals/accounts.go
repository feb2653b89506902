package approvals

import (
	"fmt"
	"iter"
	"time"
)

// Accounts is every account of an app as read at one time, gone through one after another: there may be more than anybody wants to
// hold.
type Accounts struct {
	App App
	// Bought is how many there may be, 0: not known; Count is how many All gives.
	Bought, Count int
	At            time.Time
	// Renewing says that they are read anew just now: what isn't among them may be there by then.
	Renewing bool
	// All gives each once, in no order. It can be ranged over several times. After an error nothing follows, and what came before it
	// is not all.
	All iter.Seq2[Seat, error]
}

// Accounts is a list as what is gone through.
func (l SeatList) Accounts() Accounts {
	return Accounts{App: l.App, Bought: l.Bought, Count: len(l.Seats), At: l.At, All: func(yield func(Seat, error) bool) {
		for _, s := range l.Seats {
			if !yield(s, nil) {
				return
			}
		}
	}}
}

// Each hands over every account, until that is enough.
func (a Accounts) Each(take func(Seat) (more bool)) error {
	if a.All == nil {
		return nil
	}
	for s, err := range a.All {
		if err != nil {
			return fmt.Errorf("go through the accounts of %s: %w", a.App.ID, err)
		}
		if !take(s) {
			return nil
		}
	}
	return nil
}

// Find is the first account of which that is so.
func (a Accounts) Find(is func(Seat) bool) (found Seat, ok bool, err error) {
	err = a.Each(func(s Seat) bool {
		if ok = is(s); ok {
			found = s
		}
		return !ok
	})
	return found, ok, err
}

// List holds all of them.
func (a Accounts) List() (SeatList, error) {
	l := SeatList{App: a.App, Bought: a.Bought, At: a.At}
	err := a.Each(func(s Seat) bool {
		l.Seats = append(l.Seats, s)
		return true
	})
	return l, err
}

// SeatCount is how many of an app's seats they use.
func (a Accounts) SeatCount() SeatCount { return SeatCount{Used: a.Count, Of: a.Bought, At: a.At} }
