package approvals

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/usherbot/usher/catalog"
)

// Named is one resource as somebody named it.
type Named struct {
	Typed string
	// Items are those that may be meant. Where there is exactly one and no Clash, it is.
	Items []catalog.Item
	// Clash says that two readings are there: a number of one resource with the name of another, or names with
	// "and" between them that are also part of one name.
	Clash bool
	// exact says that Typed is exactly their name, address or number.
	exact bool
}

// One reports whether it is clear which resource is meant.
func (n Named) One() bool { return len(n.Items) == 1 && !n.Clash }

var (
	// numbered are the forms with a number: "#39", "Acme – acme.example (#39)", "Acme #39", and what our lists add.
	numbered = regexp.MustCompile(`^(.*?)[ ]*\(?#(\d+)\)?(?: ·|,)?(?: paused)?$`)
	// leading is a number before the name: "#39 Acme".
	leading = regexp.MustCompile(`^#(\d+)[ :.–—-]+(\S.*)$`)
	joined  = regexp.MustCompile(`(?i) +(?:and|&|\+) +`)
)

// NameItems finds which resources a list of words means. What was cut at a comma that is part of a name is put
// together again; what "and" joins is taken apart where it is no name itself.
func NameItems(all []catalog.Item, words []string) []Named {
	var out []Named
	for len(words) > 0 {
		if n, took := uncut(all, words); took > 0 {
			out, words = append(out, n), words[took:]
			continue
		}
		out, words = append(out, several(all, words[0])...), words[1:]
	}
	return out
}

// uncut is one resource of our own lists in whose name there are commas, and how many words it was cut into; 0: none.
func uncut(all []catalog.Item, words []string) (Named, int) {
	const most = 5
	for n := 2; n <= min(most, len(words)); n++ {
		typed := strings.Join(words[:n], ", ")
		if m := numbered.FindStringSubmatch(typed); m != nil && strings.HasPrefix(typed[len(m[1]):], " (#") {
			name := loose(m[1])
			found := ItemsThat(withNumber(all, m[2]), func(s catalog.Item) bool {
				return strings.ContainsAny(s.Name, ",;") && (loose(s.Name) == name || loose(unnumbered(s)) == name)
			})
			if len(found) > 0 {
				return Named{Typed: typed, Items: found, exact: true}, n
			}
		}
	}
	return Named{}, 0
}

// loose is FoldName without regard to which mark parts a name, and what is around it.
func loose(s string) string {
	s = strings.ReplaceAll(FoldName(s), ";", ",")
	return strings.ReplaceAll(strings.ReplaceAll(s, " ,", ","), ", ", ",")
}

// several is what a word means that may be several names with "and" between them.
func several(all []catalog.Item, typed string) []Named {
	whole := nameItem(all, typed)
	parts := joined.Split(typed, -1)
	if whole.exact || whole.Clash || len(parts) < 2 {
		return []Named{whole}
	}
	var each []Named
	for _, p := range parts {
		n := nameItem(all, p)
		if len(n.Items) == 0 {
			return []Named{whole}
		}
		each = append(each, n)
	}
	if len(whole.Items) == 0 {
		return each
	}
	whole.Clash = true
	for _, n := range each {
		whole.add(n.Items...)
	}
	return []Named{whole}
}

func (n *Named) add(items ...catalog.Item) {
	n.Items = slices.Clone(n.Items)
	for _, s := range items {
		if !slices.ContainsFunc(n.Items, func(o catalog.Item) bool { return o.ID == s.ID }) {
			n.Items = append(n.Items, s)
		}
	}
}

// nameItem is what one word means.
func nameItem(all []catalog.Item, typed string) Named {
	n := Named{Typed: typed}
	name, number := parted(typed)
	its := withNumber(all, or(number, typed))
	if name != "" || len(its) == 0 {
		n.Items, n.exact = byName(all, typed)
	}
	switch {
	case n.exact || number == "" && len(its) == 0 || len(its) == 0 && name != "" && !strings.Contains(typed, "(#"):
		return n
	case len(its) == 0 || name == "":
		n.Items, n.exact = its, true
		return n
	}
	others, exact := byName(all, name)
	n.Items, n.exact = its, true
	if n.Clash = !called(its[0], name, others, exact) || strings.HasSuffix(typed, " paused") && !its[0].Paused; n.Clash {
		n.add(others...)
	}
	return n
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// parted are the name and the number that stand in one word; "" where there is no number that is marked as one.
func parted(typed string) (name, number string) {
	if m := numbered.FindStringSubmatch(typed); m != nil {
		return strings.TrimRight(m[1], " -–—…"), m[2]
	}
	if m := leading.FindStringSubmatch(typed); m != nil {
		return m[2], m[1]
	}
	return "", ""
}

func withNumber(all []catalog.Item, number string) []catalog.Item {
	if n, err := strconv.ParseInt(number, 10, 64); err == nil && n > 0 {
		number = strconv.FormatInt(n, 10) // whatever zeros stand before it
	}
	return ItemsThat(all, func(s catalog.Item) bool { return s.ID == number })
}

// called reports whether a name beside a resource's number is its own: those that bear the name are known, and
// whether it is exactly theirs.
func called(s catalog.Item, name string, bear []catalog.Item, exact bool) bool {
	for _, reading := range Readings(name) {
		own, read := FoldName(unnumbered(s)), FoldName(reading)
		if own == read || !exact && strings.Contains(own, read) {
			return true
		}
	}
	return slices.ContainsFunc(bear, func(o catalog.Item) bool { return o.ID == s.ID }) && (exact || len(bear) == 1)
}

// unnumbered is the label without its number.
func unnumbered(s catalog.Item) string {
	label, _ := strings.CutSuffix(strings.TrimSuffix(s.Label(), ")"), "#"+s.ID)
	return strings.TrimRight(label, " (")
}

// Doubt says what keeps a word from meaning one resource, as a sentence.
func (n Named) Doubt(app App, noun catalog.Noun) Text {
	switch {
	case len(n.Items) == 0:
		return Sayf("%v has no %v “%v”.", app.Name, noun.One, n.Typed)
	case n.Clash && len(n.Items) == 1:
		return Sayf("“%v” gives the number of %v but another name.", n.Typed, n.Items[0].Label())
	}
	return Sayf("“%v” could be any of %v: %v.", n.Typed, noun.Count(len(n.Items)), Labels(n.Items))
}
