package commands

import (
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

// wrong answers a value that is none of those known, with the nearest that is.
func (l *line) wrong(key string, known ...string) *Reply {
	v := l.options[key]
	if guess := nearest(v, known); guess != "" {
		fixed := l.with(key+"="+v, key+"="+guess)
		return correct(l.guide, fixed, approvals.Sayf("I don't know `%v=%v`. Did you mean `%v=%v`?", key, short(v), key, guess))
	}
	return l.unclear(key)
}

// unclear answers a value that cannot be read at all.
func (l *line) unclear(key string) *Reply {
	return correct(l.guide, "", approvals.Sayf("I cannot read `%v=%v`. %v", key, short(l.options[key]), valueText[key]))
}

func (l *line) readType(s *settings) *Reply {
	s.kind = approvals.SeatType(strings.ToLower(l.options["type"]))
	switch s.kind {
	case "", approvals.ClientSeat, approvals.UserSeat:
		return nil
	}
	return l.wrong("type", string(approvals.ClientSeat), string(approvals.UserSeat))
}

func (l *line) readLang(s *settings) *Reply {
	s.lang = strings.ToLower(l.options["lang"])
	if s.lang != "" && (len(s.lang) != 2 || strings.Trim(s.lang, "abcdefghijklmnopqrstuvwxyz") != "") {
		return l.unclear("lang")
	}
	return nil
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
	switch {
	case !has && !per:
		return nil
	case !per:
		return correct(l.guide, l.with("amount="+amount, "amount="+amount+" period=month"),
			approvals.Sayf("A limit needs its period too: `period=day`, `period=week` or `period=month`."))
	case !has:
		return correct(l.guide, l.with("period="+period, "amount=50 period="+period),
			approvals.Sayf("A period needs its amount too, a whole number in the account's currency."))
	}
	n, err := strconv.ParseUint(amount, 10, 31)
	if err != nil || n > 1_000_000_000 {
		return l.unclear("amount")
	}
	s.amount, s.period, s.hasLimit = int(n), strings.ToLower(period), true
	periods := []string{"day", "week", "month"}
	if !slices.Contains(periods, s.period) {
		return l.wrong("period", periods...)
	}
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
