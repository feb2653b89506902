package script

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
)

// tok is a word of a line, or words in quotes, and the column at which it stands.
type tok struct {
	text   string
	quoted bool
	column int
}

// mistake is what is wrong in a line, and where.
type mistake struct {
	column int
	say    string
}

var word = regexp.MustCompile(`"[^"]*"|\S+`)

// cut cuts a line into its words.
func cut(line string) (toks []tok, wrong *mistake) {
	for _, at := range word.FindAllStringIndex(line, -1) {
		text := line[at[0]:at[1]]
		t := tok{text: text, quoted: len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"', column: utf8.RuneCountInString(line[:at[0]]) + 1}
		if len(toks) > 0 && free(toks) {
			return append(toks, t), nil // what is typed may hold anything
		}
		if text[0] == '"' && !t.quoted {
			return nil, &mistake{t.column, "these words have no end; expected a second \""}
		}
		toks = append(toks, t)
	}
	return toks, nil
}

// free reports whether what comes next in a line is what somebody types.
func free(toks []tok) bool { return len(toks) == 2 && toks[1].text == "types" }

// reader holds the words of one line to one form after another, and remembers how far the best of them came.
type reader struct {
	toks     []tok
	here     []string
	far      int
	expected []string
}

// understood holds a line to every form there is; who is hired in it is here from then on.
func understood(toks []tok, here *[]string) *mistake {
	r := &reader{toks: toks, here: *here}
	for _, a := range acts {
		for _, form := range strings.Split(a.forms, " · ") {
			if r.fits(strings.Fields(form), 0) {
				if len(toks) > 2 && toks[0].text == "slack" && toks[1].text == "hires" {
					*here = append(*here, toks[2].text)
				}
				return nil
			}
		}
	}
	want := either(r.expected)
	if r.far == len(toks) {
		last := toks[len(toks)-1]
		return &mistake{last.column + utf8.RuneCountInString(last.text), "the line ends too early; expected " + want}
	}
	return &mistake{toks[r.far].column, fmt.Sprintf("%s isn't understood here; expected %s", terminal.Quoted(strings.Trim(toks[r.far].text, `"`)), want)}
}

// either is what could have stood in a place, in words.
func either(list []string) string {
	if len(list) == 0 {
		return "nothing more"
	}
	if len(list) > 12 {
		list = append(list[:12:12], "…")
	}
	return strings.Join(list, ", ")
}

// fits reports whether the words from one on are what the rest of a form wants. What stands in brackets may be left out.
func (r *reader) fits(form []string, i int) bool {
	if len(form) == 0 {
		return i == len(r.toks) || r.stuck(i, "")
	}
	part, rest := form[0], form[1:]
	if strings.HasPrefix(part, "[") {
		inner, after := bracketed(form)
		return r.fits(append(slices.Clone(inner), after...), i) || r.fits(after, i)
	}
	if part == "…" { // any number of what stood before isn't asked for, one is enough: the place is open
		return i < len(r.toks) || r.stuck(i, "what follows")
	}
	if i == len(r.toks) {
		return r.stuck(i, name(part))
	}
	for n := 1; i+n <= len(r.toks) && r.takes(part, r.toks[i:i+n]); n++ {
		if r.fits(rest, i+n) {
			return true
		}
		if !many(part) {
			return false
		}
	}
	if !r.takes(part, r.toks[i:i+1]) {
		return r.stuck(i, name(part))
	}
	return false
}

// bracketed are what stands in brackets at the beginning of a form, and what comes after them.
func bracketed(form []string) (inner, after []string) {
	depth := 0
	for i, part := range form {
		depth += strings.Count(part, "[") - strings.Count(part, "]")
		if depth == 0 {
			inner = slices.Clone(form[:i+1])
			inner[0] = strings.TrimPrefix(inner[0], "[")
			inner[i] = strings.TrimSuffix(inner[i], "]")
			return inner, form[i+1:]
		}
	}
	return form, nil
}

// stuck notes what was expected where no form has gone on so far.
func (r *reader) stuck(i int, expected string) bool {
	if i > r.far {
		r.far, r.expected = i, nil
	}
	if i == r.far && expected != "" && !slices.Contains(r.expected, expected) {
		r.expected = append(r.expected, expected)
	}
	return false
}

// many reports whether a part of a form may be several words.
func many(part string) bool { return part == "TEXTS" || part == "LABEL" || part == "WORDS" }

var (
	number  = regexp.MustCompile(`^\d+$`)
	address = regexp.MustCompile(`^\S+@\S+$`)
)

// takes reports whether words are what a part of a form wants.
func (r *reader) takes(part string, toks []tok) bool {
	last := toks[len(toks)-1]
	switch part {
	case "PERSON":
		return slices.Contains(r.here, last.text)
	case "PERSON'S":
		who, theirs := strings.CutSuffix(last.text, "'s")
		return theirs && (slices.Contains(r.here, who) || who == "usher")
	case "N":
		return number.MatchString(last.text)
	case "TIME":
		d, err := config.ParseDuration(last.text)
		return err == nil && d >= 0
	case "ADDRESS":
		return address.MatchString(last.text)
	case "TEXT", "TEXTS":
		return last.quoted
	case "LABEL":
		return len(toks) == 1 || !toks[0].quoted && !last.quoted
	case "WORD":
		return !last.quoted
	case "WORDS":
		return true
	}
	return slices.Contains(strings.Split(part, "|"), last.text)
}

// name is what a part of a form is called.
func name(part string) string {
	for _, p := range parts {
		if p.part == part {
			return p.name
		}
	}
	return strings.ReplaceAll(part, "|", ", ")
}

// parts are what forms are made of beside words that stand as they are.
var parts = []struct{ part, name string }{
	{"PERSON", "somebody's name, such as alice"},
	{"PERSON'S", "somebody's name with 's, such as alice's"},
	{"N", "a number"},
	{"TIME", "how long, such as 90s, 72h or 7d"},
	{"ADDRESS", "an e-mail address"},
	{"TEXT", "words in \"quotes\""},
	{"TEXTS", "words in \"quotes\""},
	{"LABEL", "a button's label"},
	{"WORD", "a word"},
	{"WORDS", "words"},
}
