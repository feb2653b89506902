package approvals

import (
	"fmt"
	"strconv"
	"strings"
)

// The kinds of intent that requests give rise to.
const (
	KindCard   = "card"  // the approval card; converges
	KindAdmins = "admin" // an admin's own card for a request in doubt or failed; converges
	// KindApprover is what somebody who is named as an approver has of a request that waits for them; converges.
	KindApprover = "approver"
	KindTell     = "tell"     // the requester hears of an outcome; once
	KindAsk      = "ask"      // the requester is asked something before it is decided; converges
	KindAnswer   = "answer"   // whoever asked that hears the answer; once
	KindExpire   = "expire"   // an undecided request closes itself
	KindEscalate = "escalate" // others may decide a step too
	KindRemind   = "remind"   // the occasion for a reminder
	// KindReminder is the message to one person, or to a user group in the approvals channel, about all that waits for
	// them, and KindNudge the one about one request that somebody asked for; each once.
	KindReminder = "reminder"
	KindNudge    = "nudge"
	// KindNeeds is the one message of a day that stands for all that somebody was not sent on it, because they had their
	// fill; converges.
	KindNeeds = "needs"
	KindAway  = "away"  // what waits for somebody is moved to their deputy, or back to them
	KindBack  = "back"  // an absence ends by itself
	KindAlive = "alive" // who is named in a request is looked up
	KindLapse = "lapse" // a failed deed, or one in doubt, cannot be tried again any more
	// KindEnds is what is said before something ends that was given for a time; it follows its request. KindEnd takes it back.
	KindEnds = "ends"
	KindEnd  = "end"
	KindDeed = "deed" // the vendor is asked, or a person's task is somebody's
	// KindTask is what shows a task, where the cards are and to whom it is or was; converges. KindDue is the occasion for a
	// reminder of one, and KindOverdue the message of it to a person or, where the cards are, to a user group; once.
	KindTask = "task"
	// KindProgress is the one message in which whoever asked sees how far a task is; converges.
	KindProgress = "progress"
	KindDue      = "due"
	KindOverdue  = "overdue"
	KindLine     = "line" // who waits for a seat of an app gets one that has become free
	KindLook     = "look" // what a request that waits means is read at the vendor
	// KindImport compares a member list that somebody added to a form, and KindImported tells them what came of it; once.
	KindImport   = "import"
	KindImported = "imported"
	// KindSweep looks in one app for what isn't as it should be, once a day.
	KindSweep = "sweep"
	// KindNeeded asks somebody which accounts of outsiders are still needed, in one message for a day; converges.
	KindNeeded = "needed"
	// KindHolder asks whoever holds an account what is to become of what a report said is wrong with it; converges. KindHeld tells whoever
	// had them asked what they said, once.
	KindHolder = "holder"
	KindHeld   = "held"
	// KindDirectory is one day's reading of a directory beside Slack.
	KindDirectory = "directory"
	// KindKeep removes what was closed long ago, once a day.
	KindKeep = "keep"
)

// CardKey is the key of a request's approval card.
func CardKey(n int64) string { return fmt.Sprintf("%s/%d", KindCard, n) }

// ExpireKey is the key of a request's expiry.
func ExpireKey(n int64) string { return fmt.Sprintf("%s/%d", KindExpire, n) }

// EscalateKey is the key of the escalation of one step, counted from 0, of a request.
func EscalateKey(n int64, step int) string { return fmt.Sprintf("%s/%d/%d", KindEscalate, n, step+1) }

// stepOf is the step, counted from 0, at the end of a key; -1 where there is none.
func stepOf(key string) int {
	n, err := strconv.Atoi(WhoOf(key))
	if err != nil {
		return -1
	}
	return n - 1
}

// RemindKey is the key of the next reminder of a person or user group about a request.
func RemindKey(n int64, who string) string { return fmt.Sprintf("%s/%d/%s", KindRemind, n, who) }

// ReminderKey is the key of the message of a reminder that one request gave the occasion for, its count-th.
func ReminderKey(n int64, count int, who string) string {
	return fmt.Sprintf("%s/%d/%d/%s", KindReminder, n, count, who)
}

// NudgeKey is the key of the message of a reminder that somebody asked for.
func NudgeKey(n int64, count int, who string) string {
	return fmt.Sprintf("%s/%d/%d/%s", KindNudge, n, count, who)
}

// NeedsKey is the key of what stands for the messages that somebody was not sent on one of their days.
func NeedsKey(day string, who PersonID) string { return fmt.Sprintf("%s/%s/%s", KindNeeds, day, who) }

// WhoOf is the person or user group at the end of a key.
func WhoOf(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }

// AwayKey is the key of moving what waits for somebody who has gone away or come back.
func AwayKey(id PersonID) string { return fmt.Sprintf("%s/%s", KindAway, id) }

// BackKey is the key of the end of somebody's absence.
func BackKey(id PersonID) string { return fmt.Sprintf("%s/%s", KindBack, id) }

// AliveKey is the key of looking up who is named in a request.
func AliveKey(n int64) string { return fmt.Sprintf("%s/%d", KindAlive, n) }

// LapseKey is the key of the end of trying a request's deed again.
func LapseKey(n int64) string { return fmt.Sprintf("%s/%d", KindLapse, n) }

// DeedKey is the key of a request's deed.
func DeedKey(n int64) string { return fmt.Sprintf("%s/%d", KindDeed, n) }

// TaskKey is the key of the message that shows a task where the cards are.
func TaskKey(n int64) string { return fmt.Sprintf("%s/%d", KindTask, n) }

// TaskOfKey is the key of the direct message that somebody has of a task that is or was theirs.
func TaskOfKey(n int64, who PersonID) string { return fmt.Sprintf("%s/%d/%s", KindTask, n, who) }

// ProgressKey is the key of the direct message in which whoever asked sees how far the task is.
func ProgressKey(n int64) string { return fmt.Sprintf("%s/%d", KindProgress, n) }

// RemovalKey and RemovalOfKey are the keys of what shows the task that takes away what another task of the request gave.
func RemovalKey(n int64) string { return TaskKey(n) + removal }

// RemovalOfKey is the key of the direct message of that task that somebody has.
func RemovalOfKey(n int64, who PersonID) string { return fmt.Sprintf("%s/%s", RemovalKey(n), who) }

const removal = "/removal"

// Removal reports whether the key of what shows a task is that of one that takes something away.
func Removal(key string) bool { return strings.HasPrefix(key, RemovalKey(NumberOf(key))) }

// Own reports whether the key of what shows a task is that of one person's message.
func Own(key string) bool { return key != TaskKey(NumberOf(key)) && key != RemovalKey(NumberOf(key)) }

// DueKey is the key of the next reminder of a task.
func DueKey(n int64) string { return fmt.Sprintf("%s/%d", KindDue, n) }

// OverdueKey is the key of the message of a reminder of a task, counted from 1.
func OverdueKey(n int64, round int, who string) string {
	return fmt.Sprintf("%s/%d/%d/%s", KindOverdue, n, round, who)
}

// EndKey is the key of taking back what a request gave for a time.
func EndKey(n int64) string { return fmt.Sprintf("%s/%d", KindEnd, n) }

// EndsKey is the key of the direct message in which somebody hears that it ends soon; each end, counted from 1, has one
// of its own.
func EndsKey(n int64, round int, who PersonID) string {
	return fmt.Sprintf("%s/%d/%d/%s", KindEnds, n, round, who)
}

// HolderKey is the key of what whoever has something hears of it, where somebody else asked for it.
func HolderKey(n int64, s State) string { return fmt.Sprintf("%s/%d/holder/%s", KindTell, n, s) }

// LookKey is the key of reading what a request means.
func LookKey(n int64) string { return fmt.Sprintf("%s/%d", KindLook, n) }

// LineKey is the key of giving an app's seats to those who wait for one.
func LineKey(app string) string { return KindLine + "/" + app }

// SweepKey is the key of looking over an app on one day.
func SweepKey(app, slot string) string { return KindSweep + "/" + app + "/" + slot }

// NeededKey is the key of asking somebody on one day what is still needed.
func NeededKey(day string, who PersonID) string { return fmt.Sprintf("%s/%s/%s", KindNeeded, day, who) }

// AskedKey is the key of asking somebody about an account of an app, for the how-manieth time somebody was asked about any of it, and
// HeldKey of what they said, for who had them asked.
func AskedKey(app string, n int, who PersonID) string {
	return fmt.Sprintf("%s/%s/%d/%s", KindHolder, app, n, who)
}

// HeldKey is described at AskedKey.
func HeldKey(app string, n int, who PersonID) string {
	return fmt.Sprintf("%s/%s/%d/%s", KindHeld, app, n, who)
}

// KeepKey is the key of removing on one day what was closed long ago.
func KeepKey(day string) string { return KindKeep + "/" + day }

// AppOf is the app at the end of a key.
func AppOf(key string) string { return strings.TrimPrefix(key, KindLine+"/") }

// LinedKey is the key of what the requester is told when their request waits for a seat.
func LinedKey(n int64) string { return TellKey(n, "in line", 0) }

// SeatKey is the key of the direct message in which somebody is asked whether a seat that was waited for is still wanted.
func SeatKey(n int64, approver PersonID) string {
	return fmt.Sprintf("%s/%d/seat/%s", KindApprover, n, approver)
}

// AdminKey is the key of the card that one admin has for a request.
func AdminKey(n int64, admin PersonID) string {
	return fmt.Sprintf("%s/%d/%s", KindAdmins, n, admin)
}

// ApproverKey is the key of the direct message that somebody who is named as an approver has of a request.
func ApproverKey(n int64, approver PersonID) string {
	return fmt.Sprintf("%s/%d/%s", KindApprover, n, approver)
}

// AskKey is the key of the direct message in which the requester is asked a question, counted from 1.
func AskKey(n int64, question int) string { return fmt.Sprintf("%s/%d/%d", KindAsk, n, question) }

// AnswerKey is the key of the direct message in which whoever asked a question, counted from 1, hears the answer.
func AnswerKey(n int64, question int) string {
	return fmt.Sprintf("%s/%d/%d", KindAnswer, n, question)
}

// QuestionOf is the question, counted from 1, at the end of a key; 0 where there is none.
func QuestionOf(key string) int { return stepOf(key) + 1 }

// TellKey is the key of what the requester is told of an outcome; a later attempt has one of its own.
func TellKey(n int64, s State, attempt int) string {
	key := fmt.Sprintf("%s/%d/requester/%s", KindTell, n, s)
	if attempt > 1 {
		key += "/" + strconv.Itoa(attempt)
	}
	return key
}

// LapsedKey is the key of what the requester is told when a failed deed cannot be tried again any more.
func LapsedKey(n int64, attempt int) string { return TellKey(n, "lapsed", attempt) }

// EditedKey is the key of what the requester is told of an edit, counted from 1.
func EditedKey(n int64, edit int) string { return TellKey(n, "edited", edit) }

// WarnKey is the key of what the requester is told when their request cannot be approved as it stands.
func WarnKey(n int64) string { return TellKey(n, "warned", 0) }

// NumberOf is the request number inside a key, or 0 when there is none.
func NumberOf(key string) int64 {
	parts := strings.Split(key, "/")
	if len(parts) < 2 {
		return 0
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return n
}
