package cargo

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Closed says why nobody may decide in a store. It is kept in the store itself, and is the error of whoever opens it to
// decide; who only reads may.
type Closed struct {
	// Move names the move, the same at both of its ends.
	Move string `json:"move"`
	// Moved: everything went from here; else it is arriving here, and the other end still counts.
	Moved bool `json:"moved,omitempty"`
	// From and To are the two ends in words; no password is in them.
	From string          `json:"from"`
	To   string          `json:"to"`
	At   time.Time       `json:"at"`
	By   approvals.Actor `json:"by"`
}

// Error says what is so, and what to do.
func (c *Closed) Error() string {
	at := c.At.UTC().Format(time.RFC3339)
	if c.Moved {
		return fmt.Sprintf("this database moved to %s at %s (by %s), so nothing is decided here any more: start Usher on that one, or bring it back here with `usher migrate`", c.To, at, c.By)
	}
	return fmt.Sprintf("everything in %s is on its way into this database since %s, and hasn't wholly arrived: run the same `usher migrate` again to finish it", c.From, at)
}

// Note is what the reader of a store that is closed is told; "" where it is open.
func (c *Closed) Note() string {
	switch {
	case c == nil:
		return ""
	case c.Moved:
		return fmt.Sprintf("note: this database moved to %s at %s, and says what was so until then", c.To, c.At.UTC().Format(time.RFC3339))
	}
	return fmt.Sprintf("note: this is a copy of %s that hasn't wholly arrived; that one still counts", c.From)
}

// Arrival is kept of each move for good, at the end where everything arrived.
type Arrival struct {
	Move string          `json:"move"`
	From string          `json:"from"`
	To   string          `json:"to"`
	At   time.Time       `json:"at"`
	By   approvals.Actor `json:"by"`
	// Audited is set once the audit log has an entry about it: the key that signs is known to the bot only.
	Audited bool `json:"audited,omitempty"`
}

// Arrivals is the name of the note under which they stand, as a list.
const Arrivals = "arrived"

// Arrived is the mark of what is arriving as what is kept of it afterwards.
func (c *Closed) Arrived() Arrival {
	return Arrival{Move: c.Move, From: c.From, To: c.To, At: c.At, By: c.By}
}

// Entry is what the audit log says of an arrival.
func (a Arrival) Entry() (approvals.Entry, error) {
	detail, err := json.Marshal(map[string]string{"from": a.From, "to": a.To})
	if err != nil {
		return approvals.Entry{}, fmt.Errorf("encode audit detail: %w", err)
	}
	return approvals.Entry{At: a.At, Actor: a.By, What: "database moved", Surface: "command line", Detail: detail}, nil
}

// Standing is how a store stands before a move.
type Standing struct {
	// There: there is a database at all; Empty: nothing was ever asked, promised or kept in it.
	There, Empty bool
	Closed       *Closed
	// Life is the name that the database has had since its making, wherever it moved; "": none.
	Life string
	Head approvals.Head
	// Requests and Promises are how many it holds, and Number is the last one that a request was given.
	Requests, Promises, Number int64
	// Arrivals are the moves that ended here, or before it moved here.
	Arrivals []Arrival
}

// Has reports whether a move ended here.
func (s Standing) Has(move string) bool {
	for _, a := range s.Arrivals {
		if a.Move == move {
			return true
		}
	}
	return false
}

// Unaudited reports whether the audit log has no entry yet about one of these.
func Unaudited(all []Arrival) bool {
	return slices.ContainsFunc(all, func(a Arrival) bool { return !a.Audited })
}
