package commands

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

var sitesGuide = guide{
	name: "sites", usage: "[WORDS]",
	of:       approvers,
	does:     "shows the websites and their numbers, or the ones with all those words (admins and approvers)",
	options:  []string{"app"},
	examples: []string{"/access sites", "/access sites acme uk"},
}

// sites lists websites.
type sites struct {
	words []string
	app   string
}

func (l *line) sites() (Command, *Reply) {
	c := sites{app: l.options["app"]}
	for _, w := range l.words {
		if s := w.String(); !blank(s) {
			c.words = append(c.words, s)
		}
	}
	return c, nil
}

func (c sites) Keeps() bool { return false }

func (c sites) Typed() string {
	parts := []string{"sites"}
	for _, w := range c.words {
		parts = append(parts, quoted(w))
	}
	return command(append(parts, settings{app: c.app}.typed())...)
}

func (c sites) run(ctx context.Context, h *House, call Call, _ time.Time) (Reply, error) {
	if err := h.reader(ctx, call.User, "the list of websites"); err != nil {
		return Reply{}, err
	}
	app, err := h.app(c.app, c)
	if err != nil {
		return Reply{}, err
	}
	list, err := h.Inventory.Sites(ctx, app.ID)
	if err != nil {
		return Reply{}, unshown(app, err)
	}
	if len(c.words) == 0 {
		return Reply{Head: approvals.Sayf("*%v* · %v · read %v", app.Name, plural(len(list.Sites), "website", "websites"), list.At), Lines: siteLines(list.Sites)}, nil
	}
	words := strings.Join(c.words, " ")
	found := approvals.SitesThat(list.Sites, c.has)
	if len(found) > 0 {
		return Reply{Head: approvals.Sayf("*%v* · %v of %v with “%v” · read %v", app.Name, len(found), plural(len(list.Sites), "website", "websites"), short(words), list.At), Lines: siteLines(found)}, nil
	}
	if near := nearSites(list.Sites, words); len(near) > 0 {
		return Reply{Head: approvals.Sayf("None of the %v websites has “%v”. Did you mean:", len(list.Sites), short(words)), Lines: siteLines(near)}, nil
	}
	return Reply{Head: approvals.Sayf("None of the %v websites has “%v”.", len(list.Sites), short(words)), Examples: []string{"/access sites"}}, nil
}

// has reports whether a website has all the words, in its name, address or number.
func (c sites) has(s approvals.Site) bool {
	for _, w := range c.words {
		if !strings.Contains(approvals.FoldName(s.Label()), approvals.FoldHost(w)) && !strings.Contains(approvals.FoldName(s.Label()), approvals.FoldName(w)) {
			return false
		}
	}
	return true
}

func siteLines(list []approvals.Site) []approvals.Text {
	var out []approvals.Text
	for _, s := range list {
		out = append(out, siteLine(s))
	}
	return out
}
