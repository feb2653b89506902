package history

import (
	"iter"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Trend is an app over some weeks, the oldest first.
type Trend struct {
	// From is the first moment that is remembered at all; zero: nothing is.
	From   time.Time
	Points []Point
}

// Point is an app at one time.
type Point struct {
	At time.Time
	// Known is false for a gap: the app wasn't read then, and the figures mean nothing.
	Known                       bool
	Used, Bought, Blocked, Idle int
}

// Since is from when on something is known to be so. Before says that it was so already when that was first looked at, so
// that it began at some time before At.
type Since struct {
	At     time.Time
	Before bool
}

// Day is an app as one reading of the past showed it. All can be ranged over several times.
type Day struct {
	At            time.Time
	Bought, Count int
	All           iter.Seq2[approvals.Seat, error]
}
