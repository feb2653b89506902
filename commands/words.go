package commands

import (
	"strings"
	"unicode"
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
func mend(r rune) rune {
	switch r {
	case '“', '”', '„', '‟', '«', '»', '″', '＂':
		return '"'
	case '‘', '’', '‚', '‛', '′', '´', '＇':
		return '\''
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹘', '﹣', '－':
		return '-'
	case '＝':
		return '='
	case '，', '、', '﹐':
		return ','
	case '＠':
		return '@'
	case '＃':
		return '#'
	}
	return r
}

// unseen reports whether a rune leaves no trace on the screen: control characters, marks of writing
// direction, zero-width spaces. Joiners stay, because emoji and some scripts are spelled with them.
func unseen(r rune) bool {
	switch {
	case r == '\u200C' || r == '\u200D' || r == mentionOpen || r == mentionClose:
		return false
	case unicode.IsSpace(r):
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// lexer cuts unescaped text into words. Quotes count only at the start of a word or after = or a
// comma, and only when they are closed, so that O'Brien and 5" stay what they are.
type lexer struct {
	in  []rune
	pos int
}

// lex cuts text into the words before the first "because", and the reason after it.
func lex(text string) (words []word, reason string, because bool) {
	l := lexer{in: []rune(text)}
	for {
		w := l.next()
		if w == nil {
			return words, "", false
		}
		if isBecause(w) {
			return words, tidyReason(string(l.in[l.pos:])), true
		}
		if strings.Trim(w.String(), "-") != "" || w.quoted() {
			words = append(words, w)
		}
	}
}

// isBecause takes "Because", "because:" and "--because".
func isBecause(w word) bool {
	return w.bare() && strings.EqualFold(strings.Trim(w.String(), "-:;,…="), "because")
}

// tidyReason leaves the reason as it was typed, without what cannot be seen and without the
// punctuation that led to it.
func tidyReason(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF' {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(spoken(strings.TrimLeft(s, " \t\r\n\u00A0:;,=-–—…")))
}

// next is the next word, or nil at the end.
func (l *lexer) next() word {
	for l.pos < len(l.in) && (unicode.IsSpace(l.in[l.pos]) || unseen(l.in[l.pos])) {
		l.pos++
	}
	if l.pos == len(l.in) {
		return nil
	}
	w := word{}
	start := true // of a part: a quote may open here
	for l.pos < len(l.in) && !unicode.IsSpace(l.in[l.pos]) {
		r := mend(l.in[l.pos])
		if start && (r == '"' || r == '\'') && l.quote(&w, r) {
			start = false
			continue
		}
		if l.endsBecause(w) {
			break
		}
		l.rune(&w, r)
		start = r == '=' || r == ','
	}
	return w
}

// rune takes one rune, or one whole mention, into the word.
func (l *lexer) rune(w *word, r rune) {
	switch {
	case r == mentionOpen:
		end := l.pos
		for end < len(l.in)-1 && l.in[end] != mentionClose {
			end++
		}
		w.add("<@"+strings.TrimSuffix(string(l.in[l.pos+1:end]), "|")+">", false)
		l.pos = end
	case r == '"' && len(*w) == 0: // opened and never closed
	case !unseen(r):
		w.add(string(r), false)
	}
	l.pos++
}

// quote takes a quoted piece, if the quote that opens here is closed before a space, a comma or the end.
func (l *lexer) quote(w *word, mark rune) bool {
	for end := l.pos + 1; end < len(l.in); end++ {
		if mend(l.in[end]) != mark || !l.mayClose(end+1) {
			continue
		}
		if inner := strings.ToLower(string(l.in[l.pos+1 : end])); mark == '\'' && strings.Contains(inner, " because ") {
			return false // an apostrophe ('t Hooft) and another one in the reason
		}
		text := strings.Map(func(r rune) rune {
			if unseen(r) {
				return -1
			}
			return mend(r)
		}, spoken(string(l.in[l.pos+1:end])))
		w.add(strings.Join(strings.Fields(text), " "), true)
		l.pos = end + 1
		return true
	}
	return false
}

func (l *lexer) mayClose(i int) bool {
	return i == len(l.in) || unicode.IsSpace(l.in[i]) || mend(l.in[i]) == ','
}

// endsBecause cuts "because:she" and "because—she", where the space is missing.
func (l *lexer) endsBecause(w word) bool {
	return strings.ContainsRune(":;,–—…", l.in[l.pos]) && w.bare() && strings.EqualFold(w.String(), "because")
}

func (w *word) add(text string, quoted bool) {
	if n := len(*w); n > 0 && (*w)[n-1].quoted == quoted {
		(*w)[n-1].text += text
		return
	}
	*w = append(*w, piece{text, quoted})
}

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
	s = strings.ReplaceAll(s, `"`, "'")
	first, _ := firstRune(s)
	if s == "" || strings.ContainsFunc(s, unicode.IsSpace) || strings.ContainsAny(s, ",=") ||
		strings.ContainsRune("'-", first) || isBecause(word{{text: s}}) {
		return `"` + s + `"`
	}
	return s
}

func firstRune(s string) (rune, bool) {
	for _, r := range s {
		return r, true
	}
	return 0, false
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
