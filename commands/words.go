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
}

// String is the word without its quotes.
func (w word) String() string {
	var b strings.Builder
	for _, p := range w {
		b.WriteString(p.text)
	}
	return b.String()
}

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
func unseen(r rune) bool { return r != mentionOpen && r != mentionClose && approvals.Unseen(r) }

// items cuts words into a list at the commas outside quotes. Words without a comma between belong
// together, so a name of several words needs no quotes.
func items(words []word) []string {
	var list []string
	var now []string
	flush := func() {
		if s := strings.Join(strings.Fields(strings.Join(now, "")), " "); s != "" {
			list = append(list, s)
		}
		now = nil
	}
	for _, w := range words {
		now = append(now, " ")
		for _, p := range w {
			if p.quoted {
				now = append(now, p.text)
				continue
			}
			for i, part := range strings.Split(p.text, ",") {
				if i > 0 {
					flush()
				}
				now = append(now, part)
			}
		}
	}
	flush()
	return list
}

// quoted writes a word so that it is read back as one.
func quoted(s string) string {
	key, _, _ := strings.Cut(s, ":")
	if s == "" || strings.ContainsFunc(s, unicode.IsSpace) || strings.ContainsAny(s, ",=@") ||
		strings.ContainsAny(s[:1], `"'-`) || knownKey(key) || isBecause(word{{text: s}}) {
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
