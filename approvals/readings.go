package approvals

import (
	"regexp"
	"slices"
	"strings"
)

// LongDash reports whether a rune is a dash that phones and word processors make of two hyphens, or of one.
func LongDash(r rune) bool { return strings.ContainsRune("‒–—―", r) }

// encoded is how the name of a host in another script begins (RFC 5890), as a phone writes it.
var encoded = regexp.MustCompile(`(?i)(^|[@./])xn[‒–—―]`)

// Readings are what somebody may have typed before their phone made a dash of it: with two hyphens in the place
// of each long dash, and with one, the likelier first. What has no long dash is read in one way.
func Readings(typed string) []string {
	typed = encoded.ReplaceAllString(typed, "${1}xn--")
	if !strings.ContainsFunc(typed, LongDash) {
		return []string{typed}
	}
	both := []string{undashed(typed, "--"), undashed(typed, "-")}
	if !strings.ContainsAny(typed, "—―") {
		slices.Reverse(both)
	}
	return both
}

func undashed(typed, hyphens string) string {
	return strings.NewReplacer("‒", hyphens, "–", hyphens, "—", hyphens, "―", hyphens).Replace(typed)
}
