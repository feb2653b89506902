// Package units watches what an app's calls are paid from: how many units are left, when none will be, and who has to
// be told of it, once.
//
// Its one idea: a reading is a number that the vendor wrote, or it is not known and says why. What is not known is never
// taken for a number, and so sets off no warning that a number would, and takes none back.
//
//	Slots ──► Polls ──(promises)──► outbox ──(claims)──► Polls.Do ──► Meter (one free question)
//	            ▲                                            │
//	            └───────────── the next slot ◄───────────────┤
//	                                                Record.Take: history, top-ups, pace, alarms
//	                                                         │
//	                               Memory ◄── the record ────┴──► "warning/ID/20%/2026-11-23T06:00", for the courier
//
// Record is all that is remembered of one app, and Take, which is pure, all that a reading does to it:
//
//	history.go   the readings, for thirty days at most and ever sparser, and where units were added
//	pace.go      what is used on a working day and on a weekend, and when nothing will be left
//	alarms.go    what is warned of: once from each arming, armed again only well clear of where it rang
//
// Neighbours: the wiring (app) makes an App of the configuration and of what reads its vendor, which alone knows the vendor's
// words; the courier says the warnings; reports, Homes and metrics show the Balance. It imports approvals and
// outbox only and reads the clock that it is given.
package units
