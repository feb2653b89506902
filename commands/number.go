package commands

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/usherbot/usher/approvals"
)

// number reads 12 and #12. It takes no sign, no zero, and nothing no request will ever reach.
func number(s string) (int64, bool) {
	s = strings.TrimRight(strings.TrimPrefix(s, "#"), ".,;:")
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 || n > 999_999_999 || strings.HasPrefix(s, "+") {
		return 0, false
	}
	return n, true
}

// requestNumber reads the one number a verb takes; 0 when there is none.
func (l *line) requestNumber() (int64, *Reply) {
	if len(l.words) == 0 {
		return 0, nil
	}
	typed := l.words[0].String()
	n, ok := number(typed)
	if !ok {
		return 0, &Reply{
			Head:     approvals.Sayf("“%v” isn't a request number. They count from 1; write `12` or `#12`.", short(typed)),
			Examples: []string{command(l.guide.name, "12"), "/access status"},
		}
	}
	return n, l.nothingElse(l.words[1:], numbered(l.guide.name, n))
}

// numbered is a verb with the number of a request; 0 leaves it out.
func numbered(verb string, n int64) string {
	if n == 0 {
		return command(verb)
	}
	return command(verb, numberText(n))
}

// numberText is the number of a request as it is typed.
func numberText(n int64) string { return strconv.FormatInt(n, 10) }

// blank reports whether a text has nothing that can be seen.
func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unseen(r) && r != '\u200C' && r != '\u200D' && r != '\u3164' && r != '\uFE0F'
	}) < 0
}
