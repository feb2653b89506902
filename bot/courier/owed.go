package courier

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/units"
	"github.com/usherbot/usher/reviews"
)

// owedAs are the kinds of intent in the words of whoever runs Usher.
var owedAs = map[string]string{
	approvals.KindCard:     "the approval card",
	approvals.KindAdmins:   "the card for an admin",
	approvals.KindApprover: "the message to an approver",
	approvals.KindAsk:      "a question to whoever asked",
	approvals.KindAnswer:   "the answer to whoever asked a question",
	approvals.KindEnds:     "the message that something ends soon",
	approvals.KindEnd:      "taking back what was given for a time",
	approvals.KindTell:     "the message to whoever asked",
	approvals.KindExpire:   "the end of the time for deciding",
	approvals.KindEscalate: "letting others decide too",
	approvals.KindRemind:   "the time for a reminder",
	approvals.KindReminder: "a reminder",
	approvals.KindNudge:    "a reminder that somebody asked for",
	approvals.KindNeeds:    "what stands for the messages of a day",
	approvals.KindAway:     "moving what waits to a deputy, or back",
	approvals.KindBack:     "the end of an absence",
	approvals.KindAlive:    "looking up who decides",
	approvals.KindLapse:    "the end of the time for trying again",
	approvals.KindDeed:     "carrying out what was approved",
	approvals.KindLook:     "reading at the vendor what it would change",
	approvals.KindHome:     "somebody's Home",
	approvals.KindHomes:    "finding whose Homes a change concerns",
	approvals.KindLine:     "giving a free seat to who waits for one",
	approvals.KindWarning:  "a warning that units run low",
	approvals.KindTask:     "what shows a task",
	approvals.KindProgress: "what shows whoever asked how far a task is",
	approvals.KindDue:      "the time for a reminder of a task",
	approvals.KindOverdue:  "a reminder of a task",
	approvals.KindImport:   "reading a member list",
	approvals.KindImported: "what a member list came to",
	approvals.KindNeeded:   "the question whether accounts are still needed",
	approvals.KindHolder:   "what is asked of whoever holds an account",
	approvals.KindHeld:     "what whoever holds an account said",
	approvals.KindSweep:    "looking an app over",
	approvals.KindKeep:     "removing what was closed long ago",
	reviews.Kind:           "what a review does at its time",
	reviews.KindReview:     "what shows how far a review is",
	reviews.KindReviewer:   "what a review asks of somebody",
	reviews.KindRecall:     "a reminder of a review",
	leavers.KindPeople:     "reading who is in the workspace",
	leavers.KindGather:     "finding what somebody holds who leaves",
	leavers.KindVerify:     "looking whether it is gone",
	leavers.KindLeaving:    "a message about somebody who leaves",
	reviews.KindFile:       "the report of a review",
	KindAlarm:              "a warning to an admin",
	KindGone:               "word of what is gone",
	kindStray:              "a look for a message that may stand twice",
	reports.Kind:           "a report",
	units.Kind:             "reading how many units are left",

	approvals.KindDirectory: "reading a directory of people",
}

// Owed says for the log what an intent is about: what is owed, and of which request or report. A key is for
// programs; whoever reads the log has never seen one.
func Owed(key string) slog.Attr {
	kind := outbox.Kind(key)
	what, known := owedAs[kind]
	if !known {
		return slog.String("what", key)
	}
	about := key
	if kind == kindStray {
		about = strayOf(key)
	}
	attrs := []any{slog.String("what", what)}
	if n := approvals.NumberOf(about); ofReview(about) || outbox.Kind(about) == reviews.Kind {
		return slog.Group("", append(attrs, slog.Int64("review", n))...)
	}
	if n := leavers.NumberOf(about); n != 0 && leavers.Own(kind) {
		return slog.Group("", append(attrs, slog.Int64("leaving", n))...)
	}
	if n := RequestOf(about); n != 0 {
		attrs = append(attrs, slog.Int64("request", n))
	} else if _, name, ok := strings.Cut(about, "/"); ok {
		attrs = append(attrs, slog.String("name", name))
	}
	return slog.Group("", attrs...)
}

// RequestOf is the request that an intent is about, by its key; 0: it is about none.
func RequestOf(key string) int64 {
	kind := outbox.Kind(key)
	if kind == kindStray {
		return RequestOf(strayOf(key))
	}
	if ofReview(key) || leavers.Own(kind) || slices.Contains([]string{reviews.Kind, reports.Kind, KindAlarm, KindGone}, kind) {
		return 0
	}
	return approvals.NumberOf(key)
}

// OwedWords are what a kind of intent is called.
func OwedWords(kind string) string {
	if what, known := owedAs[kind]; known {
		return what
	}
	return kind
}

// called is Owed inside a sentence: "the approval card of #12".
func called(key string) string {
	what, known := owedAs[outbox.Kind(key)]
	n := approvals.NumberOf(key)
	if !known || n == 0 {
		return key
	}
	if ofReview(key) {
		return fmt.Sprintf("%s %d", what, n)
	}
	return fmt.Sprintf("%s of #%d", what, n)
}
