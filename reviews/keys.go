package reviews

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// The kinds of promise that reviews make.
const (
	// Kind is what a review is to do at its time: read who has what, remind, end, close, ask for a removal.
	Kind = "reviewing"
	// KindReview is the message in which whoever began one sees how far it is, and KindReviewer the one in which somebody is
	// asked; both converge.
	KindReview   = "review"
	KindReviewer = "reviewer"
	// KindRecall reminds somebody who hasn't answered everything; once.
	KindRecall = "recall"
)

// What a review is to do, as its key says.
const (
	doGather = "gather"
	doHalf   = "half"
	doLast   = "last"
	doEnd    = "end"
	doClose  = "close"
	doTake   = "take"
)

func doKey(n int64, what string) string { return fmt.Sprintf("%s/%d/%s", Kind, n, what) }

// takeKey is the key of doing what one answer to a line asks for; an answer that was changed has another one.
func takeKey(n int64, line, round int) string {
	return fmt.Sprintf("%s/%d/%d", doKey(n, doTake), line, round)
}

// ReviewKey is the key of the message about a review as a whole.
func ReviewKey(n int64) string { return fmt.Sprintf("%s/%d", KindReview, n) }

// ReviewerKey is the key of what somebody is asked in a review.
func ReviewerKey(n int64, who approvals.PersonID) string {
	return fmt.Sprintf("%s/%d/%s", KindReviewer, n, who)
}

// HeirKey is the key of what somebody is asked of what nobody had answered by its end.
func HeirKey(n int64, who approvals.PersonID) string {
	return fmt.Sprintf("%s/%d/late/%s", KindReviewer, n, who)
}

// IsHeirs reports whether a key is one that HeirKey made.
func IsHeirs(key string) bool { return strings.Contains(key, "/late/") }

// RecallKey is the key of one reminder.
func RecallKey(n int64, which string, who approvals.PersonID) string {
	return fmt.Sprintf("%s/%d/%s/%s", KindRecall, n, which, who)
}

// parts are what a key of ours says: which review, what to do, and of which line and answer.
func parts(key string) (n int64, what string, line, round int) {
	p := strings.Split(key, "/")
	if len(p) < 3 {
		return 0, "", 0, 0
	}
	n, what = approvals.NumberOf(key), p[2]
	if len(p) == 5 {
		l, err := strconv.Atoi(p[3])
		r, err2 := strconv.Atoi(p[4])
		if err != nil || err2 != nil {
			return 0, "", 0, 0
		}
		line, round = l, r
	}
	return n, what, line, round
}

// atOnce owes something as soon as somebody is free.
func atOnce(key string, now time.Time) outbox.Change { return outbox.AtOnce(key, 0, now) }
