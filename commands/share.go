package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

var shareGuide = guide{
	name:    "share",
	usage:   "EMAIL SITE[,SITE…] because …",
	does:    "asks to share websites with an account",
	options: []string{"app"},
	because: true,
	examples: []string{
		"/access share jane@acme.example acme.example because she audits it",
		"/access share @jane #39, Globex UK because she covers for Dave",
	},
	notes: []approvals.Text{siteNote, approvals.Sayf("Everything already shared stays shared.")},
}

var unshareGuide = guide{
	name:    "unshare",
	usage:   "EMAIL SITE[,SITE…] because …",
	does:    "asks to stop sharing websites with an account",
	options: []string{"app"},
	because: true,
	examples: []string{
		"/access unshare jane@acme.example acme.example because the audit is over",
	},
	notes: []approvals.Text{siteNote, approvals.Sayf("Everything else stays shared.")},
}

var siteNote = approvals.Sayf("Name a website by its number (`39`), its name, its address, or any part of those that no other has. Put commas or line breaks between several.")

// siteLimit is how many websites one request may name.
const siteLimit = 50

// share asks to share websites with an account, or (back) that they be no longer.
type share struct {
	whom   whom
	sites  []string // as typed
	app    string
	reason string
	back   bool
}

func (l *line) share(back bool) (Command, *Reply) {
	who, rest, answer := l.whom()
	if answer != nil {
		return nil, answer
	}
	for _, w := range rest {
		if answer := l.twoFaced(w); answer != nil {
			return nil, answer
		}
	}
	c := share{whom: who, sites: items(rest), app: l.options["app"], reason: l.reason, back: back}
	switch n := len(c.sites); {
	case n == 0:
		fixed := command(c.verb(), who.typed(), "<website>", l.optionsTyped(), because(l.reason))
		return nil, correct(l.guide, fixed, approvals.Sayf("Which website? Its number, its name or its address goes after the e-mail address."))
	case n > siteLimit:
		return nil, correct(l.guide, "", approvals.Sayf("That's %v websites, and one request holds %v. Please split it up. Nothing was sent.", n, siteLimit))
	}
	if answer := l.why(c.asked()); answer != nil {
		return nil, answer
	}
	return c, nil
}

func (c share) verb() string {
	if c.back {
		return "unshare"
	}
	return "share"
}

func (c share) subject() (whom, string) { return c.whom, c.app }

func (c share) Keeps() bool   { return true }
func (c share) Typed() string { return c.asked() + " " + because(c.reason) }

func (c share) asked() string {
	var sites []string
	for _, s := range c.sites {
		sites = append(sites, quoted(s))
	}
	return command(c.verb(), c.whom.typed(), strings.Join(sites, ","), settings{app: c.app}.typed())
}

// naming is the command with one website named otherwise.
func (c share) naming(i int, site string) string {
	c.sites = slices.Clone(c.sites)
	c.sites[i] = site
	return c.Typed()
}

func (c share) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	return h.ask(ctx, call, c, now)
}

func (c share) wish(ctx context.Context, h *House, sees bool) (wish, error) {
	m, err := h.target(ctx, c, sees)
	switch {
	case err != nil:
		return wish{}, err
	case m.left && !c.back:
		return wish{}, gone(c.whom)
	case sees && m.known && m.seat.Type == approvals.UserSeat:
		return wish{}, approvals.Refuse(approvals.Conflict, "%v has a user seat, which already sees every website: sharing changes nothing, so nothing was sent.", m.seat.Email)
	}
	w := m.wish(approvals.Share, c.whom, c.reason)
	if c.back {
		w.action = approvals.Unshare
	}
	w.said.Sites, w.change.Words = c.sites, c.sites
	if sees && m.lists.GoodSites {
		w.change.Words = nil
		w.change.Sites, err = h.sites(m.app, m.lists.Sites.Sites, c)
	}
	return w, err
}
