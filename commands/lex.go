package commands

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/usherbot/usher/approvals"
)

// lexer cuts unescaped text into words. Quotes count only at the start of a word or after = or a
// comma, and only when they are closed, so that O'Brien and 5" stay what they are.
type lexer struct {
	in  []rune
	pos int
	// open are the quotes that are closed nowhere in the rest, so that a line full of them is read once.
	open map[rune]bool
}

// lex cuts text into the words before the first "because", and the reason after it.
func lex(text string) (words []word, reason string, because bool) {
	l := lexer{in: []rune(text), open: map[rune]bool{}}
	for {
		w := l.next()
		if w == nil {
			return words, "", false
		}
		if isBecause(w) {
			return words, tidyReason(string(l.in[l.pos:])), true
		}
		if w.String() != "" || w.quoted() {
			words = append(words, w)
		}
	}
}

// isBecause takes "Because", "because:" and "--because".
func isBecause(w word) bool {
	return w.bare() && strings.EqualFold(strings.Trim(w.String(), "-:;,…="), "because")
}

// emoji is Slack's spelling of one at the start of a text.
var emoji = regexp.MustCompile(`^:[\w+'-]+:(?:[\s:]|$)`)

// tidyReason leaves the reason as it was typed, without what cannot be seen and without the
// punctuation that led to it. A colon leads to it right behind "because" or before a space; else it is
// the person's own, as in ":tada:", and so is the sign of a number.
func tidyReason(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF' {
			return -1
		}
		return r
	}, s)
	return unled(strings.TrimSpace(spoken(tidyLead(s))))
}

// tidyLead is a reason without the punctuation that led to it.
func tidyLead(s string) string {
	for behind := true; s != ""; {
		first, size := utf8.DecodeRuneInString(s)
		next, _ := utf8.DecodeRuneInString(s[size:] + " ")
		led := false
		switch {
		case unicode.IsSpace(first):
			led, behind = true, false
		case first == ':':
			led = (behind || unicode.IsSpace(next)) && !emoji.MatchString(s)
		case first == '-':
			led = !unicode.IsDigit(next)
		default:
			led = strings.ContainsRune(";,=–—…", first)
		}
		if !led {
			break
		}
		s = s[size:]
	}
	return strings.TrimSpace(s)
}

// next is the next word, or nil at the end.
func (l *lexer) next() word {
	line := false
	for l.pos < len(l.in) && (unicode.IsSpace(l.in[l.pos]) || unseen(l.in[l.pos])) {
		line = line || lineBreak(l.in[l.pos])
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
	if len(w) > 0 {
		w[0].line = line
	}
	return w
}

func lineBreak(r rune) bool { return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) }

// rune takes one rune, or one whole mention, into the word.
func (l *lexer) rune(w *word, r rune) {
	switch {
	case r == mentionOpen:
		w.add("<@"+strings.TrimSuffix(l.marked(mentionClose), "|")+">", false)
	case r == linkOpen:
		*w = append(*w, linked(l.marked(linkClose)))
	case r == '"' && len(*w) == 0: // opened and never closed
	case !unseen(r):
		w.add(string(l.in[l.pos]), false)
	}
	l.pos++
}

// marked is what stands between the mark here and the one that closes it, which it leaves the lexer at.
func (l *lexer) marked(shut rune) string {
	end := l.pos
	for end < len(l.in)-1 && l.in[end] != shut {
		end++
	}
	inner := string(l.in[l.pos+1 : end])
	l.pos = end
	return inner
}

// quote takes a quoted piece, if the quote that opens here is closed before a space, a comma or the end.
func (l *lexer) quote(w *word, mark rune) bool {
	for end := l.pos + 1; end < len(l.in) && !l.open[mark]; end++ {
		if mend(l.in[end]) != mark || !l.mayClose(end+1) {
			continue
		}
		if inner := strings.ToLower(string(l.in[l.pos+1 : end])); mark == '\'' && strings.Contains(inner, " because ") {
			break // an apostrophe ('t Hooft) and another one in the reason
		}
		text := strings.Map(func(r rune) rune {
			if unseen(r) {
				return -1
			}
			return r
		}, spoken(string(l.in[l.pos+1:end])))
		w.add(strings.Join(strings.Fields(text), " "), true)
		l.pos = end + 1
		return true
	}
	l.open[mark] = true
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
	p := piece{quoted: quoted, text: strings.Map(mend, text), raw: strings.Map(mendButDashes, text)}
	if n := len(*w); n > 0 && (*w)[n-1].quoted == quoted && (*w)[n-1].also == "" {
		(*w)[n-1].text += p.text
		(*w)[n-1].raw += p.raw
		return
	}
	*w = append(*w, p)
}

// mendButDashes is mend for words in which the length of a dash matters.
func mendButDashes(r rune) rune {
	if approvals.LongDash(r) {
		return r
	}
	return mend(r)
}
