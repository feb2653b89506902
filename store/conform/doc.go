// Package conform says what a store must be, whatever engine it stands on: a table of rules, each a promise of the
// interfaces that other rooms ask of it, approvals.Book and outbox.Box and reports.Memory. The contract stands
// there, beside the caller, in the comment of each method; here is what holds a store to it.
//
//	func TestWhatAStoreMustBe(t *testing.T) { conform.Store(t, place) }
//
// is all that an engine adds, with a Place that opens it. bolt, one file and one process, is held so, and any
// other that is to be as good is too. What an engine promises beyond (how it is backed up, what a damaged page
// ends in) it shows in its own room.
//
// A rule knows an engine by these interfaces alone, waits for nothing and asks no clock. It opens the store again
// by Place.Open, which is a program that starts after the last one was killed: so durable means that it is there
// then, and not that somebody closed a file in good order. Power cuts are the engine's own to show.
//
// A test that cannot fail shows nothing: the tests of this room have a store in memory that breaks the rules one
// at a time. Each rule must notice at least one of its faults, and each fault be noticed.
package conform
