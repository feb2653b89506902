package view

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/usherbot/usher/approvals"
)

// style is how a stretch of rendered text is drawn.
type style struct{ bold, code bool }

// atom is the smallest piece that is kept or cut whole: one character with what clings to it,
// escaped, or one mention.
type atom struct {
	s string
	style
}

var (
	newline  = atom{s: "\n"}
	ellipsis = atom{s: "…"}
)

// mrkdwn renders lines for a mrkdwn object, cut to limit as size counts it.
func mrkdwn(limit int, lines ...approvals.Text) string {
	return fit(join(lines, enough(limit)), limit)
}

// fallback renders lines for a message's text, which is what notifications and screen readers use:
// mentions and times keep their meaning, nothing is bold or fixed-width.
func fallback(limit int, lines ...approvals.Text) string {
	atoms := join(lines, enough(limit))
	for i := range atoms {
		atoms[i].style = style{}
	}
	return fit(atoms, limit)
}

// plain renders one line for a plain_text object: Slack reads entities there, and no marks.
func plain(limit int, s string) string {
	return fit(literal(nil, clean(s), style{}, enough(limit)), limit)
}

// size is how much of a limit a string uses up: its units, and one more for each character that JSON
// escapes, so that one number serves the limit of an object and that of all blocks together.
func size(s string) int {
	return units(s) + strings.Count(s, `"`) + strings.Count(s, `\`) + strings.Count(s, "\n")
}

// units is the length in UTF-16 units, the stricter of the two ways in which Slack may count.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// enough is how many atoms are surely more than a limit holds: each takes room but spaces, of which emit keeps one in a row.
func enough(limit int) int { return 4 * limit }

// join makes atoms of lines, no more than a little over most. Newlines exist between lines only: none comes out of a span.
func join(lines []approvals.Text, most int) []atom {
	room := 0
	for _, line := range lines {
		for _, s := range line {
			room += len(s.S) + 1
		}
	}
	out := make([]atom, 0, min(room+len(lines), most))
	for _, line := range lines {
		if len(out) > 0 {
			out = append(out, newline)
		}
		if out = spanAtoms(out, line, most); len(out) > most {
			break
		}
	}
	return out
}

// spanAtoms adds the atoms of one line, of each of its spans no more than most.
func spanAtoms(out []atom, t approvals.Text, most int) []atom {
	mute, before := muted(t), len(out)
	for _, s := range t {
		st := style{bold: s.Bold}
		switch s.Kind {
		case approvals.SpanCode:
			st.code = true
			// A backtick would end the code; the letter in its place looks alike.
			out = literal(out, strings.ReplaceAll(clean(s.S), "`", lookalike['`']), st, most)
		case approvals.SpanText:
			out = literal(out, mute.apply(clean(s.S)), st, most)
		default:
			if token, ok := reference(s); ok {
				out = append(out, atom{token, st})
			} else {
				out = literal(out, mute.apply(clean(unreadable(s))), st, most)
			}
		}
	}
	unquoted(out[before:])
	return out
}

// unquoted keeps a line from beginning with the mark that makes it a quotation.
func unquoted(line []atom) {
	first := slices.IndexFunc(line, func(a atom) bool { return a.s != " " })
	if first >= 0 && strings.HasPrefix(line[first].s, "&gt;") {
		line[first].s = wordJoiner + line[first].s
	}
}

var (
	personID  = regexp.MustCompile(`^[UW][A-Z0-9]{1,30}$`)
	groupID   = regexp.MustCompile(`^S[A-Z0-9]{1,30}$`)
	channelID = regexp.MustCompile(`^[CGD][A-Z0-9]{1,30}$`)
)

// reference is the token of a mention or a time; false where the id has not the shape of one.
func reference(s approvals.Span) (string, bool) {
	switch s.Kind {
	case approvals.SpanPerson:
		return "<@" + s.S + ">", personID.MatchString(s.S)
	case approvals.SpanGroup:
		return "<!subteam^" + s.S + ">", groupID.MatchString(s.S)
	case approvals.SpanChannel:
		return "<#" + s.S + ">", channelID.MatchString(s.S)
	case approvals.SpanTime:
		return fmt.Sprintf("<!date^%d^{date_short_pretty} at {time}|%s>", s.T,
			time.Unix(s.T, 0).UTC().Format("2 Jan 2006 15:04 UTC")), s.T > 0 && s.T < 1<<36
	}
	return "", false
}

// unreadable is what stands in place of a reference that has not the shape of one.
func unreadable(s approvals.Span) string {
	if s.Kind == approvals.SpanTime {
		return "an unknown time"
	}
	return s.S
}

// fit writes atoms and, where that is more than limit, as many of them as leave room for "…".
func fit(atoms []atom, limit int) string {
	if len(atoms) <= enough(limit) {
		if whole := emit(atoms); size(whole) <= limit {
			return whole
		}
	}
	atoms = atoms[:min(len(atoms), 2*limit)] // each takes room but spaces, and no two of them are neighbours
	cut := func(n int) string {
		for n > 0 && atoms[n-1].s == " " {
			n--
		}
		return emit(atoms[:n], ellipsis)
	}
	over := sort.Search(len(atoms), func(n int) bool { return size(cut(n)) > limit })
	return cut(max(over-1, 0))
}

// emit writes atoms with their marks. Spaces are held back until it is known on which side of a
// mark they belong: "* x*" is not bold to Slack. Spaces at the edges of a line are dropped.
func emit(atoms []atom, end ...atom) string {
	var b strings.Builder
	b.Grow(len(atoms))
	var now style
	space, begun := false, false
	for i := range len(atoms) + len(end) {
		a := at(atoms, end, i)
		switch {
		case a.s == " ":
			space = begun
			continue
		case a == newline:
			turn(&b, now, style{}, false)
			b.WriteString("\n")
			now, space, begun = style{}, false, false
			continue
		}
		turn(&b, now, a.style, space)
		b.WriteString(a.s)
		now, space, begun = a.style, false, true
	}
	turn(&b, now, style{}, false)
	return b.String()
}

// at is the atom at i of two lists, the one behind the other.
func at(atoms, end []atom, i int) atom {
	if i < len(atoms) {
		return atoms[i]
	}
	return end[i-len(atoms)]
}

// turn closes and opens marks, with a pending space outside of those that change.
func turn(b *strings.Builder, from, to style, space bool) {
	if from.code && from != to {
		b.WriteString("`")
	}
	if from.bold && !to.bold {
		b.WriteString("*")
	}
	if space {
		b.WriteString(" ")
	}
	if to.bold && !from.bold {
		b.WriteString("*")
	}
	if to.code && from != to {
		b.WriteString("`")
	}
}
