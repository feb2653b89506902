package store

import (
	"time"

	"github.com/usherbot/usher/approvals"
)

// Life names a database from its making to its end, in backups and after a restoring too. What is posted
// outside bears it where no request is named, so that a database which begins anew takes nothing of another
// one for its own.
type Life struct {
	ID string `json:"id"`
	// Since is when it was named, where it was made by a version that named none; zero: when it was made.
	Since time.Time `json:"since,omitzero"`
}

// Contents is what a backup holds.
type Contents struct {
	// Schema is the schema it was written in.
	Schema int
	// Bytes is the size of the database in it.
	Bytes int64
	// Requests counts requests by state.
	Requests map[approvals.State]int
	// Owed is how many promises it holds that were not kept yet.
	Owed int
	// Number is the highest request number.
	Number int64
	// Head is the end of the audit log; Last and At say what its last entry is about, and when.
	Head approvals.Head
	Last string
	At   time.Time
}
