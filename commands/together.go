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
	if a.Named {
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
		if same := cmd.(asking); !slices.ContainsFunc(c.each, func(o asking) bool { return o.whom.same(same.whom) }) {
			c.each = append(c.each, same)
		}
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

// same reports whether two are surely the same.
func (w whom) same(o whom) bool {
	return w.person == o.person && approvals.FoldEmail(w.email) == approvals.FoldEmail(o.email)
}

// parts are the words for each person. Where names go with an address, whatever stands between two belongs to the one
// before it, or where the line begins with a name, to the one behind it. Else the addresses stand side by side, and
// what else there is goes for each.
func (l *line) parts(words []word, at []int) (parts [][]word, answer *Reply) {
	first, last := at[0], at[len(at)-1]
	switch {
	case !l.guide.action.Named:
		var common []word
		for i, w := range words {
			switch {
			case slices.Contains(at, i) || parting(w) && i > first && i < last:
			case i > first && i < last:
				return nil, l.sideBySide(words, at)
			default:
				common = append(common, w)
			}
		}
		for _, i := range at {
			parts = append(parts, append([]word{unparted(words[i])}, common...))
		}
	case first == 0:
		for n, i := range at {
			end := len(words)
			if n+1 < len(at) {
				end = at[n+1]
			}
			parts = append(parts, tidyPart(words[i:end]))
		}
		if slices.ContainsFunc(parts, broken) {
			return nil, l.sideBySide(words, at)
		}
	default:
		begin := 0
		for _, i := range at {
			parts = append(parts, tidyPart(words[begin:i+1]))
			begin = i + 1
		}
		if rest := tidyPart(words[begin:]); len(rest) > 0 || slices.ContainsFunc(parts, broken) {
			return nil, l.sideBySide(words, at)
		}
	}
	return parts, nil
}

// broken reports whether there is a comma within what belongs to one person: the name behind it may be somebody else's.
func broken(part []word) bool {
	return slices.ContainsFunc(part, func(w word) bool {
		return slices.ContainsFunc(w, func(p piece) bool { return !p.quoted && strings.ContainsAny(p.text, ",;") })
	})
}

// tidyPart is a part of a line without what only parts it from the next.
func tidyPart(words []word) (out []word) {
	for len(words) > 0 && parting(words[0]) {
		words = words[1:]
	}
	for len(words) > 0 && parting(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	for i, w := range words {
		if i == len(words)-1 || looksLikeEmail(w.String()) {
			w = unparted(w)
		}
		out = append(out, w)
	}
	return out
}

// unparted is a word without the comma or semicolon behind it.
func unparted(w word) word {
	if len(w) == 0 {
		return w
	}
	w = slices.Clone(w)
	end := &w[len(w)-1]
	if !end.quoted {
		end.text, end.raw = strings.TrimRight(end.text, ",;"), strings.TrimRight(end.raw, ",;")
	}
	return w
}

// sideBySide answers a line in which it isn't clear what goes with whom.
func (l *line) sideBySide(words []word, at []int) *Reply {
	head := approvals.Sayf("I see %v people here, and I can't tell which words belong to which. Put them side by side, with commas, and what's for all of them behind that. Nothing was sent.", len(at))
	if l.guide.action.Named {
		head = approvals.Sayf("I see %v people here, and I can't tell whose name is whose. Put each name right behind its address. Nothing was sent.", len(at))
	}
	var lines []string
	for _, i := range at[:min(len(at), 3)] {
		lines = append(lines, l.of(unparted(words[i]).String(), nil))
	}
	reply := choose(l.guide, lines, head)
	reply.Lines = []approvals.Text{approvals.Sayf("Something else for each of them? Ask in a line for each.")}
	return reply
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
	first := c.each[0]
	var people []string
	for _, one := range c.each {
		who := one.whom.typed()
		if one.action.Named {
			who = strings.TrimSpace(strings.Join([]string{who, quoted(one.first), one.last}, " "))
		}
		people = append(people, who)
	}
	if first.action.Named {
		return command(first.verb(), strings.Join(people, ", "), typedValues(first.named, first.action, first.values), first.long.typed())
	}
	first.whom = whom{email: strings.Join(people, ",")}
	return first.asked()
}

func (c together) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	return h.askAll(ctx, call, c, now)
}
