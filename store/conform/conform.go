package conform

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/census"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/cargo"
)

// What is spelled out in store is what these rooms ask.
var _ interface {
	reports.Memory
	history.Memory
	census.Shelf
} = store.Rooms(nil)

// Place is where one store keeps what it keeps; nothing is there at first.
type Place struct {
	// Open opens the store, without a key for its audit log, and offers it a name in case it has none. Called again it opens what a program finds that starts
	// after the last one was killed at this moment.
	Open func(name string) store.Store
	// Break makes the next transaction of the store that was opened last fail as a commit does, having kept what it
	// was to keep, or not. An engine whose commits fail in no such way leaves it nil.
	Break func(kept bool)
	// Beside opens another store over the same place, of a program that runs at the same time, and Lapse lets every lease run out, as
	// time does where nobody renews them. An engine that has one program at a time leaves them nil.
	Beside func() store.Store
	Lapse  func()
	// Fill calls during while the store has no room for another transaction. An engine that always has some leaves it nil.
	Fill func(during func())
	// Shut closes what the store that was opened last keeps, as a move does, and returns a store that reads it, and the error of who opens
	// it then to decide. What can't move leaves it nil.
	Shut func(cargo.Closed) (reads store.Store, refused error)
}

// rule is one promise, and what holds a store to it.
type rule struct {
	says  string
	holds func(l *life)
}

// chapter is the rules of one interface.
type chapter struct {
	of    string
	rules []rule
}

// chapters are all the rules there are.
func chapters() []chapter {
	return []chapter{
		{"approvals.Book", slices.Concat(bookRules, bookTroubleRules)},
		{"approvals.Book.Requests", listRules},
		{"approvals.Tx", slices.Concat(txRules, stockRules, turnRules, removedRules)},
		{"outbox.Box", slices.Concat(dueRules, readyRules, claimRules, impliedRules, boxTroubleRules)},
		{"outbox.Box.Finish", finishRules},
		{"outbox.Hold", holdRules},
		{"outbox.Box of several", besideRules},
		{"outbox.Box.Promise", promiseRules},
		{"register.Book", registerRules},
		{"leavers.Book", leaverRules},
		{"joiners.Book", joinerRules},
		{"reports.Memory", memoryRules},
		{"history.Memory", historyRules},
		{"census.Shelf", shelfRules},
		{"reviews.Book", reviewRules},
		{"store.Operated", slices.Concat(operatedRules, rewriteRules)},
	}
}

// Store holds a store to every rule, each in a place of its own that empty makes.
func Store(t *testing.T, empty func(t testing.TB) Place) {
	for _, c := range chapters() {
		t.Run(c.of, func(t *testing.T) {
			for _, r := range c.rules {
				t.Run(r.says, func(t *testing.T) {
					t.Parallel()
					r.holds(begin(t, empty(t)))
				})
			}
		})
	}
}

// life is a store that is open, in the hands of a rule.
type life struct {
	testing.TB
	store.Store
	place Place
}

func begin(t testing.TB, p Place) *life { return &life{TB: t, Store: p.Open("first"), place: p} }

// crash ends the life of the program, and begins the next over what it kept.
func (l *life) crash() { l.Store = l.place.Open("another") }

// must fails the rule where something that can always be done was not.
func (l *life) must(err error) {
	l.Helper()
	require.NoError(l, err)
}
