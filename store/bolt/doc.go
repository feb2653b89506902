// Package bolt keeps everything Usher must not forget in one bbolt file. It implements
// approvals.Book and outbox.Box (and what reports and the command line need); it knows no rules.
//
// The tree of buckets, and what stands in them. Change it here when you change it, add a migration
// in migrate.go and raise Version.
//
//	meta       "version"                        decimal number of the schema
//	           "head"                           JSON approvals.Head: the end of the audit log
//	           "absences"                       JSON: approvals.Absence of everybody who is away
//	           "stock/<app>"                    JSON approvals.Stock: what is known of its seats (stock.go)
//	           "learned/<name>"                JSON: what was found out about a vendor
//	           "verified"                       JSON: how far the log was verified (verified.go)
//	           "restored", "skips", "lost"      JSON: when it was put back from a backup; numbers passed over then (restored.go); entries lost in a failover
//	           "life", "closed", "arrived"      JSON: its name (life.go); why nobody may decide here, and how everything came (arrived.go)
//	requests   <number>                      →  JSON approvals.Request
//	state      <state> 0 <number>            →  ""     one row a request: where it stands
//	person     <requester> 0 <number>        →  ""     one row a request: whose it is
//	open       <requester> 0 <number>        →  ""     those of them that are not terminal
//	whom       <person> 0 <number>           →  ""     one row a request that is for somebody in Slack
//	about      <address> 0 <number>          →  ""     requests that are carried out or were, by folded address
//	subject    <app> 0 <address> 0 <number>  →  ""     requests that are not terminal, by folded address
//	seen       <yyyymm> ─ <origin key>       →  <number>   a bucket a month; dropped whole after two
//	audit      <seq>                         →  one line of JSON, exactly as sealed and exported
//	beside     <seq>                         →  JSON approvals.Beside: the words of that entry that may be somebody's
//	intents    <key>                         →  JSON outbox.Intent; its sequence numbers revisions
//	due        <kind> 0 <unix ns> <key>      →  ""     one row an intent, in the order they fall due
//	receipts   <key>                         →  JSON outbox.Receipt
//	removed    <number>                      →  JSON approvals.Removed: what is left of a request (removed.go)
//	reports    <name>                        →  JSON snapshot of the last report, for "what changed"
//	           "/census/<app>[/<walk>/<piece>]" →  JSON: how far the walk over an app's accounts is; its pages, compressed (census.go)
//	           "register/<app>"              →  JSON register.Kept: the last member list, and findings (register.go)
//	           "leavers/<number|roster|active>"  →  JSON of leavers: one leaving, whose is which, who was active; "joiners/…" likewise
//	           "<history|accounts>/<app>/<day>"  →  JSON of a day's figures; its accounts, as compressed lines of JSON (history.go)
//	           "review/<index|number>"       →  JSON of reviews: which there are, one with its lines and answers
//
// Numbers are 8 bytes, big endian, so that keys sort by number. JSON is kept because one can read it. One goroutine writes. It commits
// together whatever has queued up, and answers everybody in the group after the sync: a lone caller waits for nothing, a crowd shares the
// cost. The queue is bounded; a full one is ErrBusy. A transaction makes no outward call. A commit that fails is neither kept nor lost
// until the file has been read again: the callers get ErrUnknownOutcome, the file is closed and opened anew, and whoever asks then sees
// the truth. What is opened is locked, compared with its path and proven page by page, the last behind where an earlier life did (believed.go).
package bolt
