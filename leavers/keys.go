package leavers

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// The kinds of what is promised about leavings.
const (
	// KindPeople reads everybody, daily.
	KindPeople = "people"
	// KindGather finds out what somebody holds who leaves.
	KindGather = "gather"
	// KindVerify looks whether what was taken is gone.
	KindVerify = "verify"
	// KindLeaving is a message about a leaving, or about too many at once, to one person.
	KindLeaving = "leaving"
)

// What a message is about; of some there are several, told apart by a day behind it.
const (
	// AboutEve says the day before what will happen, AboutLoose what else hung on somebody, AboutBack what is under way of somebody
	// who is back, AboutGone asks whether something is gone, and AboutHold whether so many really left.
	AboutEve   = "eve"
	AboutLoose = "loose"
	AboutBack  = "back"
	AboutGone  = "gone"
	AboutHold  = "hold"
	// AboutOwned says what can't be asked about, where no card does.
	AboutOwned = "owned"
)

// PeopleKey is the key of the daily reading of everybody.
const PeopleKey = KindPeople + "/daily"

// GatherKey is the key of gathering what somebody holds.
func GatherKey(n int64) string { return fmt.Sprintf("%s/%d", KindGather, n) }

// VerifyKey is the key of looking whether what was taken is gone.
func VerifyKey(n int64) string { return fmt.Sprintf("%s/%d", KindVerify, n) }

// MessageKey is the key of a message about a leaving to somebody; of AboutHold the number is that of the hold.
func MessageKey(n int64, about string, who approvals.PersonID) string {
	return fmt.Sprintf("%s/%d/%s/%s", KindLeaving, n, about, who)
}

// AboutOf is what a message is about, and on which day it was so; "" where it is about none.
func AboutOf(key string) (about, day string) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 {
		return "", ""
	}
	about, day, _ = strings.Cut(parts[2], "-")
	return about, day
}

// Own reports whether a kind is one of what is promised about leavings.
func Own(kind string) bool { return kind == KindGather || kind == KindVerify || kind == KindLeaving }

// NumberOf is the leaving in a key; 0: there is none.
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
