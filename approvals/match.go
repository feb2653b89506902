package approvals

import (
	"slices"
	"strings"
	"unicode"

	"github.com/usherbot/usher/catalog"
)

// MatchItems finds the resources that are meant by a word: the one with that number; else those with
// exactly that name, address or label; else those of which it is a part; else those that a page is of.
// A number and a name that contradict each other mean both resources.
func MatchItems(all []catalog.Item, typed string) []catalog.Item { return nameItem(all, typed).Items }

// byName finds the resources that are meant by a name or an address, in any reading of its dashes, and whether it
// is exactly theirs.
func byName(all []catalog.Item, typed string) (found []catalog.Item, exact bool) {
	var want, host []string
	for _, reading := range Readings(typed) {
		if n, h := FoldName(reading), FoldHost(reading); n != "" && h != "" {
			want, host = append(want, n), append(host, h)
		}
	}
	if found = ItemsThat(all, func(s catalog.Item) bool {
		return slices.Contains(want, FoldName(s.Name)) || slices.Contains(host, FoldHost(s.Host)) || slices.Contains(want, FoldName(s.Label()))
	}); len(found) > 0 {
		return found, true
	}
	if found = ItemsThat(all, func(s catalog.Item) bool {
		return slices.ContainsFunc(want, partOf(FoldName(s.Name))) || slices.ContainsFunc(host, partOf(FoldHost(s.Host)))
	}); len(found) > 0 {
		return found, false
	}
	for _, page := range host {
		for _, s := range holding(all, page) {
			if !slices.ContainsFunc(found, func(o catalog.Item) bool { return o.ID == s.ID }) {
				found = append(found, s)
			}
		}
	}
	return found, false
}

func partOf(whole string) func(string) bool {
	return func(part string) bool { return strings.Contains(whole, part) }
}

// holding finds the resources that a page belongs to, given its address as FoldHost leaves it: those with
// the longest address on the way to it.
func holding(all []catalog.Item, page string) []catalog.Item {
	page, _, _ = strings.Cut(page, "#")
	page, _, _ = strings.Cut(page, "?")
	for page = strings.TrimRight(page, "/."); page != ""; page = strings.TrimRight(page[:max(strings.LastIndexAny(page, "/:"), 0)], "/.") {
		if found := ItemsThat(all, func(s catalog.Item) bool { return FoldHost(s.Host) == page }); len(found) > 0 {
			return found
		}
	}
	return nil
}

// ItemsThat are those that keep says yes to.
func ItemsThat(all []catalog.Item, keep func(catalog.Item) bool) []catalog.Item {
	var out []catalog.Item
	for _, s := range all {
		if keep(s) {
			out = append(out, s)
		}
	}
	return out
}

// FoldName is the form in which names are compared: the same mending as for what is typed.
func FoldName(s string) string {
	s = strings.Map(func(r rune) rune {
		if Unseen(r) {
			return -1
		}
		return Mend(r)
	}, s)
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(s, `"`, "'")), " "))
}

// FoldHost is the form in which addresses are compared: without scheme, www. and a slash at the end, and in the
// letters that its host stands for.
func FoldHost(s string) string {
	s = FoldName(s)
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	return strings.TrimRight(readableIn(strings.TrimPrefix(s, "www.")), "/.")
}

// Mend is the plain twin of a rune that phones and word processors put in its place.
func Mend(r rune) rune {
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

// Unseen reports whether a rune leaves no trace on the screen: control characters, marks of writing
// direction, zero-width spaces. Joiners stay, because emoji and some scripts are spelled with them.
func Unseen(r rune) bool {
	switch {
	case r == '\u200C' || r == '\u200D':
		return false
	case unicode.IsSpace(r):
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Noncharacter_Code_Point, r)
}
