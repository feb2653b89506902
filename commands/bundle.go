package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// A bundle is asked for by its name: a request for each of its items, put on the table together, decided as one and set up
// one after another.

// bundle asks for all that is in a bundle.
type bundle struct {
	of    approvals.Bundle
	whom  whom
	first string
	last  string
	long  lasting
	// reason is that of all its items.
	reason string
	together
}

// bundleGuide is the help of bundles, with those that there are.
func (s speech) bundleGuide() guide {
	g := guide{name: "bundle", usage: "NAME EMAIL FIRST [LAST] because …", because: true, options: []string{"for", "until"},
		does: "asks for everything in a bundle: approved as one, set up one thing after another"}
	for _, b := range s.bundles {
		g.notes = append(g.notes, approvals.Sayf("• `%v` · %v", b.ID, s.contents(b)))
		if len(g.examples) < 2 {
			g.examples = append(g.examples, command("bundle", b.ID, "jane@acme.example", "Jane Doe", "because she starts on Monday"))
		}
	}
	if len(s.bundles) == 0 {
		g.notes = append(g.notes, approvals.Sayf("No bundle is set up yet. An admin adds one under `bundles` in usher.yml. Seats and the like can be asked for one by one."))
		g.examples = []string{command("request")}
	}
	g.notes = append(g.notes, approvals.Sayf("Only for a time? `for=30d` counts from when each thing is set up, `until=2026-12-31` is the last day."))
	return g
}

// contents says what is in a bundle, with what each item does.
func (s speech) contents(b approvals.Bundle) approvals.Text {
	return approvals.Sayf("“%v”: %v", b.Name, approvals.Join(s.does(b), ", then "))
}

// does says what each item of a bundle does.
func (s speech) does(b approvals.Bundle) (all []approvals.Text) {
	for _, i := range b.Items {
		a, ok := s.appByID(i.App)
		form, has := a.Entry.Action(i.Action)
		if !ok || !has {
			continue
		}
		what := approvals.Sayf("%v in %v", or(strings.ToLower(form.Label), string(form.Key)), a.Name)
		var of []approvals.Text
		for _, f := range form.Fields {
			if v, ok := i.Values.Get(f.Key); ok {
				of = append(of, approvals.Sayf("%v %v", strings.ToLower(f.Label), strings.Join(append(wordsOf(f, i.Values.IDs(f.Key)), v.Typed...), ", ")))
			}
		}
		if len(of) > 0 {
			what = approvals.Sayf("%v (%v)", what, approvals.Join(of, ", "))
		}
		all = append(all, what)
	}
	return all
}

// wordsOf are choices by what they're called.
func wordsOf(f catalog.Field, ids []string) (words []string) {
	for _, i := range f.ItemsOf(ids) {
		words = append(words, or(i.Name, i.ID))
	}
	return words
}

func (s speech) appByID(id string) (approvals.App, bool) {
	i := slices.IndexFunc(s.apps, func(a approvals.App) bool { return a.ID == id })
	if i < 0 {
		return approvals.App{}, false
	}
	return s.apps[i], true
}

// bundle reads NAME EMAIL FIRST [LAST].
func (l *line) bundle() (Command, *Reply) {
	of, answer := l.whichBundle()
	if answer != nil {
		return nil, answer
	}
	rest := *l
	rest.words = l.words[1:]
	if _, at := rest.severalAt(); len(at) > 1 {
		return nil, correct(l.guide, "", approvals.Sayf("A bundle is for one person. Please ask in a line for each. Nothing was sent."))
	}
	who, names, answer := rest.whom()
	switch {
	case answer != nil && who.nobody:
		answer.Examples = []string{command("bundle", of.ID, "<e-mail>", "<first name>", "<last name>", because(l.reason))}
		return nil, l.undecidedBundle(of, rest.words).lacking(answer)
	case answer != nil:
		return nil, answer
	}
	c := bundle{of: of, whom: who, reason: l.reason}
	if c.long, answer = l.lasts(); answer != nil {
		return nil, answer
	}
	if answer := l.bundleNames(&c, names); answer != nil {
		return nil, answer
	}
	if answer := l.why(c.asked()); answer != nil {
		if blank(l.reason) {
			answer = c.lacking(answer)
		}
		return nil, answer
	}
	c.together = l.itemsOf(c)
	return c, nil
}

// whichBundle finds the bundle that was named, by its id or its full name in quotes.
func (l *line) whichBundle() (approvals.Bundle, *Reply) {
	all := l.speech.bundles
	var ids []string
	var lines []approvals.Text
	for _, b := range all {
		ids = append(ids, b.ID)
		lines = append(lines, approvals.Sayf("• `%v` · %v", b.ID, l.speech.contents(b)))
	}
	switch {
	case len(all) == 0:
		return approvals.Bundle{}, &Reply{Head: approvals.Sayf("No bundle is set up yet, so nothing was sent. An admin adds one under `bundles` in usher.yml."), Examples: []string{"/access help"}}
	case len(l.words) == 0 || looksLikeEmail(l.words[0].String()):
		fixed := command("bundle", ids[0], or(write(l.words), "<e-mail> <first name> <last name>"), l.optionsTyped(), because(l.reason))
		answer := &Reply{Head: approvals.Sayf("Which bundle? Its name goes right after `bundle`. Nothing was sent."), Lines: lines, Examples: []string{fixed}}
		return approvals.Bundle{}, l.unnamedBundle().lacking(answer)
	}
	typed := l.words[0].String()
	i := slices.IndexFunc(all, func(b approvals.Bundle) bool {
		return strings.EqualFold(b.ID, typed) || strings.EqualFold(b.Name, typed)
	})
	if i >= 0 {
		return all[i], nil
	}
	reply := &Reply{Head: approvals.Sayf("I don't know the bundle “%v”, so nothing was sent. There's:", short(typed)), Lines: lines, Examples: l.guide.examples[:1]}
	if guess := nearest(strings.ToLower(typed), ids); guess != "" {
		reply.Head = approvals.Sayf("I don't know the bundle “%v”. Did you mean `%v`? Nothing was sent.", short(typed), guess)
		reply.Examples = []string{command("bundle", guess, write(l.words[1:]), l.optionsTyped(), because(l.reason))}
	}
	return approvals.Bundle{}, reply
}

// bundleNames reads the names of whom it is for, which a new account takes.
func (l *line) bundleNames(c *bundle, rest []word) *Reply {
	names, _ := l.names(rest)
	if len(names) > 0 {
		c.first, c.last = names[0], strings.Join(names[1:], " ")
	}
	for _, i := range c.of.Items {
		a, _ := l.speech.appByID(i.App)
		if form, _ := a.Entry.Action(i.Action); form.Named && c.first == "" {
			return c.lacking(correct(l.guide, command("bundle", c.of.ID, c.whom.typed(), "<first name> <last name>", c.long.typed(), because(l.reason)),
				approvals.Sayf("What's the person's first name? It goes right after the address; the last name can follow.")))
		}
	}
	for _, name := range []string{c.first, c.last} {
		if n := len([]rune(name)); n > nameLimit {
			return correct(l.guide, command("bundle", c.of.ID, c.whom.typed(), "<first name> <last name>", c.long.typed(), because(l.reason)),
				approvals.Sayf("The name “%v” has %v characters, and only %v fit. Please shorten it.", short(name), n, nameLimit))
		}
	}
	return nil
}

// itemsOf is what a bundle asks, item by item.
func (l *line) itemsOf(c bundle) together {
	t := together{of: c.of}
	for _, i := range c.of.Items {
		a, _ := l.speech.appByID(i.App)
		form, _ := a.Entry.Action(i.Action)
		one := asking{app: a, named: a.ID, action: form, whom: c.whom, values: i.Values, reason: c.reason}
		if form.Named {
			one.first, one.last = c.first, c.last
		}
		if form.Undo != "" {
			one.long = c.long
		}
		if maker := slices.IndexFunc(t.each, func(o asking) bool { return o.action.New && o.app.ID == a.ID }); !form.New && maker >= 0 {
			one.needs = maker + 1
		}
		t.each = append(t.each, one)
	}
	return t
}

// Typed implements Command.
func (c bundle) Typed() string {
	if len(c.each) == 0 {
		return c.asked()
	}
	return c.asked() + " " + because(c.each[0].reason)
}

func (c bundle) asked() string {
	return command("bundle", c.of.ID, c.whom.typed(), quoted(c.first), c.last, c.long.typed())
}

func (c bundle) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	reply, not, err := h.putAll(ctx, call, c.together, now)
	if err == nil && len(not) > 0 {
		return c.refused(not), nil
	}
	return reply, err
}

// refused says what stands against some of its items. Nothing of it is asked then.
func (c bundle) refused(not map[int]approvals.Text) Reply {
	reply := Reply{Head: approvals.Sayf("Nothing was sent: “%v” goes together, and %v of its %v can't be asked for.", c.of.Name, len(not), plural(len(c.each), "thing", "things"))}
	for _, say := range c.against(not) {
		reply.Lines = append(reply.Lines, approvals.Sayf("• %v", say))
	}
	reply.Lines = append(reply.Lines, approvals.Sayf("You can ask for the rest by itself; `/access help` shows how."))
	return reply
}

// wishAfter asks for something of an account that another item of the bundle is to make.
func (c asking) wishAfter(ctx context.Context, h *House, sees bool) (wish, error) {
	m := target{}
	var err error
	if m.app, err = h.appOf(c); err != nil {
		return wish{}, err
	}
	if m.email, m.left, err = h.email(ctx, c.whom, sees, newEmail); err != nil {
		return wish{}, err
	}
	m.lists = h.Inventory.Remembered(m.app.ID, c.matter()...)
	w := m.wish(c)
	if m.left {
		return w, gone(c.whom)
	}
	if err := c.settle(&w, ""); err != nil {
		return w, err
	}
	if sees {
		if err := c.resolve(h, &w, m.lists); err != nil {
			return w, err
		}
	}
	w.look = nil
	if w.change.Values.Typed() {
		w.look = &approvals.Look{Owed: true}
	}
	return w, nil
}

// bundleOnTheTable says of a bundle that was just asked who decides and what happens next.
func bundleOnTheTable(list []approvals.Request, notes []approvals.Text) Reply {
	for i, r := range list {
		list[i] = r.Heard()
	}
	first := list[0]
	reply := Reply{Head: approvals.Sayf("“%v” for %v sent: *#%v*.", first.Together.Name, first.Change.Whom(), first.Number)}
	if n := len(list); n > 1 {
		reply.Head = approvals.Sayf("“%v” for %v sent: %v requests, *#%v* to *#%v*. They're on one card and approved as one.", first.Together.Name, first.Change.Whom(), n, first.Number, list[n-1].Number)
	}
	reply.Lines = eachOnTheTable(list, notes, "")
	by := slices.ContainsFunc(list, func(r approvals.Request) bool { return r.State != approvals.Pending && r.Rule.Auto })
	next := approvals.Sayf("Once all of it's approved I'll set it up, one thing after another, and message you about each.")
	if by && !slices.ContainsFunc(list, func(r approvals.Request) bool { return r.State == approvals.Pending }) {
		next = approvals.Sayf("I'm setting it up now, one thing after another, and I'll message you about each.")
	}
	reply.Lines = append(reply.Lines, next, approvals.Sayf("Changed your mind? `/access cancel %v` takes all of it back.", first.Number))
	return reply
}
