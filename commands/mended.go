package commands

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/catalog"
)

// What somebody wrote is offered back to them in one piece, mended where it went wrong: nobody should
// have to write it anew.

// samples are values of an option that stand for themselves in a line to copy. The app is best left out.
func (l *line) samples(key string) []string {
	if l.guide.action == nil {
		return nil
	}
	f, ok := l.guide.action.Field(key)
	switch {
	case !ok:
		return nil
	case len(f.Samples) == 0:
		return []string{sampleOf(f)}
	}
	return f.Samples
}

// written is the line in one order: words, then its options as f writes them, then the reason.
func (l *line) written(f func(pair) string) string {
	parts := []string{l.guide.name, write(l.words)}
	for _, p := range l.pairs {
		parts = append(parts, f(p))
	}
	if l.guide.because {
		parts = append(parts, because(l.reason))
	}
	return command(parts...)
}

// instead is the line with another option in the place of one; "" leaves it out.
func (l *line) instead(key, option string) string {
	return l.written(func(p pair) string {
		if p.key == key {
			return option
		}
		return p.String()
	})
}

// mended is the line once for each sample of an option's value; where the option had nothing, and is
// there again, for what it has there.
func (l *line) mended(key string) []string {
	if l.options[key] == "" {
		if lines := l.oneOf(key); lines != nil {
			return lines
		}
	}
	var lines []string
	for _, v := range l.samples(key) {
		lines = append(lines, l.instead(key, pair{key, v}.String()))
	}
	if lines == nil {
		lines = []string{l.instead(key, "")}
	}
	return lines
}

// oneOf is the line once for each value of an option that is there several times.
func (l *line) oneOf(key string) []string {
	var lines []string
	for _, kept := range l.pairs {
		if kept.key != key || kept.value == "" {
			continue
		}
		there := false
		fixed := l.written(func(p pair) string {
			if p.key == key && (p != kept || there) {
				return ""
			}
			there = there || p.key == key
			return p.String()
		})
		if !slices.Contains(lines, fixed) {
			lines = append(lines, fixed)
		}
	}
	return lines
}

// reasonLast is the line with what stands from an option called "reason" on as its reason.
func (l *line) reasonLast(key string) string {
	if l.because {
		m := *l
		for _, p := range l.pairs {
			if p.key == key {
				m.reason = p.value + ": " + m.reason
			}
		}
		return m.instead(key, "")
	}
	for i, w := range l.all {
		name, value, ok := strings.Cut(w.String(), "=")
		if ok && strings.EqualFold(strings.TrimLeft(name, "-"), key) {
			return command(l.guide.name, write(l.all[:i]), because(strings.TrimSpace(value+" "+write(l.all[i+1:]))))
		}
	}
	return ""
}

// optionsTyped writes the options as they were understood, in one order.
func (l *line) optionsTyped() string {
	var out []string
	for _, k := range l.guide.options {
		if v, ok := l.options[k]; ok {
			out = append(out, k+"="+quotedValue(v))
		}
	}
	return strings.Join(out, " ")
}

// limited is the line with this amount and what it is for, in the place of what was typed of these.
func (l *line) limited(f, per catalog.Field, amount, period string) string {
	limit := f.Key + "=" + amount + " " + per.Key + "=" + period
	return l.written(func(p pair) string {
		if p.key != f.Key && p.key != per.Key {
			return p.String()
		}
		defer func() { limit = "" }()
		return limit
	})
}

// of is the line about one address, with the other words where the verb has a use for any and a place for
// them where it needs some; "" where nothing but the verb was typed.
func (l *line) of(address string, others []word) string {
	if len(l.all) == 0 {
		return ""
	}
	rest := ""
	if a := l.guide.action; a != nil {
		rest = l.restOf(*a, others)
	}
	m := *l
	m.words = []word{{{text: address}}}
	if rest != "" {
		m.words = append(m.words, word{{text: rest}})
	}
	return m.written(pair.String)
}

// restOf is what stands behind the address of an action.
func (l *line) restOf(a catalog.Action, others []word) string {
	bare, has := a.Bare()
	switch {
	case a.Named:
		return or(write(others), "<first name>")
	case has:
		return or(write(others), or(bare.Place, "<"+bare.Noun.One+">"))
	case a.Effect != catalog.Changes || len(a.Fields) == 0:
		return ""
	}
	for _, f := range a.Fields {
		if l.options[f.Key] != "" {
			return ""
		}
	}
	list := listOf(a)
	return list.Key + "=" + or(strings.Join(shaped(others), ","), sampleOf(list))
}

// with is the line as it was typed, but for one stretch of it; "" where that stretch is not found.
func (l *line) with(wrong, right string) string {
	was := write(l.all)
	if !strings.Contains(was, wrong) {
		return ""
	}
	fixed := strings.Replace(was, wrong, right, 1)
	if !l.guide.because {
		return command(l.guide.name, fixed)
	}
	return command(l.guide.name, fixed, because(l.reason))
}
