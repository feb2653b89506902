package joiners

import (
	"fmt"
	"strconv"
	"strings"
)

// The kinds of what is promised about comings.
const (
	// KindRead reads who is in the groups whose new members are offered something.
	KindRead = "joining"
	// KindWelcome finds out what is to be asked for somebody who has come, and asks it.
	KindWelcome = "welcome"
)

// ReadKey is the key of reading the groups: at the start, daily, and when one of them has changed.
const ReadKey = KindRead + "/groups"

// WelcomeKey is the key of asking for what somebody is offered.
func WelcomeKey(n int64) string { return fmt.Sprintf("%s/%d", KindWelcome, n) }

// NumberOf is the coming in a key; 0: there is none.
func NumberOf(key string) int64 {
	_, of, _ := strings.Cut(key, "/")
	n, err := strconv.ParseInt(of, 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return n
}
