package commands

import (
	"strings"
	"unicode"

	"github.com/usherbot/usher/approvals"
)

// word is one word of a command: pieces that were quoted or not, written without a space between.
type word []piece

type piece struct {
	text   string
	quoted bool
	// raw is text with its long dashes as they came: in an address each may stand for two hyphens or for one.
	raw string
	// line says that a line began with it.
	line bool
	// also is what else a link of Slack's said that was not labelled with where it leads.
	also string
}

// String is the word without its quotes.
func (w word) String() string {
	var b strings.Builder
	for _, p := range w {
		b.WriteString(p.text)
	}
	return b.String()
}

// raw is the word without its quotes, and with its long dashes as they came.
func (w word) raw() string {
	var b strings.Builder
	for _, p := range w {
		b.WriteString(p.raw)
	}
	return b.String()
}

// dash reports whether a word is nothing but dashes.
func (w word) dash() bool { return !w.quoted() && strings.Trim(w.String(), "-") == "" }

// bare reports whether no part of the word was quoted.
func (w word) bare() bool { return !w.quoted() }

func (w word) quoted() bool {
	for _, p := range w {
		if p.quoted {
			return true
		}
	}
	return false
}

// mend is the plain twin of a rune that phones and word processors put in its place.
func mend(r rune) rune { return approvals.Mend(r) }

// unseen reports whether a rune leaves no trace on the screen; the marks of mentions are ours.
func unseen(r rune) bool { return !strings.ContainsRune(ours, r) && approvals.Unseen(r) }

// quoted writes a word so that it is read back as one.
func quoted(s string) string {
	key, rest, led := strings.Cut(s, ":")
	if s == "" || strings.ContainsFunc(s, unicode.IsSpace) || strings.ContainsAny(s, ",=@") ||
		strings.ContainsAny(s[:1], `"'-`) || led && isKey(key) && !strings.HasPrefix(rest, "//") || isBecause(word{{text: s}}) {
		return `"` + strings.ReplaceAll(s, `"`, "'") + `"`
	}
	return s
}

// short cuts what somebody typed to a length that fits into a sentence.
func short(s string) string { return cut(strings.Join(strings.Fields(s), " "), 60) }

func cut(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit-1]) + "…"
}
