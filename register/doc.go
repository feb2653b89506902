// Package register is who holds what: since when, by which request, allowed by whom, until when, at what cost, and when that
// was last verified, and how. It is built from the requests that were done and from what vendors' lists say, and finds where
// the two, and the company's directory, differ.
//
//	entry.go     an entry, from requests (Of)
//	seen.go      what a vendor's list says, matched with the entries (Match)
//	task.go      what is being done about an entry by hand, and what is paid for and not used
//	finding.go   what differs, as findings (Find), and the request that would mend each (mend.go)
//	kept.go      what is kept of an app between two lists: the last of them, and findings, each once (Kept.With)
//	desk.go      the Register joins them to a store, to Slack's directory and to what vendors answer
//	stay.go      what stays too long: past its end, nobody's, or used by nobody
//	sweep.go     each app looked over once a day; what it answers all of a sudden is doubted (odd.go)
//	elsewhere.go what other directories than Slack say of whoever has something, also in an app without a list (unlisted.go)
//	outside.go   accounts of outsiders, and whether it is time to ask about them (needed.go)
//	past.go      each app's day, handed on to who remembers it
//	later.go     a finding that somebody puts off
//	import.go    an import: read, compare, keep, in one transaction with its audit entry
//	people.go    a list of people that somebody adds, handed on to who keeps it
//	order.go     an import that somebody asked for by a form: owed, with what is told of it (orders.go)
//	home.go      what people's Homes show of it
//	who.go       who holds what, asked by person, address or app
//
// All but desk.go, import.go, orders.go, sweep.go, later.go, needed.go, home.go and who.go are pure. An entry says what was done and what was seen, never what is hoped: an access
// of which only somebody said that it is there is shown as only said.
package register
