// Package reports is what Usher tells unasked: a digest of who has which seat, at the times an
// operator chose, each time once.
//
// A Schedule turns a cron specification into slots. A slot is a name on the local wall clock
// ("2026-11-23T09:00") and the moment at which it falls due; because it is named by the wall and not
// by the moment, it comes once on the days when clocks are put forward or back. Each slot is one
// intent, "report/weekly-seats/2026-11-23T09:00", and from there on the outbox does what it does for
// everything else: it wakes at the due time, through restarts, and the receipt under the same key
// says that the slot was posted.
//
//	Schedule ──► Planner ──(promises)──► outbox ──(claims)──► Runner ──► Build ──► Poster
//	                ▲                                           │
//	                └──────── the slot after this one ◄─────────┘
//
// A report to people is one promise more for each of them, "report/leads/2026-11-23T09:00/U0BOB", due when the slot is where they
// are (audience.go). Of two words that stand for readers it is something else: what is theirs (own.go).
//
// The Planner sees to it that the next slot is always promised, and that the last slot missed while
// the program was down is made up, once, while it is less than a day old. The Runner reads what there
// is to tell, has it posted, and keeps a Snapshot for the next digest to compare with. Build is pure:
// everything a report says follows from what was read. Manual is the same report asked for by hand.
//
// Neighbours: the wiring (app) turns the configuration into Configs; bot draws a Report and is the
// Poster; commands calls Manual; store keeps the snapshots. This package imports approvals, outbox
// and the cron parser only, and reads the clock that it is given.
package reports
