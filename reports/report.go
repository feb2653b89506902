package reports

import (
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
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
	// Late are the requests of which is still there what they gave for a time, and the time has been up a good while: what
	// has been so longest first.
	Late []approvals.Request
	// Stuck are the requests in doubt or failed that wait for an admin, oldest first; what is Late is not among them.
	Stuck []approvals.Request
	// Head is the end of the audit log when the report was built: posted outside, it makes a cut tail show.
	Head approvals.Head
}

// AppReport is what one app's inventory shows, as far as the app says it (catalog.Reads): what it does not say is empty
// here, and not known.
type AppReport struct {
	App approvals.App
	// Unreadable says why nothing follows, when the vendor could not be read.
	Unreadable approvals.Text
	At         time.Time
	Used       int
	Bought     int // 0: not known
	BySort     []SortCount
	// Blocked are exactly the accounts blocked by limits, by address.
	Blocked []approvals.Seat
	// Without are the accounts that see no resource of the app, though theirs is no sort that sees all.
	Without []approvals.Seat
	// Balance is what is known of the units its calls are paid from, where they are watched.
	Balance *approvals.Balance
	// Unused are the seats that nobody uses and that are still paid for, as far as is known, by address.
	Unused []approvals.Unused
	// Stayed is what stays in it too long, but for what stands elsewhere in the report.
	Stayed approvals.Stayed
	// Since is when the report compared with was made; zero: there is none, and no changes are shown.
	Since   time.Time
	Changes Changes
}

// SortCount is how many accounts of one sort there are.
type SortCount struct {
	Sort  string
	Count int
}

// Reads are what the app says of itself.
func (a AppReport) Reads() catalog.Reads {
	if a.App.Entry == nil {
		return catalog.Reads{}
	}
	return a.App.Entry.Reads
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
