// Package postgres keeps what Usher must not forget in one schema of a PostgreSQL database, 15 or later. It implements
// all that store.Store lists, approvals.Book and outbox.Box and what reports and readings need, and knows no rules.
// A backup of it is a file of bolt's.
//
// The tables are drawn in schema. Lines are bytes exactly as the program made them, beside columns that find
// them. Change them by another file in schema, never by altering one that was released.
//
// A transaction of a Book decides: what it reads, and what it finds is not there, must be so until it has committed.
// READ COMMITTED with row locks cannot hold what is not there, so all that decide pass one row, the gate, one after
// another. What only delivers (claims, notes, results, what a report showed) does not pass it. Locks are always taken in
// this order:
//
//	gate (to decide) → rows of intents, by their keys → receipts, shelf, meta → head of the audit log, last
//
// Promises and audit entries are gathered while fn runs and written at its end, in three exchanges with the server,
// so that their rows are locked for the shortest time. A crash before COMMIT leaves nothing of any of it.
//
// What the server takes back by itself (a deadlock, a lock that took too long, a key that somebody else made first, a
// connection that broke before COMMIT was asked for) is run again here, a bounded number of times. A COMMIT whose
// answer was lost is asked after by the number of its transaction: kept is kept, taken back is run again, and only
// where the server can say neither the caller hears approvals.ErrUnknownOutcome.
//
// Claims carry who made them, a token that rises with every claim, and a lease by the server's clock. With a lease
// nobody takes what somebody else still holds, and who lost a claim is refused whatever they write, also once nobody
// holds it any more. A note begins the lease anew, for the act comes after it. docs/model holds this. Without one
// (Options.Lease 0) the program is alone on the database, and what it finds claimed an earlier life left.
//
// A table whose rows are kept goes along when everything moves: name it in holds (unload.go) and columns (load.go), or say
// among the staying (move_test.go) why it stays.
package postgres
