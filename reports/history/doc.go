// Package history is what is remembered of each app, day by day: how many seats were used, and which accounts there were, with what
// each was like.
//
// A day is a day of UTC, and what is kept of it is the first reading of it that was had, whoever asked for that: the daily look at an
// app, or a report. A day on which the app could not be read is a gap: it has no figures, and is never taken for a zero. Nor is what
// an app suddenly answers of nobody, or of half of them, until somebody vouches for it.
//
//	Take(a reading) ──► the day's figures, and what changed in the accounts since the day before
//	                                     │
//	     Trend  ◄── a point a week ──────┤
//	     BlockedSince ◄── since when ────┤      (and for how long it wasn't looked)
//	     At     ◄── every account then ──┘
//
// Of the first day of a month every account is kept, and of each day behind it only what changed, both as lines of JSON, compressed.
// So a day is read from one whole day and what follows it, two years of a thousand accounts are under a megabyte, and a month is
// forgotten as one. Names of people are not kept: an account is known by its number and its address.
//
//	keeper.go   a reading is taken in, once for its day
//	line.go     an account as a line, and many of them compressed
//	past.go     the days that are kept, and every account of one
//	trend.go    what follows from the figures of days
//	prune.go    what is too old is forgotten
//
// Neighbours: register and reports hand over what they read, reports and commands show what follows, store keeps the days. This room
// knows no report. It imports approvals alone, and reads the clock that it is given.
package history
