package commands

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// shown is how many candidates an answer names.
const shown = 10

// naming is a list of resources in a command, as far as it is known what they are.
type naming struct {
	c     asking
	field catalog.Field
	noun  catalog.Noun
	typed []string
}

// with is the command with the i-th of them named otherwise.
func (n naming) with(i int, name string) string { return n.c.naming(n.field, n.typed, i, name) }

// resolve finds the resources that a wish names, for somebody who may see them, where the lists are good. The first
// that is unknown or could be several stops it, and nothing is asked.
func (c asking) resolve(h *House, w *wish, lists approvals.Remembered) error {
	for _, f := range c.action.Resources() {
		value, has := w.change.Values.Get(f.Key)
		list := lists.Items[f.Resource]
		if !has || !list.Good {
			continue
		}
		resource, _ := w.app.Entry.Resource(f.Resource)
		items, err := h.items(w.app, list.Items, naming{c, f, resource.Noun, nil}, value.Typed)
		if err != nil {
			return at(PlaceOf(f.Key), err)
		}
		w.change.Values = w.change.Values.With(catalog.Value{Key: f.Key, Items: items})
	}
	return nil
}

func (h *House) items(app approvals.App, all []catalog.Item, n naming, typed []string) (out []catalog.Item, err error) {
	named := n.c.means(all, typed)
	for _, one := range named {
		n.typed = append(n.typed, one.Typed)
	}
	for i, one := range named {
		switch {
		case len(one.Items) == 0:
			h.Inventory.Renew(app.ID, approvals.List(n.field.Resource)) // it may be younger than the list: whoever tries again is told anew
			return nil, placed{error: &stop{unknownItem(app, all, n, i)}, at: PlaceOf(n.field.Key),
				inForm: approvals.Sayf("%v has no %v “%v” any more. Please take it out.", app.Name, n.noun.One, short(one.Typed))}
		case !one.One():
			return nil, &stop{severalItems(one, n, i)}
		case !slices.ContainsFunc(out, func(o catalog.Item) bool { return o.ID == one.Items[0].ID }):
			out = append(out, one.Items[0])
		}
	}
	return out, nil
}

// means finds which resources the words of a command mean. One that was picked is the one of that id, whatever else is
// called so.
func (c asking) means(all []catalog.Item, typed []string) (out []approvals.Named) {
	if !c.picked {
		return approvals.NameItems(all, typed)
	}
	for _, t := range typed {
		if found := approvals.ItemsThat(all, func(i catalog.Item) bool { return i.ID == t }); len(found) == 1 {
			out = append(out, approvals.Named{Typed: t, Items: found})
			continue
		}
		out = append(out, approvals.NameItems(all, []string{t})...)
	}
	return out
}

// severalItems lists the candidates for a name that several resources could mean.
func severalItems(n approvals.Named, in naming, i int) Reply {
	found := n.Items
	reply := Reply{Head: approvals.Sayf("“%v” could be any of %v, so nothing was sent. Please say which, by number:", short(n.Typed), in.noun.Count(len(found)))}
	if n.Clash && len(found) == 1 {
		reply.Head = approvals.Sayf("“%v” has the number of one %v and the name of another, so nothing was sent. Which one do you mean? That number is:", short(n.Typed), in.noun.One)
	}
	for _, s := range found[:min(len(found), shown)] {
		reply.Lines = append(reply.Lines, itemLine(s))
	}
	if more := len(found) - shown; more > 0 {
		reply.Lines = append(reply.Lines, approvals.Sayf("and %v more; more of the name narrows it down.", more))
	}
	if len(found) > 3 {
		reply.Examples = []string{in.with(i, "<number>")}
		return reply
	}
	for _, s := range found {
		reply.Examples = append(reply.Examples, in.with(i, s.ID))
	}
	return reply
}

// unknownItem answers a name that no resource has, with the nearest that exist.
func unknownItem(app approvals.App, all []catalog.Item, n naming, i int) Reply {
	typed := n.typed[i]
	near := nearItems(all, typed)
	if len(near) == 0 {
		reply := Reply{Head: approvals.Sayf("%v has no %v “%v” among its %v, so nothing was sent.", app.Name, n.noun.One, short(typed), len(all))}
		if words := strings.Fields(typed); len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool { return len(approvals.MatchItems(all, w)) != 1 }) {
			reply.Lines = []approvals.Text{approvals.Sayf("If that's several %v, put commas between them:", n.noun.Many)}
			reply.Examples = []string{strings.Replace(n.c.with(catalog.Value{Key: n.field.Key, Typed: n.typed}), quoted(typed), strings.Join(words, ","), 1)}
			return reply
		}
		if resource, _ := app.Entry.Resource(n.field.Resource); resource.Verb != "" {
			reply.Lines = []approvals.Text{approvals.Sayf("Part of its name or address is enough. Admins and approvers can look it up with `/access %v`.", resource.Verb)}
		}
		if len(strings.Fields(typed)) > 1 {
			reply.Lines = append(reply.Lines, approvals.Sayf("Put commas or line breaks between several %v.", n.noun.Many))
		}
		return reply
	}
	reply := Reply{Head: approvals.Sayf("%v has no %v “%v”, so nothing was sent. Did you mean:", app.Name, n.noun.One, short(typed))}
	for _, s := range near {
		reply.Lines = append(reply.Lines, itemLine(s))
	}
	reply.Examples = []string{n.with(i, near[0].ID)}
	return reply
}

// nearItems is up to five resources whose name or address is nearly what was typed, nearest first.
func nearItems(all []catalog.Item, typed string) []catalog.Item {
	want := approvals.FoldHost(typed)
	if len([]rune(want)) > 100 {
		return nil
	}
	limit := allowance(want)
	away := map[string]int{}
	near := approvals.ItemsThat(all, func(s catalog.Item) bool {
		away[s.ID] = itemDistance(s, want, limit)
		return away[s.ID] <= limit
	})
	slices.SortStableFunc(near, func(a, b catalog.Item) int { return away[a.ID] - away[b.ID] })
	return near[:min(len(near), 5)]
}

func itemDistance(s catalog.Item, want string, limit int) int {
	host := approvals.FoldHost(s.Host)
	first, _, _ := strings.Cut(host, ".")
	return min(distance(approvals.FoldName(s.Name), want, limit), distance(host, want, limit), distance(first, want, limit))
}

// itemLine is one resource in a list.
func itemLine(s catalog.Item) approvals.Text {
	if s.Paused {
		return approvals.Sayf("%v · paused", s.Label())
	}
	return approvals.Sayf("%v", s.Label())
}
