package store

import (
	"context"
	"io"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/store/cargo"
)

// Store is all that is asked of a store that is open. It is safe for concurrent use.
type Store interface {
	Rooms
	Operated
}

// Rooms is all that rooms ask of one through an interface of theirs.
type Rooms interface {
	approvals.Book
	outbox.Box
	outbox.Herald
	register.Book
	leavers.Book
	reviews.Book
	joiners.Book
	Memory
	Lessons
}

// Memory is what reports.Memory, history.Memory and census.Shelf ask, where each contract stands.
type Memory interface {
	Snapshot(ctx context.Context, report string) ([]byte, error)
	KeepSnapshot(ctx context.Context, report string, raw []byte) error
	AmendSnapshot(ctx context.Context, report string, was, raw []byte) (kept bool, err error)
	Head(ctx context.Context) (approvals.Head, error)

	HistoryApps(ctx context.Context) ([]string, error)
	HistoryDays(ctx context.Context, app, from string, each func(day string, figures []byte)) error
	HistoryAccounts(ctx context.Context, app, day string) ([]byte, error)
	KeepDay(ctx context.Context, app, last, day string, figures, accounts []byte) (kept bool, err error)
	ForgetDays(ctx context.Context, app, from, before string) error

	Pieces(ctx context.Context, pre string) ([]string, error)
	Piece(ctx context.Context, name string) ([]byte, error)
	Shelve(ctx context.Context, keep map[string][]byte, drop []string) error
}

// Lessons is what those who carry out deeds ask of a store, each in a room of its vendor: what was found out about it.
type Lessons interface {
	// Learned is what is kept under a name, or nil.
	Learned(ctx context.Context, name string) ([]byte, error)
	// Learn keeps it in place of what was; it is durable when nil is returned.
	Learn(ctx context.Context, name string, raw []byte) error
	// Relearn keeps it where what stands there is still was, nil: nothing; false: it isn't any more, and nothing is kept.
	Relearn(ctx context.Context, name string, was, raw []byte) (kept bool, err error)
}

// Operated is what the wiring and commands ask beyond that: for who starts it, watches it, audits it and copies it.
type Operated interface {
	// Life is the database's name; its zero value where nobody gave it one.
	Life(ctx context.Context) (Life, error)
	// Closed is why nobody may decide in it, because it moved elsewhere or hasn't wholly arrived; nil: whoever runs may.
	Closed(ctx context.Context) (*cargo.Closed, error)
	// Gauges reads all of it as of one moment.
	Gauges(ctx context.Context) (Gauges, error)
	// LastReceipt is, of the receipts from key first up to and without end, the last one that left something outside;
	// false: none did.
	LastReceipt(ctx context.Context, first, end string) (outbox.Receipt, bool, error)
	// Intents lists every intent whose key begins with pre, in the order of the keys.
	Intents(ctx context.Context, pre string) ([]outbox.Intent, error)
	// Absences are those that were kept last.
	Absences(ctx context.Context) ([]approvals.Absence, error)
	// AuditLines calls fn with each line of the audit log from sequence number from on, as it stands. The line is fn's
	// only until it returns; an error of fn ends it and is returned.
	AuditLines(ctx context.Context, from int64, fn func(seq int64, line []byte) error) error
	// AuditBeside calls fn likewise with what is kept beside entries (approvals.Beside as JSON), of those that have any.
	AuditBeside(ctx context.Context, from int64, fn func(seq int64, beside []byte) error) error
	// Unload gives everything there is to put, as of one moment, in the order of cargo.Kinds.
	Unload(ctx context.Context, put cargo.Put) error
	// Rewrite puts each thing in the place of what it was, with what it is found by, in one transaction with all that also does, which is told
	// how many there were. What doesn't stand as it was any more is left as it is.
	Rewrite(ctx context.Context, all []cargo.Rewritten, also func(tx approvals.Tx, done int) error) (done int, err error)
	// Scrub sees to it that what was replaced can't be read from where it was kept either, as far as that is the store's to do.
	Scrub(ctx context.Context) error
	// VerifyLog verifies the audit log before anything is written after it, and keeps how far it came. An error that is
	// ErrLog names the first entry that is not as it was written.
	VerifyLog(ctx context.Context) error
	// Check verifies every invariant of the whole store and returns all that is wrong, joined. It reads everything, so
	// it is for tests, restores and people, not for starting up.
	Check(ctx context.Context) error
	// Backup writes a consistent copy to w as of one moment, and its seal. It may hold up writers for as long as w
	// takes the bytes, so w must be a local file.
	Backup(ctx context.Context, w io.Writer) error
	// Close waits for what is under way, and lets go of everything.
	Close() error
}
