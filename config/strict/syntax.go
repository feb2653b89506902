package strict

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// syntax reports what the parser found, in words for who doesn't know YAML where the line shows what is wrong with it.
func (r *Reading) syntax(err error) {
	at, say := Position{1, 1}, err.Error()
	if e, ok := errors.AsType[yaml.Error](err); ok {
		say = e.GetMessage()
		if t := e.GetToken(); t != nil {
			at = tokenPlace(t)
		}
	}
	say, _, _ = strings.Cut(say, "\n")
	if strings.Contains(say, "not allowed in this context") || strings.Contains(say, "cannot start any token") || strings.Contains(say, "reserved character") {
		if where, likely := r.likely(at); likely != "" {
			r.Wrong(where, "not readable as YAML: %s", likely)
			return
		}
	}
	r.Wrong(at, "not readable as YAML: %s; expected `key: value` lines, indented with spaces", say)
}

// likely is what is probably wrong at or around a line that the parser refused, and where; "": nothing shows.
func (r *Reading) likely(at Position) (Position, string) {
	if before, _, tab := strings.Cut(r.line(at.Line), "\t"); tab && strings.TrimSpace(before) == "" {
		return at, "a tab; expected spaces, which alone can indent a line"
	}
	if line, quote := r.open(at.Line); line > 0 {
		return r.valueAt(line), "the quote " + quote + " that begins here isn't closed in its line; close it, or leave it out"
	}
	value := r.value(at.Line)
	switch first := value[:min(len(value), 1)]; {
	case first == "":
	case strings.Contains("\"'", first):
		return at, "the text goes on behind the quote that closes it; put all of it in quotes"
	case strings.Contains("{[@`%", first):
		return r.valueAt(at.Line), "text that begins with " + first + " has a meaning of its own; put all of it in quotes"
	case strings.Contains(value, ": ") || strings.HasSuffix(value, ":"):
		return r.valueAt(at.Line), "a colon within text; put all of the text in quotes"
	}
	if where, say := r.deeper(at.Line); say != "" {
		return where, say
	}
	if where, say := r.astray(at); say != "" {
		return where, say
	}
	return r.deeper(at.Line + 1)
}

// deeper says of a line that it is indented like what belongs to the one above, to which nothing can.
func (r *Reading) deeper(n int) (Position, string) {
	if r.value(r.above(n)) == "" || r.indent(n) <= r.indent(r.above(n)) {
		return Position{}, ""
	}
	return Position{n, r.indent(n) + 1}, "this line is indented further than the one above, which has its value already; indent both the same"
}

// astray says of a line that is indented like none which it could go on from.
func (r *Reading) astray(at Position) (Position, string) {
	here, up := r.indent(at.Line), r.above(at.Line)
	if here > r.indent(up) && r.value(up) == "" { // it is the first of what that line begins
		return at, ""
	}
	last, fits := here+1, []string{}
	for n := r.above(at.Line); n > 0; n = r.above(n) {
		switch depth := r.indent(n); {
		case depth >= last && len(fits) > 0: // what it began has ended before
		case depth == here:
			return at, ""
		default:
			last, fits = depth, append(fits, strconv.Itoa(depth))
		}
	}
	if len(fits) == 0 {
		return at, ""
	}
	return Position{at.Line, here + 1}, fmt.Sprintf("this line is indented by %d, like none above it that it could go on from; expected %s", here, Among(fits))
}

// above is the line before one that has something in it; 0: none.
func (r *Reading) above(n int) int {
	for n--; n > 0; n-- {
		if s := strings.TrimSpace(r.line(n)); s != "" && s[0] != '#' {
			return n
		}
	}
	return 0
}

// indent is how far a line is indented; where it begins an item of a list, its first key.
func (r *Reading) indent(n int) int {
	line := r.line(n)
	return len(line) - len(strings.TrimLeft(line, " -"))
}

// value is what stands behind the first key of a line, or behind the dash where there is no key.
func (r *Reading) value(n int) string {
	line := strings.TrimLeft(r.line(n), " -")
	if before, behind, ok := strings.Cut(line+" ", ": "); ok && !strings.ContainsAny(before, "\"'{[#") {
		line = behind
	} else if strings.HasPrefix(line, "#") {
		return ""
	}
	return strings.TrimSpace(line)
}

// valueAt is where that stands.
func (r *Reading) valueAt(n int) Position {
	before, _, _ := strings.Cut(r.line(n), r.value(n))
	return Position{n, len([]rune(before)) + 1}
}

// open is the nearest line above the one at which the parser stumbled over a quote, or that one itself, whose text begins
// with such a quote and isn't closed there; 0: none.
func (r *Reading) open(n int) (line int, quote string) {
	for _, quote := range []string{`"`, "'"} {
		if !strings.Contains(r.line(n), quote) {
			continue
		}
		for m := r.above(n); m > 0; m = r.above(m) {
			if v := r.value(m); strings.HasPrefix(v, quote) && strings.Count(v, quote)%2 == 1 {
				return m, quote
			} else if strings.Contains(v, quote) {
				break
			}
		}
	}
	return 0, ""
}
