package commands

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// listGuide is the help of the list of an app's resources.
func listGuide(a approvals.App, r catalog.Resource) guide {
	g := guide{name: r.Verb, usage: or(r.Guide.Usage, "[WORDS]"), does: r.Guide.Does, of: approvers, options: []string{"app"}, examples: r.Guide.Examples, app: a, resource: &r}
	if g.does == "" {
		g.does = "shows the " + r.Noun.Many + " and their numbers, or the ones with all those words (admins and approvers)"
	}
	if len(g.examples) == 0 {
		g.examples = []string{command(r.Verb)}
	}
	return g
}

// list lists the resources of an app.
type list struct {
	verb  string
	words []string
	named string
	app   approvals.App
}

func (l *line) list() (Command, *Reply) {
	c := list{verb: l.guide.name, named: l.options["app"], app: l.guide.app}
	for _, w := range l.words {
		if s := w.String(); !blank(s) {
			c.words = append(c.words, s)
		}
	}
	return c, nil
}

// Keeps implements Command.
func (c list) Keeps() bool { return false }

// Typed implements Command.
func (c list) Typed() string {
	parts := []string{c.verb}
	for _, w := range c.words {
		parts = append(parts, quoted(w))
	}
	return command(append(parts, appTyped(c.named))...)
}

// appTyped is the option that names an app; "" where none is named.
func appTyped(app string) string { return typedValues(app, catalog.Action{}, nil) }

func (c list) run(ctx context.Context, h *House, call Call, _ time.Time) (Reply, error) {
	app := c.app
	if c.named != "" {
		var err error
		if app, err = h.app(c.named, c); err != nil {
			return Reply{}, h.readable(ctx, call, c, err)
		}
	}
	resource, ok := listedAs(app, c.verb)
	if err := h.readable(ctx, call, c, nil); err != nil {
		return Reply{}, err
	}
	if !ok {
		return Reply{}, approvals.Refuse(approvals.NotFound, "%v has no such list.", app.Name)
	}
	all, err := h.Inventory.Items(ctx, app.ID, resource.Key)
	if err != nil {
		return Reply{}, unshown(app, err)
	}
	return c.reply(app, resource.Noun, all), nil
}

// readable refuses to show the list to who may not read it, and says what else is wrong to everybody else.
func (h *House) readable(ctx context.Context, call Call, c list, wrong error) error {
	noun := "things"
	if r, ok := listedAs(c.app, c.verb); ok {
		noun = r.Noun.Many
	}
	if err := h.reader(ctx, call.User, "the list of "+noun); err != nil {
		return err
	}
	return wrong
}

// listedAs is the resource that a verb lists.
func listedAs(a approvals.App, verb string) (catalog.Resource, bool) {
	if a.Entry != nil {
		for _, r := range a.Entry.Resources {
			if r.Verb == verb {
				return r, true
			}
		}
	}
	return catalog.Resource{}, false
}

func (c list) reply(app approvals.App, noun catalog.Noun, all approvals.ItemList) Reply {
	if len(c.words) == 0 {
		return Reply{Head: approvals.Sayf("*%v* · %v · read %v", app.Name, noun.Count(len(all.Items)), all.At), Lines: itemLines(all.Items)}
	}
	words := strings.Join(c.words, " ")
	if found := approvals.ItemsThat(all.Items, c.has); len(found) > 0 {
		return Reply{Head: approvals.Sayf("*%v* · %v of %v with “%v” · read %v", app.Name, len(found), noun.Count(len(all.Items)), short(words), all.At), Lines: itemLines(found)}
	}
	if near := nearItems(all.Items, words); len(near) > 0 {
		return Reply{Head: approvals.Sayf("None of the %v %v has “%v”. Did you mean:", len(all.Items), noun.Many, short(words)), Lines: itemLines(near)}
	}
	return Reply{Head: approvals.Sayf("None of the %v %v has “%v”.", len(all.Items), noun.Many, short(words)), Examples: []string{command(c.verb)}}
}

// has reports whether a resource has all the words, in its name, address or number.
func (c list) has(i catalog.Item) bool {
	for _, w := range c.words {
		if !strings.Contains(approvals.FoldName(i.Label()), approvals.FoldHost(w)) && !strings.Contains(approvals.FoldName(i.Label()), approvals.FoldName(w)) {
			return false
		}
	}
	return true
}

func itemLines(list []catalog.Item) []approvals.Text {
	var out []approvals.Text
	for _, i := range list {
		out = append(out, itemLine(i))
	}
	return out
}
