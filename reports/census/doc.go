// Package census walks over an app's accounts page by page, and keeps some pages at once as they come.
//
// A census is one walk. An app may have a hundred thousand accounts, a thousand pages at the vendor's pace: minutes, in which
// the program may end and memory would fill. So every eight pages go to a shelf of the store, with where the next one is, in one
// transaction, and whoever needs the accounts ranges over the shelf (reports.Census) and holds one account at a time:
//
//	pages ──► those not counted yet ──► shelf: a piece, and the head     a crash leaves the pieces so far, and the walk goes on there
//	last page ──► the head says that the walk is done                    a crash before it: its piece is read once more
//
// Of each account its number alone is in memory while the walk lasts. An account that comes twice, because the list moved
// between two pages, is counted once; that it did, and that the vendor counts otherwise than it shows, is said (drift.go).
//
// Several who need an app's accounts share one walk: those who come while it is under way, those whose moment lies before its
// beginning, and, where it took long, those who come within some minutes of it. Of each app the last two
// censuses are kept, so that whoever ranges over one isn't overtaken, and those that somebody has pinned (pins.go); what else there is, of a walk that nobody went on
// with or of an app that is configured no more, goes when the next walk begins.
//
// Neighbours: provision gives the pages, at the pace of its client; a store keeps the pieces; reports asks for censuses.
package census
