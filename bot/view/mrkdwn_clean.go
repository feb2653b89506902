package view

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/usherbot/usher/approvals"
)

// wordJoiner is an invisible letter that parts what Slack would read as one: it breaks up an emoji's
// name and a quotation mark at the start of a line.
const wordJoiner = "\u2060"

// lookalike stands for a formatting mark where Slack would take it for one. There is no way to
// escape a mark, and an invisible character beside it counts as the punctuation that lets it work,
// so it must be another character.
var lookalike = map[rune]string{'*': "\u2217", '_': "\u02cd", '~': "\u223c", '`': "\u02cb"}

// formatting are the marks of lookalike.
const formatting = "*_~`"

// marks says which formatting marks must be replaced in the words of one line.
type marks map[rune]bool

// muted finds the marks that Slack would take as formatting in a line: those of which a pair has a
// side that is no letter. So jane_doe@acme.example and "5* hotel" stay as they were typed.
func muted(t approvals.Text) marks {
	if !slices.ContainsFunc(t, func(s approvals.Span) bool { return s.Bold || strings.ContainsAny(s.S, formatting) }) {
		return nil // there is none
	}
	count := map[rune]int{}
	for _, s := range t {
		if s.Bold {
			count['*'] += 2
		}
		if s.Kind == approvals.SpanCode || !strings.ContainsAny(s.S, formatting) {
			continue
		}
		runes := []rune(clean(s.S))
		for i, r := range runes {
			if active(runes, i) {
				count[r]++
			}
		}
	}
	return marks{'*': count['*'] > 1, '_': count['_'] > 1, '~': count['~'] > 1, '`': true}
}

// active reports whether the rune at i is a mark that could open or close formatting.
func active(runes []rune, i int) bool {
	if _, mark := lookalike[runes[i]]; !mark {
		return false
	}
	edge := i == 0 || i == len(runes)-1
	switch {
	case runes[i] == '`' || edge:
		return true
	case isWord(runes[i-1]) && isWord(runes[i+1]):
		return false
	}
	return runes[i-1] != ' ' || runes[i+1] != ' '
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// apply takes the meaning out of what people typed, in the words of one span.
func (m marks) apply(s string) string {
	if !strings.ContainsAny(s, formatting) {
		return s
	}
	runes := []rune(s)
	var b strings.Builder
	for i, r := range runes {
		if m[r] && active(runes, i) {
			b.WriteString(lookalike[r])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// clean makes one line of whatever somebody typed: control characters and every kind of space become
// single spaces, and what turns the direction of writing or cannot be seen is dropped. Joiners that
// hold emoji and letters together stay. It may be applied twice.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	space := false
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			space = true
			continue
		case hidden(r):
			continue
		}
		if space {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

// isClean reports whether clean would leave s as it is, of what most people type.
func isClean(s string) bool {
	last := 'x'
	for _, r := range s {
		if r == utf8.RuneError || r != ' ' && (unicode.IsSpace(r) || unicode.IsControl(r) || hidden(r)) || r == ' ' && last == ' ' {
			return false
		}
		last = r
	}
	return true
}

// hidden is what turns the direction of writing or cannot be seen, but for the joiners.
func hidden(r rune) bool {
	return r >= utf8.RuneSelf && unicode.Is(unicode.Cf, r) && r != zeroWidthJoiner && r != zeroWidthNonJoiner
}

// Blank reports whether nothing of s would be left but spaces.
func Blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && !unicode.IsControl(r) && !hidden(r) }) < 0
}

const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
	longestCluster     = 10 // runes; a family emoji has seven, a heap of accents any number
)

// clusters splits cleaned text so that no accent, skin tone or joined emoji is torn from its letter.
func clusters(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, n, joined := 0, 0, false
		for i, r := range s {
			clings := joined || r >= utf8.RuneSelf && unicode.Is(unicode.M, r) || r == zeroWidthJoiner || r >= 0x1F3FB && r <= 0x1F3FF
			if i > 0 && (!clings || n >= longestCluster || r == ' ' || s[start] == ' ') {
				if !yield(s[start:i]) {
					return
				}
				start, n = i, 0
			}
			n++
			joined = r == zeroWidthJoiner
		}
		if s != "" {
			yield(s[start:])
		}
	}
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// literal adds the atoms of cleaned text, escaped, with the names of emoji broken up; of an endless one no more than most.
func literal(out []atom, s string, st style, most int) []atom {
	if !st.code {
		s = breakEmoji(s)
	}
	most += len(out)
	for c := range clusters(s) {
		if len(out) == most {
			break
		}
		if len(c) > 1 || strings.Contains("&<>", c) {
			c = escaper.Replace(c)
		}
		out = append(out, atom{c, st})
	}
	return out
}

// breakEmoji keeps :white_check_mark: as it was typed: a mark of approval drawn by whoever asks for
// it would be a forgery.
func breakEmoji(s string) string {
	if strings.Count(s, ":") < 2 {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, ':')
		if i < 0 {
			return b.String() + s
		}
		b.WriteString(s[:i+1])
		s = s[i+1:]
		name := strings.IndexFunc(s, func(r rune) bool {
			return r != '_' && r != '+' && r != '-' && r != '\'' && !isWord(r)
		})
		if name > 0 && s[name] == ':' && strings.Trim(s[:name], "0123456789") != "" {
			b.WriteString(wordJoiner)
		}
	}
}

// clip shortens a word of somebody's to n characters before it is put into a sentence, so that the
// sentence keeps its end; escaping comes later, and the limit of the whole is held then.
func clip(s string, n int) string {
	s = strings.TrimSpace(clean(s))
	var b strings.Builder
	for c := range clusters(s) {
		if n -= size(c); n < 0 {
			return strings.TrimSuffix(b.String(), " ") + "…"
		}
		b.WriteString(c)
	}
	return b.String()
}
