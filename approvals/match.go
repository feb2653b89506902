package approvals

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

var labelNumber = regexp.MustCompile(`\(#(\d+)\)$`)

// MatchSites finds the websites that are meant by a word: the one with that number; else those with
// exactly that name, address or label; else those of which it is a part; else those that a page is of.
func MatchSites(all []Site, typed string) []Site {
	if m := labelNumber.FindStringSubmatch(typed); m != nil {
		typed = "#" + m[1]
	}
	if id, err := strconv.ParseInt(strings.TrimPrefix(typed, "#"), 10, 64); err == nil {
		found := SitesThat(all, func(s Site) bool { return s.ID == id })
		if len(found) > 0 || strings.HasPrefix(typed, "#") {
			return found
		}
	}
	want, host := FoldName(typed), FoldHost(typed)
	if want == "" || host == "" {
		return nil
	}
	exact := SitesThat(all, func(s Site) bool {
		return FoldName(s.Name) == want || FoldHost(s.Host) == host || FoldName(s.Label()) == want
	})
	if len(exact) > 0 {
		return exact
	}
	if part := SitesThat(all, func(s Site) bool {
		return strings.Contains(FoldName(s.Name), want) || strings.Contains(FoldHost(s.Host), host)
	}); len(part) > 0 {
		return part
	}
	return holding(all, host)
}

// holding finds the websites that a page belongs to, given its address as FoldHost leaves it: those with
// the longest address on the way to it.
func holding(all []Site, page string) []Site {
	page, _, _ = strings.Cut(page, "#")
	page, _, _ = strings.Cut(page, "?")
	for page = strings.TrimRight(page, "/."); page != ""; page = strings.TrimRight(page[:max(strings.LastIndexAny(page, "/:"), 0)], "/.") {
		if found := SitesThat(all, func(s Site) bool { return FoldHost(s.Host) == page }); len(found) > 0 {
			return found
		}
	}
	return nil
}

// SitesThat are those that keep says yes to.
func SitesThat(all []Site, keep func(Site) bool) []Site {
	var out []Site
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

// FoldHost is the form in which addresses are compared: without scheme, www. and a slash at the end.
func FoldHost(s string) string {
	s = FoldName(s)
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	return strings.TrimRight(strings.TrimPrefix(s, "www."), "/.")
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
