package leavers

import (
	"fmt"
	"strconv"
	"strings"
)

// The kinds of what is promised about leavings.
const (
	// KindPeople reads everybody, daily.
	KindPeople = "people"
	// KindGather finds out what somebody holds who leaves.
	KindGather = "gather"
)

// PeopleKey is the key of the daily reading of everybody.
const PeopleKey = KindPeople + "/daily"

// GatherKey is the key of gathering what somebody holds.
func GatherKey(n int64) string { return fmt.Sprintf("%s/%d", KindGather, n) }

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
