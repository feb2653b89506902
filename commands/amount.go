package commands

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// most is the highest amount that can be asked for.
const most = 1_000_000_000

var (
	figures = regexp.MustCompile(`^[^0-9]*([0-9][0-9.,]*)([kKmM]?)[^0-9]*$`)
	grouped = regexp.MustCompile(`^[0-9]{1,3}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+)$`)
)

// unread is the place for an amount of which nothing can be read: no number is made up.
const unread = "<number>"

// whole is the whole number nearest to what was typed for an amount, without its sign and currency; of nothing, a sample.
func whole(typed, sample string) string {
	if typed == "" {
		return sample
	}
	m := figures.FindStringSubmatch(strings.Map(func(r rune) rune {
		if r == '_' || mend(r) == '\'' || unicode.IsSpace(r) {
			return -1 // they part thousands and nothing else
		}
		return r
	}, typed))
	if m == nil {
		return unread
	}
	n, err := strconv.ParseFloat(figure(m[1]), 64)
	n *= map[string]float64{"k": 1e3, "m": 1e6, "": 1}[strings.ToLower(m[2])]
	if err != nil || n > most {
		return unread
	}
	return strconv.FormatFloat(math.Round(n), 'f', -1, 64)
}

// figure is a number with a dot before its fraction, and none between thousands. Money has no fraction of three
// figures, so behind a dot or a comma these are thousands.
func figure(s string) string {
	s = strings.TrimRight(s, ".,")
	plain := strings.NewReplacer(".", "", ",", "")
	last := strings.LastIndexAny(s, ".,")
	if last < 0 || grouped.MatchString(s) {
		return plain.Replace(s)
	}
	if whole := s[:last]; strings.ContainsAny(whole, ".,") && !grouped.MatchString(whole) {
		return "" // no number that anybody writes
	}
	return plain.Replace(s[:last]) + "." + s[last+1:]
}
