// Package reviews asks, of everybody who has something in an app, whether they still need it.
//
// A review is a question put to many at a time. What somebody has is read from the register when it begins, and
// stands in the review as it was then: a line each, with what speaks against it. Each line is one person's to
// answer, keep or take away, and nobody answers about their own.
//
//	review.go     a review, its lines, whose each is to answer, and how many are answered
//	book.go       what is asked of a store, and the transaction in which a review changes
//	keys.go       the promises that a review makes
//	begin.go      Begin keeps that there is to be one, which costs nothing yet
//	gather.go     then who has what is read, and each line is somebody's (whose.go, odds.go)
//	answer.go     Answer takes answers; what is to be taken away is asked for behind (removal.go)
//	clock.go      reminders, the end, what nobody answered, and the close
//	report.go     all of it for an auditor, as tables, and who gets them (handout.go)
//
// A review changes in one transaction with its entry of the audit log and all that follows from it, as a request
// does. It never takes anything away by itself: it opens a request in its reviewer's name, which is judged by policy
// as any other. So whatever a review is wrong about, somebody else decides before anything is gone.
//
// Neighbours: register says who has what, approvals who manages and who is there; commands opens the requests, through
// an interface that stands here; bot/courier carries the questions, bot the answers.
package reviews
