// Package approvals is the domain: who may have what, who decides, and what follows from it.
//
// A Request is asked by somebody for somebody, under a Policy that was in force when it was asked.
// Two pure functions hold all the rules:
//
//	Judge(request, facts) Verdict              who may vote, what the votes amount to, who is missing, and why
//	Step(request, event, now) (request, changes, error)   the whole state machine in one switch
//
//	pending ──► approved ──► running ──► done            failed ──(retry by an admin)──► running
//	   │                        ├──────► failed          in doubt ──(seen, or an admin says)──► done | running | failed
//	   ├─► denied · expired · canceled └► in doubt
//
// The Desk joins them to the world: it gathers facts about people first (that may take time and may
// fail: then it says so and nothing changes), and then, inside one transaction of its Book, loads
// the request, judges, steps, and writes the new state, its audit entry and the promises that
// follow from it together. A crash leaves all of it or nothing. Functions passed to Book.Update may
// run more than once, so they make no outward call.
//
// Text that people read is built as Text, which keeps what people typed apart from our own words,
// so that no surface has to guess what to escape.
//
// Neighbours: commands and bot call the Desk; provision and reports tell it what was seen; store
// implements Book; bot implements Directory; provision implements Inventory. This package imports
// outbox only and has no clock, no goroutine and no chance of its own.
package approvals
