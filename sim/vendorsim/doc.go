// Package vendorsim is the vendors' side of the world, simulated: SE Ranking's sub-account API in both of its dialects
// and Semrush's unit balance, over one state of accounts, sites and units.
//
// It is a state machine, not a table of answers: a created account is in the next list, a share replaces the one before,
// a second delete is a 404. It is written from the vendors' documents alone and shares no code with apiclient, so that
// each is an independent check of the other. Where the documents contradict each other, Quirks chooses what this vendor
// does, at run time; where they are silent the package takes the harsher reading and says so.
//
// A request passes through these rooms in this order, each a file:
//
//	route.go    which operation, on which account; an operation that lost its account is a violation
//	keys.go     key and pace: the dialect's own refusal of a wrong key, 429 above five requests a second
//	fault.go    the plan of faults: cut, slow, wrong or senseless answers, before or after the effect
//	accounts.go, writes.go, fields.go, sharing.go, sites.go, figures.go, semrush.go   the effect on the state, and the true answer
//	members.go  who is in Semrush, which has a page and no API for them
//	reply.go    the answer as bytes, under the quirks
//	journal.go, state.go   what was asked, when, what it changed, and what is: what tests assert on
//
// The simulator polices: what no correct client ever does (a DELETE without an account, a key in a URL, a redirect
// followed by a write, a field nobody documented) is refused or ignored as the vendor might, and reported to
// Options.Violation, which in tests is t.Errorf's.
//
// It waits only on timers and request contexts and starts no goroutine, so it runs inside testing/synctest bubbles (over
// sim/pipenet), as a process of its own (cmd/) and inside `usher demo`.
package vendorsim
