package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// together asks for the same action for several people in one line: a request for each, all or none.
type together struct {
	each []asking
	// of is the bundle that they are; its zero value: none.
	of approvals.Bundle
}

// severalNote says in help how to ask for several people.
func severalNote(a catalog.Action) approvals.Text {
	f, bare := a.Bare()
	switch {
	case bare:
		return approvals.Sayf("Several accounts in one go? Put their addresses side by side, with commas, or each with its own %v behind it: up to %v, on one card, decided together or one by one.", f.Noun.Many, approvals.MostTogether)
	case a.Named:
		return approvals.Sayf("Several people in one go? Put each address with its names, with commas between people: up to %v, on one card, decided together or one by one.", approvals.MostTogether)
	}
	return approvals.Sayf("Several people in one go? Put their addresses side by side, with commas: up to %v, on one card, decided together or one by one.", approvals.MostTogether)
}

// severalAt are where in a line addresses or people stand, when what stands together between commas is taken apart;
// words are the line's then.
func (l *line) severalAt() (words []word, at []int) {
	for i, w := range l.words {
		if !looksLikeEmail(w.String()) || !w.bare() && i != 0 {
			words = append(words, w)
			continue
		}
		for _, one := range apart(w) {
			if looksLikeEmail(one.String()) {
				at = append(at, len(words))
			}
			words = append(words, one)
		}
	}
	return words, at
}

// apart are the addresses and people that stand in one word, between commas or semicolons: "a@x.example,b@x.example".
func apart(w word) (out []word) {
	if len(w) != 1 || w[0].quoted || w[0].also != "" {
		return []word{w}
	}
	cut := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' })
	}
	texts, raws := cut(w[0].text), cut(w[0].raw)
	if len(texts) < 2 || len(texts) != len(raws) || slices.ContainsFunc(texts, func(s string) bool { return !looksLikeEmail(s) }) {
		return []word{w}
	}
	for i, text := range texts {
		out = append(out, word{{text: text, raw: raws[i], line: w[0].line && i == 0}})
	}
	return out
}

// parting reports whether a word only stands between two of a list.
func parting(w word) bool {
	return w.bare() && slices.Contains([]string{",", ";", "and", "&", "+"}, strings.ToLower(w.String()))
}

// together reads a line in which there are several addresses or people.
func (l *line) together(words []word, at []int) (Command, *Reply) {
	if len(at) > approvals.MostTogether {
		return nil, &Reply{Head: approvals.Sayf("I see %v people, and I take %v in one go. Nothing was sent.", len(at), approvals.MostTogether),
			Lines: []approvals.Text{approvals.Sayf("Please ask for the others in a line of their own.")}}
	}
	for _, i := range at {
		if answer := l.twoFaced(words[i]); answer != nil {
			return nil, answer
		}
	}
	parts, answer := l.parts(words, at)
	if answer != nil {
		return nil, answer
	}
	c := together{}
	for i, part := range parts {
		one := *l
		one.words, one.all = part, part
		one.reason = or(l.reason, "x") // that it is missing is said of all at once
		cmd, answer := one.asking()
		if answer != nil {
			return nil, ofOne(words[at[i]].String(), answer)
		}
		c.add(cmd.(asking))
	}
	if answer := l.why(c.asked()); answer != nil {
		for i := range c.each {
			c.each[i].reason = l.reason
		}
		if d := c.drafted(); d != nil && blank(l.reason) {
			d.Missing, answer.Form, answer.Missing = answer.Head, d, true
		}
		return nil, answer
	}
	for i := range c.each {
		c.each[i].reason = l.reason
	}
	if len(c.each) == 1 {
		return c.each[0], nil
	}
	return c, nil
}

// add takes one more, unless it is there already.
func (c *together) add(one asking) {
	f, _ := one.action.Bare()
	if !slices.ContainsFunc(c.each, func(o asking) bool { return o.whom.same(one.whom) && slices.Equal(o.names(f), one.names(f)) }) {
		c.each = append(c.each, one)
	}
}

// names are the resources of a field as they were named.
func (c asking) names(f catalog.Field) []string {
	v, _ := c.values.Get(f.Key)
	return v.Typed
}

// own is the field of the resources that stand behind the addresses; false: they are the same for all.
func (c together) own() (f catalog.Field, differ bool) {
	f, bare := c.each[0].action.Bare()
	return f, bare && slices.ContainsFunc(c.each, func(o asking) bool { return !slices.Equal(o.names(f), c.each[0].names(f)) })
}

// same reports whether two are surely the same.
func (w whom) same(o whom) bool {
	return w.person == o.person && approvals.FoldEmail(w.email) == approvals.FoldEmail(o.email)
}

// ofOne is an answer about one of several people.
func ofOne(typed string, answer *Reply) *Reply {
	if id, label, ok := mention(typed); ok {
		typed = whom{person: id, label: label}.typed()
	}
	return &Reply{
		Head:  approvals.Sayf("%v: %v", short(strings.TrimRight(typed, ",;")), answer.Head),
		Lines: append(slices.Clone(answer.Lines), approvals.Sayf("Nothing was sent for the others either: I ask for all of them or none. For this one alone it goes like this:")), Examples: answer.Examples,
	}
}

// Keeps implements Command: whatever it asks is kept.
func (c together) Keeps() bool { return true }

// Typed implements Command.
func (c together) Typed() string { return c.asked() + " " + because(c.each[0].reason) }

// asked is the command without its reason.
func (c together) asked() string {
	first, people := c.each[0], []string(nil)
	f, own := c.own()
	for _, one := range c.each {
		who := one.whom.typed()
		switch {
		case one.action.Named:
			who = strings.TrimSpace(strings.Join([]string{who, quoted(one.first), one.last}, " "))
		case own:
			who += " " + joined(one.names(f))
		}
		people = append(people, who)
	}
	if first.action.Named || own {
		return command(first.verb(), strings.Join(people, ", "), typedValues(first.named, first.action, first.values), first.long.typed())
	}
	first.whom = whom{email: strings.Join(people, ",")}
	return first.asked()
}

func (c together) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	return h.askAll(ctx, call, c, now)
}
