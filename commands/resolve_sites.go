package commands

import (
	"slices"
	"strconv"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// shown is how many candidates an answer names.
const shown = 10

// sites finds the websites a command names, for somebody who may see them. The first that is unknown or could
// be several stops it, and nothing is asked.
func (h *House) sites(app approvals.App, all []approvals.Site, c share) ([]approvals.Site, error) {
	var out []approvals.Site
	named := approvals.NameSites(all, c.sites)
	c.sites = nil
	for _, n := range named {
		c.sites = append(c.sites, n.Typed)
	}
	for i, n := range named {
		switch {
		case len(n.Sites) == 0:
			h.Inventory.Renew(app.ID, approvals.Sites) // it may be younger than the list: whoever tries again is told anew
			return nil, &stop{unknownSite(app, all, c, i)}
		case !n.One():
			return nil, &stop{severalSites(n, c, i)}
		case !slices.ContainsFunc(out, func(s approvals.Site) bool { return s.ID == n.Sites[0].ID }):
			out = append(out, n.Sites[0])
		}
	}
	return out, nil
}

// severalSites lists the candidates for a name that several websites could mean.
func severalSites(n approvals.Named, c share, i int) Reply {
	found := n.Sites
	reply := Reply{Head: approvals.Sayf("“%v” could be any of %v websites, so nothing was sent. Please say which, by number:", short(n.Typed), len(found))}
	if n.Clash && len(found) == 1 {
		reply.Head = approvals.Sayf("“%v” has the number of one website and the name of another, so nothing was sent. Which one do you mean? That number is:", short(n.Typed))
	}
	for _, s := range found[:min(len(found), shown)] {
		reply.Lines = append(reply.Lines, siteLine(s))
	}
	if more := len(found) - shown; more > 0 {
		reply.Lines = append(reply.Lines, approvals.Sayf("and %v more; more of the name narrows it down.", more))
	}
	if len(found) > 3 {
		reply.Examples = []string{c.naming(i, "<number>")}
		return reply
	}
	for _, s := range found {
		reply.Examples = append(reply.Examples, c.naming(i, strconv.FormatInt(s.ID, 10)))
	}
	return reply
}

// unknownSite answers a name that no website has, with the nearest that exist.
func unknownSite(app approvals.App, all []approvals.Site, c share, i int) Reply {
	typed := c.sites[i]
	near := nearSites(all, typed)
	if len(near) == 0 {
		reply := Reply{Head: approvals.Sayf("%v has no website “%v” among its %v, so nothing was sent.", app.Name, short(typed), len(all))}
		if words := strings.Fields(typed); len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool { return len(approvals.MatchSites(all, w)) != 1 }) {
			reply.Lines = []approvals.Text{approvals.Sayf("If that's several websites, put commas between them:")}
			reply.Examples = []string{strings.Replace(c.Typed(), quoted(typed), strings.Join(words, ","), 1)}
			return reply
		}
		reply.Lines = []approvals.Text{approvals.Sayf("Part of its name or address is enough. Admins and approvers can look it up with `/access sites`.")}
		if len(strings.Fields(typed)) > 1 {
			reply.Lines = append(reply.Lines, approvals.Sayf("Put commas or line breaks between several websites."))
		}
		return reply
	}
	reply := Reply{Head: approvals.Sayf("%v has no website “%v”, so nothing was sent. Did you mean:", app.Name, short(typed))}
	for _, s := range near {
		reply.Lines = append(reply.Lines, siteLine(s))
	}
	reply.Examples = []string{c.naming(i, strconv.FormatInt(near[0].ID, 10))}
	return reply
}

// nearSites is up to five websites whose name or address is nearly what was typed, nearest first.
func nearSites(all []approvals.Site, typed string) []approvals.Site {
	want := approvals.FoldHost(typed)
	if len([]rune(want)) > 100 {
		return nil
	}
	limit := allowance(want)
	away := map[int64]int{}
	near := approvals.SitesThat(all, func(s approvals.Site) bool {
		away[s.ID] = siteDistance(s, want, limit)
		return away[s.ID] <= limit
	})
	slices.SortStableFunc(near, func(a, b approvals.Site) int { return away[a.ID] - away[b.ID] })
	return near[:min(len(near), 5)]
}

func siteDistance(s approvals.Site, want string, limit int) int {
	host := approvals.FoldHost(s.Host)
	first, _, _ := strings.Cut(host, ".")
	return min(distance(approvals.FoldName(s.Name), want, limit), distance(host, want, limit), distance(first, want, limit))
}

// siteLine is one website in a list.
func siteLine(s approvals.Site) approvals.Text {
	if s.Paused {
		return approvals.Sayf("%v · paused", s.Label())
	}
	return approvals.Sayf("%v", s.Label())
}
