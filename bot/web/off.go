package web

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// offEmoji are the emoji that people set beside their name when they're away, Slack's own suggestions and calendars' first.
var offEmoji = []string{"palm_tree", "face_with_thermometer", "no_entry", "desert_island", "beach_with_umbrella", "umbrella_on_ground",
	"airplane", "airplane_departure", "camping", "baby", "baby_bottle", "sleeping", "zzz", "mask", "hospital"}

// offWords are the words with which they say it.
var offWords = regexp.MustCompile(`(?i)^(away|off)\b|\b(vacation(ing)?|holidays?|on leave|(annual|parental|maternity|paternity|sick) leave|` +
	`out of (the )?office|ooo|o\.o\.o|pto|(out|off) sick|(day|week) off)\b`)

// OffOf reads of a status whether it says that somebody is away, and until when: seconds since 1970, 0 for no time. Nothing
// else of it is looked at.
func OffOf(emoji, words string, expires int64) approvals.Off {
	name, _, _ := strings.Cut(strings.Trim(emoji, ":"), "::") // which may be followed by a tone of skin
	if !slices.Contains(offEmoji, name) && !offWords.MatchString(strings.TrimSpace(words)) {
		return approvals.Off{}
	}
	off := approvals.Off{Says: true}
	if expires > 0 {
		off.Until = time.Unix(expires, 0).UTC()
	}
	return off
}
