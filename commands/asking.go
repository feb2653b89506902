package commands

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// asking asks for an action of an app, whichever it is: what its entry in the catalog says of the action is all that is
// known of it here.
type asking struct {
	app    approvals.App
	named  string // the app as it was typed
	action catalog.Action
	whom   whom
	// first and last are the names of whom a new account is for.
	first, last string
	values      catalog.Values // as typed
	// long is for how long it is asked.
	long   lasting
	reason string
	// picked says that it comes from a form, where a resource that was picked is named by its id and by nothing else.
	picked bool
	// needs is the place, counted from 1, of the item of a bundle that makes the account it is about; 0: none does.
	needs int
}

// nameLimit is how many characters a first or last name may have.
const nameLimit = 50

func (l *line) asking() (Command, *Reply) {
	if words, at := l.severalAt(); len(at) > 1 {
		return l.together(words, at)
	}
	who, rest, answer := l.whom()
	if answer != nil && who.nobody {
		return nil, l.undecided().lacking(answer)
	}
	if answer != nil {
		return nil, answer
	}
	c := asking{app: l.guide.app, named: l.options["app"], action: *l.guide.action, whom: who, reason: l.reason}
	if c.values, answer = l.values(rest); answer != nil {
		return nil, answer
	}
	if c.long, answer = l.lasts(); answer != nil {
		return nil, answer
	}
	_, bare := c.action.Bare()
	switch {
	case c.action.Named:
		answer = l.namesOf(&c, rest)
	case !bare:
		answer = l.nothingElse(rest, c.changing(rest))
	}
	if answer == nil {
		answer = l.elsewhere(c)
	}
	if answer == nil {
		answer = l.complete(c)
	}
	if answer == nil {
		if answer = l.why(c.asked()); blank(l.reason) {
			answer = c.lacking(answer)
		}
	}
	if answer != nil {
		return nil, answer
	}
	return c, nil
}

// namesOf reads the names of whom a new account is for.
func (l *line) namesOf(c *asking, rest []word) *Reply {
	unnamed := func() string {
		return command(c.verb(), c.whom.typed(), "<first name> <last name>", typedValues(c.named, c.action, c.values), c.long.typed(), because(l.reason))
	}
	names, sure := l.names(rest)
	if len(names) == 0 {
		return c.lacking(correct(l.guide, unnamed(), approvals.Sayf("What's the person's first name? It goes right after the address; the last name can follow.")))
	}
	c.first, c.last = names[0], strings.Join(names[1:], " ")
	if !sure {
		other := *c
		other.first, other.last = names[1], strings.Join(append([]string{names[0]}, names[2:]...), " ")
		return choose(l.guide, []string{other.Typed(), c.Typed()}, approvals.Sayf("Which is the first name? “%v” can be read two ways.", short(write(rest))))
	}
	for _, name := range []string{c.first, c.last} {
		if n := len([]rune(name)); n > nameLimit {
			return correct(l.guide, unnamed(), approvals.Sayf("The name “%v” has %v characters, and only %v fit. Please shorten it.", short(name), n, nameLimit))
		}
	}
	return nil
}

// complete asks for what is required and missing, and for what is to change.
func (l *line) complete(c asking) *Reply {
	for _, f := range c.action.Fields {
		if !f.Required || c.values.Has(f.Key) || f.Default != "" || !c.action.Applies(f, c.values) {
			continue
		}
		fixed := c.placing(f)
		return c.lacking(correct(l.guide, fixed, missingOf(f)))
	}
	if c.action.Effect == catalog.Changes && len(c.values) == 0 {
		return c.lacking(correct(l.guide, c.changing(nil), approvals.Fill(approvals.SaysOf(c.action).Nothing, appName(c.app))))
	}
	return nil
}

// placing is the command with a place for a field that is missing, or with a sample of it.
func (c asking) placing(f catalog.Field) string {
	if f.Bare {
		return command(c.verb(), c.whom.typed(), or(f.Place, "<"+f.Noun.One+">"), typedValues(c.named, c.action, c.values), c.long.typed(), because(c.reason))
	}
	c.values = c.values.With(catalog.Value{Key: f.Key, Items: []catalog.Item{{ID: sampleOf(f)}}})
	return c.Typed()
}

// changing is the command with words that look like choices of its list as such, and with a sample where it
// would change nothing.
func (c asking) changing(words []word) string {
	if c.action.Effect != catalog.Changes || len(c.action.Fields) == 0 {
		return c.Typed()
	}
	f := listOf(c.action)
	ids := slices.Concat(c.values.IDs(f.Key), shaped(words))
	if len(ids) == 0 && len(c.values) == 0 {
		ids = strings.Split(sampleOf(f), ",")
	}
	if len(ids) > 0 {
		v := catalog.Value{Key: f.Key}
		for _, id := range ids {
			v.Items = append(v.Items, catalog.Item{ID: id})
		}
		c.values = c.values.With(v)
	}
	return c.Typed()
}

// listOf is the field of an action that takes several choices, or its first.
func listOf(a catalog.Action) catalog.Field {
	for _, f := range a.Fields {
		if f.Kind == catalog.SomeOf {
			return f
		}
	}
	return a.Fields[0]
}

var choiceShape = regexp.MustCompile(`^[a-z]+(_[a-z]+)+$`)

// shaped are the words that are spelled like choices of a list.
func shaped(words []word) []string {
	var ids []string
	for _, w := range words {
		for id := range strings.SplitSeq(w.String(), ",") {
			if id = strings.ToLower(strings.ReplaceAll(id, "-", "_")); choiceShape.MatchString(id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func (c asking) subject() (whom, string) { return c.whom, c.named }
func (c asking) verb() string            { return string(c.action.Key) }

// Keeps implements Command: whatever it asks is kept.
func (c asking) Keeps() bool { return true }

// Typed implements Command.
func (c asking) Typed() string { return c.asked() + " " + because(c.reason) }

// asked is the command without its reason.
func (c asking) asked() string {
	parts := []string{c.verb(), c.whom.typed()}
	if c.action.Named {
		last := c.last
		if slices.ContainsFunc(strings.Fields(last), func(part string) bool { return quoted(part) != part }) {
			last = quoted(last)
		}
		parts = append(parts, quoted(c.first), last)
	}
	if f, bare := c.action.Bare(); bare {
		parts = append(parts, joined(c.names(f)))
	}
	return command(append(parts, typedValues(c.named, c.action, c.values), c.long.typed())...)
}

// joined is a list of resources as it stands behind an address.
func joined(names []string) string {
	var all []string
	for _, s := range names {
		all = append(all, quoted(s))
	}
	return strings.Join(all, ",")
}

// with is the command with another value of a field.
func (c asking) with(v catalog.Value) string {
	c.values = c.values.With(v)
	return c.Typed()
}

// naming is the command with one resource of a field named otherwise.
func (c asking) naming(f catalog.Field, typed []string, i int, name string) string {
	typed = slices.Clone(typed)
	typed[i] = name
	return c.with(catalog.Value{Key: f.Key, Typed: typed})
}

func (c asking) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	return h.ask(ctx, call, c, now)
}
