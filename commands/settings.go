package commands

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// settings are the options once their values are understood.
type settings struct {
	app       string
	kind      approvals.SeatType // "" when not mentioned
	lang      string
	access    []string
	hasAccess bool
	amount    int
	period    string
	hasLimit  bool
}

// settings checks the values that need no looking up.
func (l *line) settings() (settings, *Reply) {
	s := settings{app: l.options["app"]}
	for _, read := range []func(*settings) *Reply{l.readType, l.readLang, l.readAccess, l.readLimit} {
		if answer := read(&s); answer != nil {
			return s, answer
		}
	}
	return s, nil
}

// wrong answers a value that is none of those known, with the nearest that is. fixed is as for unclear.
func (l *line) wrong(key string, known []string, fixed ...string) *Reply {
	v := l.options[key]
	guess := nearest(v, known)
	if guess == "" {
		return l.unclear(key, fixed...)
	}
	if fixed == nil {
		fixed = []string{l.instead(key, key+"="+guess)}
	}
	return choose(l.guide, fixed, approvals.Sayf("I don't know `%v=%v`. Did you mean `%v=%v`?", key, short(v), key, guess))
}

// unclear answers a value that cannot be read at all. fixed is the line mended; without it, the line
// with each of the option's samples.
func (l *line) unclear(key string, fixed ...string) *Reply {
	if fixed == nil {
		fixed = l.mended(key)
	}
	return choose(l.guide, fixed, approvals.Sayf("I can't read `%v=%v`. %v", key, short(l.options[key]), valueText[key]))
}

func (l *line) readType(s *settings) *Reply {
	s.kind = approvals.SeatType(strings.ToLower(l.options["type"]))
	switch s.kind {
	case "", approvals.ClientSeat, approvals.UserSeat:
		return nil
	}
	return l.wrong("type", []string{string(approvals.ClientSeat), string(approvals.UserSeat)})
}

func (l *line) readLang(s *settings) *Reply {
	s.lang = strings.ToLower(l.options["lang"])
	if s.lang != "" && (len(s.lang) != 2 || strings.Trim(s.lang, "abcdefghijklmnopqrstuvwxyz") != "") {
		return l.unclear("lang", l.instead("lang", "lang="+language(s.lang)))
	}
	return nil
}

// languages are the names people give to what the vendor knows by two letters.
var languages = map[string]string{
	"english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es", "español": "es", "italian": "it", "italiano": "it",
	"portuguese": "pt", "dutch": "nl", "polish": "pl", "russian": "ru", "ukrainian": "uk", "turkish": "tr", "swedish": "sv", "japanese": "ja", "chinese": "zh",
}

// language is the two letters that were most likely meant: of "English", of "en-GB", else English.
func language(typed string) string {
	if code := languages[within(typed, slices.Sorted(maps.Keys(languages)))]; code != "" {
		return code
	}
	head, _, _ := strings.Cut(strings.ReplaceAll(typed, "_", "-"), "-")
	if len(head) == 2 && strings.Trim(head, "abcdefghijklmnopqrstuvwxyz") == "" {
		return head
	}
	return samples["lang"][0]
}

func (l *line) readAccess(s *settings) *Reply {
	v, ok := l.options["access"]
	if !ok {
		return nil
	}
	s.hasAccess = true
	s.access = strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
	switch {
	case len(s.access) == 1 && strings.EqualFold(s.access[0], "none"):
		s.access = nil
	case len(s.access) == 0 || len(s.access) > 100:
		return l.unclear("access")
	}
	return nil
}

func (l *line) readLimit(s *settings) *Reply {
	amount, has := l.options["amount"]
	period, per := l.options["period"]
	s.period = strings.ToLower(period)
	periods := []string{"day", "week", "month"}
	fixed := l.limited(whole(amount), or(nearest(period, periods), samples["period"][0]))
	n, err := strconv.ParseUint(amount, 10, 31)
	switch {
	case !has && !per:
		return nil
	case !per:
		return correct(l.guide, fixed, approvals.Sayf("A limit needs its period too: `period=day`, `period=week` or `period=month`."))
	case !has:
		return correct(l.guide, fixed, approvals.Sayf("A period needs its amount too, a whole number in the account's currency."))
	case err != nil || n > most:
		return l.unclear("amount", fixed)
	case !slices.Contains(periods, s.period):
		return l.wrong("period", periods, fixed)
	}
	s.amount, s.hasLimit = int(n), true
	return nil
}

// typed writes the settings, in one order.
func (s settings) typed() string {
	var out []string
	put := func(has bool, key, value string) {
		if has {
			out = append(out, key+"="+quotedValue(value))
		}
	}
	put(s.app != "", "app", s.app)
	put(s.kind != "", "type", string(s.kind))
	put(s.lang != "", "lang", s.lang)
	put(s.hasAccess, "access", or(strings.Join(s.access, ","), "none"))
	put(s.hasLimit, "amount", strconv.Itoa(s.amount))
	put(s.hasLimit, "period", s.period)
	return strings.Join(out, " ")
}
