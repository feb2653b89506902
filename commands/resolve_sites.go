package commands

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// shown is how many candidates an answer names.
const shown = 10

// sites finds the websites a command names. The first that is unknown or could be several stops it,
// and nothing is asked.
func (h *House) sites(ctx context.Context, app approvals.App, c share) ([]approvals.Site, error) {
	list, err := h.Inventory.Sites(ctx, app.ID)
	if err != nil {
		return nil, unread(app, err)
	}
	var out []approvals.Site
	for i, typed := range c.sites {
		switch found := match(list.Sites, typed); len(found) {
		case 0:
			return nil, &stop{unknownSite(app, list.Sites, c, i)}
		case 1:
			if !slices.ContainsFunc(out, func(s approvals.Site) bool { return s.ID == found[0].ID }) {
				out = append(out, found[0])
			}
		default:
			return nil, &stop{severalSites(found, c, i)}
		}
	}
	return out, nil
}

var labelNumber = regexp.MustCompile(`\(#(\d+)\)$`)

// match finds the websites that are meant by a word: the one with that number; else those with
// exactly that name, address or label; else those of which it is a part; else those that a page is of.
func match(all []approvals.Site, typed string) []approvals.Site {
	if m := labelNumber.FindStringSubmatch(typed); m != nil {
		typed = "#" + m[1]
	}
	if id, err := strconv.ParseInt(strings.TrimPrefix(typed, "#"), 10, 64); err == nil {
		found := filter(all, func(s approvals.Site) bool { return s.ID == id })
		if len(found) > 0 || strings.HasPrefix(typed, "#") {
			return found
		}
	}
	want, host := foldName(typed), foldHost(typed)
	if want == "" || host == "" {
		return nil
	}
	exact := filter(all, func(s approvals.Site) bool {
		return foldName(s.Name) == want || foldHost(s.Host) == host || foldName(s.Label()) == want
	})
	if len(exact) > 0 {
		return exact
	}
	if part := filter(all, func(s approvals.Site) bool {
		return strings.Contains(foldName(s.Name), want) || strings.Contains(foldHost(s.Host), host)
	}); len(part) > 0 {
		return part
	}
	return holding(all, host)
}

// holding finds the websites that a page belongs to, given its address as foldHost leaves it: those with
// the longest address on the way to it.
func holding(all []approvals.Site, page string) []approvals.Site {
	page, _, _ = strings.Cut(page, "#")
	page, _, _ = strings.Cut(page, "?")
	for page = strings.TrimRight(page, "/."); page != ""; page = strings.TrimRight(page[:max(strings.LastIndexAny(page, "/:"), 0)], "/.") {
		if found := filter(all, func(s approvals.Site) bool { return foldHost(s.Host) == page }); len(found) > 0 {
			return found
		}
	}
	return nil
}

func filter(all []approvals.Site, keep func(approvals.Site) bool) []approvals.Site {
	var out []approvals.Site
	for _, s := range all {
		if keep(s) {
			out = append(out, s)
		}
	}
	return out
}

// foldName is the form in which names are compared: the same mending as for what is typed.
func foldName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return mend(r)
	}, s)
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(s, `"`, "'")), " "))
}

// foldHost is the form in which addresses are compared: without scheme, www. and a slash at the end.
func foldHost(s string) string {
	s = foldName(s)
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	return strings.TrimRight(strings.TrimPrefix(s, "www."), "/.")
}

// severalSites lists the candidates for a name that several websites could mean.
func severalSites(found []approvals.Site, c share, i int) Reply {
	reply := Reply{Head: approvals.Sayf("“%v” could be any of %v websites, so nothing was asked. Please say which, by number:", short(c.sites[i]), len(found))}
	for _, s := range found[:min(len(found), shown)] {
		reply.Lines = append(reply.Lines, siteLine(s))
	}
	if more := len(found) - shown; more > 0 {
		reply.Lines = append(reply.Lines, approvals.Sayf("and %v more; a longer part of the name narrows it down.", more))
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
		reply := Reply{Head: approvals.Sayf("%v lists no website “%v” among its %v, so nothing was asked.", app.Name, short(typed), len(all))}
		if words := strings.Fields(typed); len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool { return len(match(all, w)) != 1 }) {
			reply.Lines = []approvals.Text{approvals.Sayf("If these are several websites, put commas between them:")}
			reply.Examples = []string{strings.Replace(c.Typed(), quoted(typed), strings.Join(words, ","), 1)}
			return reply
		}
		reply.Lines = []approvals.Text{approvals.Sayf("A part of its name or address is enough. Admins and approvers can look it up with `/access sites`.")}
		return reply
	}
	reply := Reply{Head: approvals.Sayf("%v lists no website “%v”, so nothing was asked. Did you mean:", app.Name, short(typed))}
	for _, s := range near {
		reply.Lines = append(reply.Lines, siteLine(s))
	}
	reply.Examples = []string{c.naming(i, strconv.FormatInt(near[0].ID, 10))}
	return reply
}

// nearSites is up to five websites whose name or address is nearly what was typed, nearest first.
func nearSites(all []approvals.Site, typed string) []approvals.Site {
	want := foldHost(typed)
	if len([]rune(want)) > 100 {
		return nil
	}
	limit := allowance(want)
	away := map[int64]int{}
	near := filter(all, func(s approvals.Site) bool {
		away[s.ID] = siteDistance(s, want, limit)
		return away[s.ID] <= limit
	})
	slices.SortStableFunc(near, func(a, b approvals.Site) int { return away[a.ID] - away[b.ID] })
	return near[:min(len(near), 5)]
}

func siteDistance(s approvals.Site, want string, limit int) int {
	host := foldHost(s.Host)
	first, _, _ := strings.Cut(host, ".")
	return min(distance(foldName(s.Name), want, limit), distance(host, want, limit), distance(first, want, limit))
}

// siteLine is one website in a list.
func siteLine(s approvals.Site) approvals.Text {
	if s.Paused {
		return approvals.Sayf("%v · paused", s.Label())
	}
	return approvals.Sayf("%v", s.Label())
}
