// Package cargo is what one store hands to another when everything moves: the things themselves, without the indexes by
// which an engine finds them. store/bolt and store/postgres each can unload all they hold and be loaded with it, so that a
// file becomes a database and a database a file, line by line as the program wrote it.
//
// Things come kind by kind, in the order of Kinds, and within a kind in the order of their keys as bytes, whichever engine
// they come from. So two stores that hold the same give the same sequence, and a Tally of each tells whether they do: that
// is how a copy is held to what it was made of.
//
// A store in which nobody may decide bears a Closed: it has moved elsewhere, or what is to move into it has not wholly
// arrived. At no moment are two stores of one move open.
package cargo

import (
	"context"
	"time"
)

// Kind is one sort of thing.
type Kind string

// The sorts of things that a store holds.
const (
	// Number is the number of the last request that was given one (N).
	Number Kind = "last number"
	// Revision is that of the promise that was made or renewed last (N).
	Revision Kind = "last revision"
	// Head is the end of the audit log: N, and the hash as Name.
	Head Kind = "head of the audit log"
	// Request is one request: N and Line.
	Request Kind = "requests"
	// Left is what is left of a request that was removed: N and Line.
	Left Kind = "removed requests"
	// Seen is under which key of Slack's a request was opened: Name, the request's number N, and the Month it was in.
	Seen Kind = "keys of Slack's"
	// Entry is one line of the audit log: N and Line.
	Entry Kind = "audit entries"
	// Beside is what is kept beside an entry: N and Line.
	Beside Kind = "details of audit entries"
	// Promise, Receipt, Meta and Shelf are what is kept under a Name: what is owed, what was kept, what there is one of, and
	// what reports, lists and readings showed last.
	Promise Kind = "promises"
	Receipt Kind = "receipts"
	Meta    Kind = "notes"
	Shelf   Kind = "snapshots"
)

// Kinds are all there are, in the order in which they come.
var Kinds = []Kind{Number, Revision, Head, Request, Left, Seen, Entry, Beside, Promise, Receipt, Meta, Shelf}

// Item is one thing. Line is its taker's only until the taker returns.
type Item struct {
	Kind  Kind
	Name  string
	Month string
	N     int64
	Line  []byte
}

// Put takes one thing.
type Put func(Item) error

// Pour gives all things to a Put, in their order, and ends at its first error.
type Pour func(context.Context, Put) error

// Loading says how a store is loaded.
type Loading struct {
	// Pour gives what it is to hold.
	Pour Pour
	// Mark closes it; nil: it's open.
	Mark *Closed
	// Keep leaves what was there beside it, under a name with the time At in it.
	Keep bool
	At   time.Time
	// Held is handed what it holds by then, before any of it counts; its error is the loading's.
	Held func(Pour) error
}
