package config

import (
	"fmt"
	"strings"
	"unicode"
)

// wrapping is what stands around a secret and is not part of it: what an env file or a copied line leaves there.
type wrapping struct {
	quotes, ends, spaces, unseen bool
}

// bare takes a value out of its wrapping.
func bare(raw string) (s string, w wrapping) {
	return strings.TrimFunc(raw, func(c rune) bool {
		switch {
		case strings.ContainsRune("\"'`“”„‟‘’‚‛«»‹›″′", c):
			w.quotes = true
		case c == '\n' || c == '\r' || c == '\u2028' || c == '\u2029' || c == '\u0085':
			w.ends = true
		case unicode.IsSpace(c):
			w.spaces = true
		case !unicode.IsGraphic(c):
			w.unseen = true
		default:
			return false
		}
		return true
	}), w
}

// words names what was found: "quotes and a line end".
func (w wrapping) words() string {
	var found []string
	for _, part := range []struct {
		is    bool
		words string
	}{{w.quotes, "quotes"}, {w.spaces, "spaces"}, {w.ends, "a line end"}, {w.unseen, "invisible characters"}} {
		if part.is {
			found = append(found, part.words)
		}
	}
	last := len(found) - 1
	if last > 0 {
		return strings.Join(found[:last], ", ") + " and " + found[last]
	}
	return strings.Join(found, "")
}

// MendNote is what to do about a note.
const MendNote = "take it out where it's set"

// unwrap is a variable's value, or that of its file, out of its wrapping, and as what problems speak of it. Spaces and line
// ends are what a file read into a variable leaves there: they are left out, and note says so. Quotes belong to no key: whoever
// wrote them meant the file's syntax, so they are a problem. None shows the value.
func unwrap(lookup Lookup, name string) (s, called, note, problem string) {
	f, problem := find(lookup, name)
	if problem != "" {
		return "", f.called, "", problem
	}
	s, w := bare(f.raw)
	switch {
	case s == "", w == wrapping{}:
		return s, f.called, "", ""
	case w.quotes:
		return "", f.called, "", fmt.Sprintf("%s begins or ends with %s; expected the bare value (docker --env-file, for one, keeps quotes as part of it)", f.called, w.words())
	}
	return s, f.called, fmt.Sprintf("%s begins or ends with %s, which Usher leaves out", f.called, w.words()), ""
}
