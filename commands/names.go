package commands

import (
	"slices"
	"strings"
	"unicode"
)

// names are the first name and what follows it, without what cannot be seen, the commas and semicolons between them
// and the full stop of a sentence. One comma turns a name around, as address books write it: "Ames, Ann". Not sure
// is what has several, unless the address has one too: then they part everything.
func (l *line) names(words []word) (names []string, sure bool) {
	parts := namesBetweenCommas(words)
	names = unended(slices.Concat(parts...))
	listed := slices.ContainsFunc(l.words, func(w word) bool { return looksLikeEmail(w.String()) && strings.HasSuffix(w.String(), ",") })
	switch {
	case len(parts) < 2 || listed || len(parts) == 2 && !slices.ContainsFunc(parts[1], func(s string) bool { return !abbreviated(s) }):
		return names, true
	case len(parts) == 2:
		return append([]string{strings.Join(unended(parts[1]), " ")}, unended(parts[0])...), true
	}
	return names, false
}

// namesBetweenCommas are the names that stand between commas outside quotes.
func namesBetweenCommas(words []word) [][]string {
	parts := [][]string{nil}
	for _, w := range words {
		now := ""
		flush := func() {
			if now = strings.Trim(now, ",; "); !blank(now) {
				parts[len(parts)-1] = append(parts[len(parts)-1], now)
			}
			now = ""
		}
		for _, p := range w {
			if p.quoted {
				now += p.text
				continue
			}
			for i, name := range strings.Split(p.text, ",") {
				if i > 0 {
					flush()
					parts = append(parts, nil)
				}
				now += name
			}
		}
		flush()
	}
	return slices.DeleteFunc(parts, func(p []string) bool { return len(p) == 0 })
}

// unended is names without the full stop that ends a sentence: "Doe." but "Jane D." and "Doe Jr.".
func unended(names []string) []string {
	for len(names) > 0 {
		last := &names[len(names)-1]
		if !abbreviated(*last) {
			*last = strings.TrimRight(*last, ".…!?:;, ")
		}
		if *last != "" {
			break
		}
		names = names[:len(names)-1]
	}
	return names
}

// abbreviations are what stands behind a name with a full stop of its own.
var abbreviations = []string{"jr", "sr", "ii", "iii", "iv", "dr", "st", "esq", "phd", "md", "msc", "bsc", "ba", "ma", "mba", "inc", "ltd", "co", "bros", "gmbh"}

func abbreviated(name string) bool {
	short := strings.ToLower(strings.TrimSuffix(name, "."))
	letters := strings.ReplaceAll(short, ".", "")
	return slices.Contains(abbreviations, letters) || len([]rune(letters)) == 1 && strings.ContainsFunc(letters, unicode.IsLetter) || strings.Contains(strings.Trim(short, "."), ".")
}
