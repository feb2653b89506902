package paper

import (
	"iter"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// Paper is a report in words and tables. It is kept, and written as JSON: fields may be added, never renamed.
type Paper struct {
	Report string `json:"report"`
	// Slot is the local time it is for, as "2026-11-23T09:00"; "": none, it was asked for.
	Slot string    `json:"slot,omitempty"`
	At   time.Time `json:"at"`
	// Then says that it tells of that moment, as far as it's remembered.
	Then bool `json:"then,omitempty"`
	// Head says it all in a line.
	Head   string  `json:"head"`
	Parts  []Part  `json:"sections"`
	Charts []Chart `json:"charts,omitempty"`
	// AuditHead is the end of the audit log at that moment.
	AuditHead string `json:"audit_head,omitempty"`
	// Lists are the accounts of each app, to be gone through once for each file.
	Lists []List `json:"-"`
}

// made says for when a paper is, and as of when.
func (p Paper) made() string {
	if p.Then {
		return "As of " + moment(p.At) + ", as far as that is remembered."
	}
	if p.Slot == "" {
		return "Made " + moment(p.At) + "."
	}
	return "For " + p.Slot + ", made " + moment(p.At) + "."
}

// Part is one section.
type Part struct {
	Section reports.Section `json:"section"`
	Title   string          `json:"title"`
	// Say is the section in a few sentences, each a line.
	Say     []string   `json:"say"`
	Columns []Column   `json:"columns,omitempty"`
	Rows    [][]string `json:"rows,omitempty"`
	// More is how many rows there are that don't stand here.
	More int `json:"more,omitempty"`
}

// Column is one of a table: what programs call it, and what people do.
type Column struct {
	Key   string `json:"key"`
	Title string `json:"title"`
}

// List is every account of an app, as it was read at a time.
type List struct {
	App approvals.App
	At  time.Time
	All iter.Seq2[approvals.Seat, error]
}

// Names says what people, user groups and channels are called.
type Names func(approvals.Span) string

// accountColumns are those of the list of all accounts.
func accountColumns() []Column {
	return []Column{{"app", "App"}, {"account", "Account"}, {"address", "Address"}, {"name", "Name"}, {"kind", "Kind"}, {"holds", "Holds"}, {"blocked", "Blocked"}, {"idle", "Idle"}, {"read", "Read"}}
}

// rows gives the whole of a list.
func (l List) rows(yield func([]string, error) bool) {
	for s, err := range l.All {
		if err != nil {
			yield(nil, err)
			return
		}
		if !yield(l.row(s), nil) {
			return
		}
	}
}

func (l List) row(s approvals.Seat) []string {
	holds := ""
	if l.App.Entry != nil && l.App.Entry.Reads.Holds {
		holds = number(s.Holds)
	}
	return []string{l.App.ID, s.ID, s.Email, nameOf(s), s.Sort, holds, yes(s.Blocked), yes(l.App.Idle(s)), moment(l.At)}
}
