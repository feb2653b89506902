package commands

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/usherbot/usher/approvals"
)

var (
	scheme   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)
	linkMark = regexp.MustCompile(`\x{FDD2}([^|\x{FDD3}]*)\|([^\x{FDD3}]*)\x{FDD3}`)
)

// link is what a link of Slack's says. A label that is where it leads, as Slack makes of what somebody typed, is
// that; any other is kept beside it, so that nobody is shown the one and led to the other.
func link(target, label string) string {
	switch {
	case label == "":
		return leads(target)
	case sameLink(target, label):
		return label
	}
	return string(linkOpen) + target + "|" + label + string(linkClose)
}

// leads is where a link leads, as people write it: an address without "mailto:" and what is to stand in the letter.
func leads(target string) string {
	switch head, rest, _ := strings.Cut(target, ":"); strings.ToLower(head) {
	case "mailto":
		address, _, _ := strings.Cut(rest, "?")
		return address
	case "tel":
		return rest
	}
	return target
}

// sameLink reports whether a label says where its link leads, letter by letter.
func sameLink(target, label string) bool {
	where := leads(target)
	if strings.HasPrefix(strings.ToLower(target), "tel:") {
		return digits(where) == digits(label) && strings.Trim(label, "+0123456789-–/.() \u00a0") == ""
	}
	bare := func(s string) string {
		return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://"), "/")
	}
	return leads(label) == where || !strings.Contains(where, "@") && bare(label) == bare(where)
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// linked is a labelled link as part of a word. Of an address it is the address that counts; of everything else
// the label, in which there may be spaces.
func linked(inner string) piece {
	target, label, _ := strings.Cut(strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, inner), "|")
	where := leads(target)
	if strings.HasPrefix(strings.ToLower(target), "mailto:") {
		p := piece{text: strings.Map(mend, where), raw: strings.Map(mendButDashes, where)}
		if strings.Contains(label, "@") && approvals.FoldEmail(label) != approvals.FoldEmail(where) {
			p.also = label
		}
		return p
	}
	label = strings.Join(strings.Fields(label), " ")
	p := piece{text: strings.Map(mend, label), raw: strings.Map(mendButDashes, label), quoted: strings.Contains(label, " ")}
	if approvals.FoldHost(label) != approvals.FoldHost(where) {
		p.also = where
	}
	return p
}

// twoFaced asks about a word that shows one thing and leads to another; nil where it does not.
func (l *line) twoFaced(w word) *Reply {
	i := slices.IndexFunc(w, func(p piece) bool { return p.also != "" })
	if i < 0 {
		return nil
	}
	shown, leads := w[i].text, w[i].also
	if looksLikeEmail(shown) && looksLikeEmail(leads) {
		shown, leads = leads, shown
	}
	was := write([]word{{w[i]}})
	lines := []string{l.with(was, quotedName(shown))}
	if looksLikeEmail(leads) == looksLikeEmail(shown) {
		lines = []string{l.with(was, quotedName(leads)), lines[0]}
	}
	return choose(l.guide, lines, approvals.Sayf("That link shows “%v” but leads to %v. Which one do you mean?", short(shown), approvals.Typed(short(leads))))
}

// quotedName is an address or a resource as one would type it.
func quotedName(s string) string {
	if looksLikeEmail(s) {
		return s
	}
	return quoted(s)
}
