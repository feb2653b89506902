package forget

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/usherbot/usher/approvals"
)

// Person is somebody who is to be forgotten, by all that they are known by. It is stored as JSON until they are: fields may be added, never
// renamed.
type Person struct {
	// Called is the pseudonym that takes the place of all of it.
	Called string `json:"called"`
	// Addresses are theirs and nobody else's, as FoldEmail writes them.
	Addresses []string             `json:"addresses,omitempty"`
	IDs       []approvals.PersonID `json:"ids,omitempty"`
	// Names are what they are called beside one of these.
	Names []string `json:"names,omitempty"`
}

// alias is the pseudonym of an address, counted from 0: what was several addresses stays so, and none becomes another's.
func (p *Person) alias(n int) string {
	if n == 0 {
		return p.Called
	}
	return fmt.Sprintf("%s-%d", p.Called, n+1)
}

// forgotten is what somebody is called who was forgotten, now or before.
var forgotten = regexp.MustCompile(`^forgotten-[0-9a-f]{8}(-[0-9]+)?$`)

// is reports whether a value is one of their addresses or ids, or has become a pseudonym of theirs.
func (p *Person) is(value string) bool {
	return p.address(value) >= 0 || slices.Contains(p.IDs, approvals.PersonID(value)) || value == p.Called || strings.HasPrefix(value, p.Called+"-")
}

// address is which of their addresses a value is; below 0: none.
func (p *Person) address(value string) int {
	if !strings.Contains(value, "@") {
		return -1
	}
	return slices.Index(p.Addresses, approvals.FoldEmail(value))
}

// addressed is whatever in a text might be an address, and what stands around one in a sentence, a link or a key.
var addressed = regexp.MustCompile("[^\\s<>()\\[\\]{},;:\"“”|/\\\\\\x00=?&*`]+(?:@|%40)[^\\s<>()\\[\\]{},;:\"“”|/\\\\\\x00=?&*`]+")

const around = ".!'’‘_@~…"

// text is a text with their addresses and whole names taken out; of one that is about them each word of their names too.
func (p *Person) text(s string, about bool) string {
	if strings.Contains(s, "@") || strings.Contains(s, "%40") {
		for n, a := range p.Addresses { // one that is written with what separates others
			if a != "" && strings.ContainsAny(a, "{}=?&*/`|") {
				s = replaced(s, a, p.alias(n))
			}
		}
		s = addressed.ReplaceAllStringFunc(s, p.token)
	}
	for _, name := range p.Names {
		if strings.Contains(name, " ") || about && utf8.RuneCountInString(name) > 1 {
			s = replaced(s, name, p.Called)
		}
	}
	if !about {
		return s
	}
	for _, name := range p.Names {
		for word := range strings.FieldsSeq(name) {
			if utf8.RuneCountInString(word) > 1 {
				s = replaced(s, word, p.Called)
			}
		}
	}
	return s
}

// token is what might be an address, with the pseudonym in its place where it is theirs.
func (p *Person) token(s string) string {
	for _, cut := range []func(string) string{func(s string) string { return s }, func(s string) string { return strings.Trim(s, around) }} {
		inner := cut(s)
		if n := p.address(strings.Replace(inner, "%40", "@", 1)); n >= 0 {
			return strings.Replace(s, inner, p.alias(n), 1)
		}
	}
	return s
}

// replaced is a text with something else in the place of a word or several, however they are written, where no letter or digit stands
// before or behind them.
func replaced(s, word, with string) string {
	if len(word) > len(s)+utf8.UTFMax {
		return s
	}
	var out strings.Builder
	for rest, before := s, rune(0); rest != ""; {
		if n := begins(rest, word); n > 0 && !inWord(before) && !inWord(firstRune(rest[n:])) {
			out.WriteString(with)
			before, _ = utf8.DecodeLastRuneInString(rest[:n])
			rest = rest[n:]
			continue
		}
		r, size := utf8.DecodeRuneInString(rest)
		out.WriteString(rest[:size])
		before, rest = r, rest[size:]
	}
	return out.String()
}

// begins is how many bytes of a text are a word, without regard to case; 0: it begins otherwise.
func begins(s, word string) int {
	at := 0
	for _, w := range word {
		r, size := utf8.DecodeRuneInString(s[at:])
		if size == 0 || r != w && unicode.ToLower(r) != unicode.ToLower(w) && !(unicode.IsSpace(r) && unicode.IsSpace(w)) {
			return 0
		}
		at += size
	}
	return at
}

func firstRune(s string) rune {
	if s == "" {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// in reports whether bytes may have something of theirs in them, or be about them: where not, nobody needs to look closer.
func (p *Person) in(raw []byte) bool {
	low := bytes.ToLower(raw)
	words := slices.Concat(p.Addresses, []string{p.Called, gzippedText, "%40"})
	for _, name := range p.Names {
		words = append(words, strings.Fields(name)[0])
	}
	for _, word := range words {
		if strings.ContainsFunc(word, odd) || strings.Contains(word, "xn--") || bytes.Contains(low, []byte(strings.ToLower(word))) {
			return true
		}
	}
	return slices.ContainsFunc(p.IDs, func(id approvals.PersonID) bool { return bytes.Contains(raw, []byte(id)) })
}

// odd is a letter that may be written in several ways, in JSON or otherwise.
func odd(r rune) bool { return r > unicode.MaxASCII || strings.ContainsRune(`<>&"\\`, r) }

// Known is by what they are known, addresses first.
func (p *Person) Known() []string {
	out := slices.Clone(p.Addresses)
	for _, id := range p.IDs {
		out = append(out, string(id))
	}
	return out
}
