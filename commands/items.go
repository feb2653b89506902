package commands

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// labelEnd is how our own lists end the name of a resource.
	labelEnd = regexp.MustCompile(`\(#\d+\)(?: · paused)?$`)
	counted  = regexp.MustCompile(`^(\d{1,3})[.)] +(.+)$`)
)

// items cuts words into a list: at commas and semicolons outside quotes, at line breaks, and behind the number that
// ends the name of a resource in our own lists. Other words belong together, so a name of several needs no quotes.
func (l *line) items(words []word) []string {
	list := itemList{head: l.speech.listHead()}
	for i, w := range words {
		if i == 0 || w[0].line {
			list.flush()
			list.lines, list.begins = list.lines+1, true
		}
		list.now = append(list.now, " ")
		for _, p := range w {
			list.piece(p)
		}
		if labelEnd.MatchString(strings.Join(list.now, "")) && !paused(words[i+1:]) {
			list.flush()
		}
	}
	list.flush()
	return list.done
}

// listHead is what our own lists begin with, in the words of the apps: "Shares 3 things:", "Shared with it".
func (s speech) listHead() *regexp.Regexp {
	heads := []string{"$^"} // nothing
	for _, a := range s.ordered() {
		for _, r := range a.Entry.Resources {
			for _, as := range []string{r.HeldAs, r.OwnedAs} {
				if as != "" {
					heads = append(heads, regexp.QuoteMeta(as))
				}
			}
		}
		for _, action := range a.Entry.Actions {
			for _, f := range action.Resources() {
				heads = append(heads, regexp.QuoteMeta(f.Does)+` \d+ (?:`+regexp.QuoteMeta(f.Noun.One)+"|"+regexp.QuoteMeta(f.Noun.Many)+"):")
			}
		}
	}
	return regexp.MustCompile(`(?i)^(?:` + strings.Join(heads, "|") + `)(?: +|$)`)
}

// paused reports whether words begin with what our own lists say behind a resource that is paused.
func paused(words []word) bool {
	return len(words) > 1 && words[0].String() == "·" && words[1].String() == "paused"
}

// itemList is a list on its way from words.
type itemList struct {
	done []string
	// head is what our own lists begin with.
	head *regexp.Regexp
	now  []string
	// quoted says that a part of now is in quotes; begins that a line begins with it, which is the one of that number.
	quoted, begins bool
	lines          int
}

func (l *itemList) piece(p piece) {
	if p.quoted {
		l.now, l.quoted = append(l.now, p.raw), true
		return
	}
	marks, rest := ",;", p.raw
	if strings.Contains(rest, "://") {
		marks = "," // of a page's address a semicolon may be part
	}
	for i := strings.IndexAny(rest, marks); i >= 0; i = strings.IndexAny(rest, marks) {
		l.now = append(l.now, rest[:i])
		l.flush()
		rest = rest[i+1:]
	}
	l.now = append(l.now, rest)
}

// flush ends the present item, without what only led to it: a bullet, a number in a list of lines, "and".
func (l *itemList) flush() {
	s := strings.Join(strings.Fields(strings.Join(l.now, "")), " ")
	if !l.quoted {
		s = l.tidy(s)
	}
	before := len(l.done) - 1
	switch {
	case blank(s):
	case s == "paused" && !l.quoted && before >= 0 && labelEnd.MatchString(l.done[before]):
		l.done[before] += ", paused" // so our cards say of a resource
	default:
		l.done = append(l.done, s)
	}
	l.now, l.quoted, l.begins = nil, false, false
}

func (l *itemList) tidy(s string) string {
	bullets := "•◦▪‣·*-–—― "
	s = strings.TrimRight(strings.TrimLeft(s, bullets), " -–—―")
	if n := counted.FindStringSubmatch(s); n != nil && l.begins && n[1] == strconv.Itoa(l.lines) {
		s = n[2]
	}
	s = l.head.ReplaceAllString(s, "")
	words := strings.Fields(s)
	if len(words) > 0 && len(l.done) > 0 && strings.EqualFold(words[0], "and") {
		words = words[1:]
	}
	if n := len(words); n > 1 && strings.EqualFold(words[n-1], "and") {
		words = words[:n-1]
	}
	return strings.Join(words, " ")
}
