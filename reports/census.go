package reports

import (
	"fmt"
	"iter"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Census is one walk over an app's accounts, and what it came to. Whatever needs each of them ranges over All and holds nothing of
// it, because there may be a hundred thousand.
type Census struct {
	App approvals.App
	At  time.Time
	// Bought is how many there may be, 0: not known; Count is how many All gives.
	Bought, Count int
	// Drift says what did not agree while the pages were read; nil: nothing.
	Drift approvals.Text
	// Walk is its number among an app's walks that are kept (Walker.Pin); 0: it is none of them.
	Walk int64
	// All gives each account once, in no order; nil: nobody walked. It can be ranged over several times. After an
	// error nothing follows, and what came before it is not all.
	All iter.Seq2[approvals.Seat, error]
}

// CensusOf is a list that was read in one go.
func CensusOf(l approvals.SeatList) Census {
	return Census{App: l.App, At: l.At, Bought: l.Bought, Count: len(l.Seats), All: func(yield func(approvals.Seat, error) bool) {
		for _, s := range l.Seats {
			if !yield(s, nil) {
				return
			}
		}
	}}
}

// Walked reports whether there is anything to range over.
func (c Census) Walked() bool { return c.All != nil }

// Each hands over every account, and stops at the first error.
func (c Census) Each(do func(approvals.Seat)) error {
	if !c.Walked() {
		return nil
	}
	for s, err := range c.All {
		if err != nil {
			return fmt.Errorf("go through the accounts of %s: %w", c.App.ID, err)
		}
		do(s)
	}
	return nil
}
