package reports

import (
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/reports/history"
)

// Report is one digest, as data. The bot draws it.
type Report struct {
	Name string
	// Slot is the local wall-clock slot it is for ("2026-11-23T09:00"), or "" for one asked for by hand.
	Slot string
	At   time.Time
	// AskedBy is who asked for it by hand.
	AskedBy approvals.PersonID
	// Alone says that nobody but AskedBy is shown it, who may have it posted.
	Alone bool
	// To is who gets it by direct message; "": it stands in a channel. Instead says why it comes to them and not to where it
	// belongs; nil: it is theirs.
	To      approvals.PersonID
	Instead approvals.Text
	// As is the file that it is, one of Formats, and its message says the least; "": it's the message.
	As string
	// Sections are those that were chosen; none: all.
	Sections []Section
	Apps     []AppReport
	// Since is when the report compared with was made; zero: there is none, and nothing is said to have changed.
	Since time.Time
	// Events are what came of requests since then, the latest first; EventCount is how many there are in all.
	Events     []Event
	EventCount int
	// Waiting are the undecided requests, oldest first; WaitingMore is how many more there are.
	Waiting     []approvals.Request
	WaitingMore int
	// Tasks are the requests that somebody carries out by hand now, what is due first.
	Tasks []approvals.Request
	// Ending is what was given for a time and is over soon, the first end first.
	Ending []approvals.Request
	// Late are the requests of which is still there what they gave for a time, and the time has been up a good while: what
	// has been so longest first.
	Late []approvals.Request
	// Stuck are the requests in doubt or failed that wait for an admin, oldest first; what is Late is not among them.
	Stuck []approvals.Request
	// Cost is what the seats cost, one for each currency; Costless are the apps of which that isn't known.
	Cost     []Cost
	Costless []approvals.App
	// Head is the end of the audit log when the report was built: posted outside, it makes a cut tail show.
	Head approvals.Head
	// Removed says, of a moment so long ago that requests that were closed by then have been removed, how long they are kept ("2 years"): what
	// came of them isn't known any more. "": none have been.
	Removed string
	// Then says that it is of a moment of the past: what isn't remembered of that is empty here, and not known.
	Then bool
	// before is what the report before told.
	before Told
}

// Shows reports whether a section is wanted.
func (r Report) Shows(s Section) bool { return shows(r.Sections, s) }

// Chose reports whether somebody wanted a section by name: it says so then where it has nothing to tell.
func (r Report) Chose(s Section) bool { return slices.Contains(r.Sections, s) }

// AppReport is what one app's inventory shows, as far as the app says it (catalog.Reads): what it does not say is empty
// here, and not known.
type AppReport struct {
	App approvals.App
	// Unreadable says why the app could not be read now. Its figures are then those of AsOf, where anything is remembered.
	Unreadable approvals.Text
	// AsOf is from when the figures are that an app which couldn't be read falls back on, or that its list has which doesn't say them
	// itself; zero: they are of At, or there are none.
	AsOf   time.Time
	At     time.Time
	Used   int
	Bought int // 0: not known
	// Spare are the seats beside Used that aren't free either: nobody uses them, and they're still paid for.
	Spare  int
	BySort []SortCount
	// Drift is what did not agree while it was read; nil: nothing.
	Drift approvals.Text
	// Blocked are the accounts blocked by limits, by address: the first of them, and BlockedCount exactly how many there are.
	Blocked      []BlockedAccount
	BlockedCount int
	// Idle are the accounts that see no resource of the app, though theirs is no sort that sees all, by address: the first of
	// them, and IdleCount how many there are.
	Idle      []approvals.Seat
	IdleCount int
	// IdleUnknown says that what the figures are of doesn't tell what accounts see: nobody knows who was idle.
	IdleUnknown bool
	// Trend is the app over the last weeks.
	Trend history.Trend
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

// Free is how many of the seats that are bought somebody could be given; less than 0: more are taken than bought.
func (a AppReport) Free() int { return a.Bought - a.Used - a.Spare }

// BlockedAccount is an account that is blocked by its limits.
type BlockedAccount struct {
	approvals.Seat
	// Since is from when on it is known to be; zero: that isn't known. Before says that it was so already when that was first
	// looked at.
	Since  time.Time
	Before bool
	// Why is what is known of why; nil: nothing.
	Why approvals.Text
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
	UsedBefore int
	// BoughtBy is how many more seats are bought, where that is known of both; less than 0: fewer.
	BoughtBy     int
	Added        Names
	Removed      Names
	NewlyBlocked Names
	Unblocked    Names
}

// Names are the first of some addresses, and how many there are.
type Names struct {
	First []string
	Count int
}

// None reports whether nothing changed of what is compared: who has an account, who of them is blocked, and how many seats are bought.
func (c Changes) None() bool {
	return c.Added.Count+c.Removed.Count+c.NewlyBlocked.Count+c.Unblocked.Count == 0 && c.BoughtBy == 0
}
