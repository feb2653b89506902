package commands

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// parts are the words for each person. Where names go with an address, whatever stands between two belongs to the one
// before it, or where the line begins with a name, to the one behind it. So it is with resources where each has some of
// its own. Else the addresses stand side by side, and what else there is goes for each.
func (l *line) parts(words []word, at []int) (parts [][]word, answer *Reply) {
	first, last := at[0], at[len(at)-1]
	switch {
	case !l.guide.action.Named:
		if parts = l.owned(words, at); parts != nil {
			return parts, nil
		}
		var common []word
		for i, w := range words {
			switch {
			case slices.Contains(at, i) || parting(w) && i > first && i < last:
			case i > first && i < last:
				return nil, l.sideBySide(words, at)
			default:
				common = append(common, w)
			}
		}
		for _, i := range at {
			parts = append(parts, append([]word{unparted(words[i])}, common...))
		}
	case first == 0:
		for n, i := range at {
			end := len(words)
			if n+1 < len(at) {
				end = at[n+1]
			}
			parts = append(parts, tidyPart(words[i:end]))
		}
		if slices.ContainsFunc(parts, broken) {
			return nil, l.sideBySide(words, at)
		}
	default:
		begin := 0
		for _, i := range at {
			parts = append(parts, tidyPart(words[begin:i+1]))
			begin = i + 1
		}
		if rest := tidyPart(words[begin:]); len(rest) > 0 || slices.ContainsFunc(parts, broken) {
			return nil, l.sideBySide(words, at)
		}
	}
	return parts, nil
}

// owned are the words for each account where every one has resources of its own, all of them behind their addresses or all
// before them; nil: it is not so.
func (l *line) owned(words []word, at []int) (parts [][]word) {
	if !l.guide.bare() {
		return nil
	}
	behind, before := at[0] == 0, at[len(at)-1] == len(words)-1
	bounds := append(slices.Clone(at), len(words))
	if !behind {
		bounds = []int{0}
		for _, i := range at {
			bounds = append(bounds, i+1)
		}
	}
	if !behind && !before {
		return nil
	}
	for n := range at {
		part := tidyPart(words[bounds[n]:bounds[n+1]])
		if len(part) < 2 {
			return nil
		}
		parts = append(parts, part)
	}
	return parts
}

// broken reports whether there is a comma within what belongs to one person: the name behind it may be somebody else's.
func broken(part []word) bool {
	return slices.ContainsFunc(part, func(w word) bool {
		return slices.ContainsFunc(w, func(p piece) bool { return !p.quoted && strings.ContainsAny(p.text, ",;") })
	})
}

// tidyPart is a part of a line without what only parts it from the next.
func tidyPart(words []word) (out []word) {
	for len(words) > 0 && parting(words[0]) {
		words = words[1:]
	}
	for len(words) > 0 && parting(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	for i, w := range words {
		if i == len(words)-1 || looksLikeEmail(w.String()) {
			w = unparted(w)
		}
		out = append(out, w)
	}
	return out
}

// unparted is a word without the comma or semicolon behind it.
func unparted(w word) word {
	if len(w) == 0 {
		return w
	}
	w = slices.Clone(w)
	end := &w[len(w)-1]
	if !end.quoted {
		end.text, end.raw = strings.TrimRight(end.text, ",;"), strings.TrimRight(end.raw, ",;")
	}
	return w
}

// sideBySide answers a line in which it isn't clear what goes with whom.
func (l *line) sideBySide(words []word, at []int) *Reply {
	head := approvals.Sayf("I see %v people here, and I can't tell which words belong to which. Put them side by side, with commas, and what's for all of them behind that. Nothing was sent.", len(at))
	if l.guide.action.Named {
		head = approvals.Sayf("I see %v people here, and I can't tell whose name is whose. Put each name right behind its address. Nothing was sent.", len(at))
	}
	something := approvals.Sayf("Something else for each of them? Ask in a line for each.")
	if f, bare := l.guide.action.Bare(); bare {
		something = approvals.Sayf("Other %v for each of them? Put those right behind each address.", f.Noun.Many)
	}
	var lines []string
	for _, i := range at[:min(len(at), 3)] {
		lines = append(lines, l.of(unparted(words[i]).String(), nil))
	}
	reply := choose(l.guide, lines, head)
	reply.Lines = []approvals.Text{something}
	return reply
}
