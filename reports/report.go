package reports

import (
	"time"

	"github.com/usherbot/usher/approvals"
)

// Report is one digest, as data. The bot draws it.
type Report struct {
	Name string
	// Slot is the local wall-clock slot it is for ("2026-11-23T09:00"), or "" for one asked for by hand.
	Slot string
	At   time.Time
	// AskedBy is who asked for it by hand.
	AskedBy approvals.PersonID
	Apps    []AppReport
	// Waiting are the undecided requests, oldest first; WaitingMore is how many more there are.
	Waiting     []approvals.Request
	WaitingMore int
	// Stuck are the requests in doubt or failed that wait for an admin, oldest first.
	Stuck []approvals.Request
	// Head is the end of the audit log when the report was built: posted outside, it makes a cut tail show.
	Head approvals.Head
}

// AppReport is what one app's inventory shows.
type AppReport struct {
	App approvals.App
	// Unreadable says why nothing follows, when the vendor could not be read.
	Unreadable approvals.Text
	At         time.Time
	Used       int
	Bought     int // 0: not known
	ByType     []TypeCount
	// Blocked are exactly the accounts blocked by limits, by address.
	Blocked []approvals.Seat
	// NoSite are the client accounts with no website shared.
	NoSite []approvals.Seat
	// Since is when the report compared with was made; zero: there is none, and no changes are shown.
	Since   time.Time
	Changes Changes
}

// TypeCount is how many accounts of one type there are.
type TypeCount struct {
	Type  approvals.SeatType
	Count int
}

// Changes is what differs from the report before, by address, sorted.
type Changes struct {
	UsedBefore   int
	Added        []string
	Removed      []string
	NewlyBlocked []string
	Unblocked    []string
}

// None reports whether nothing changed.
func (c Changes) None() bool {
	return len(c.Added)+len(c.Removed)+len(c.NewlyBlocked)+len(c.Unblocked) == 0
}
