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
	does:    "asks that websites be shared with an account",
	options: []string{"app"},
	because: true,
	examples: []string{
		"/access share jane@acme.example acme.example because she audits it",
		"/access share @jane #39, Globex UK because she covers for Dave",
	},
	notes: []approvals.Text{siteNote, approvals.Sayf("What is shared already stays shared.")},
}

var unshareGuide = guide{
	name:    "unshare",
	usage:   "EMAIL SITE[,SITE…] because …",
	does:    "asks that websites be shared no longer",
	options: []string{"app"},
	because: true,
	examples: []string{
		"/access unshare jane@acme.example acme.example because the audit is over",
	},
	notes: []approvals.Text{siteNote, approvals.Sayf("Everything else that is shared stays shared.")},
}

var siteNote = approvals.Sayf("A website is named by its number (`39`), its name, its address, or any part that only one of them has; several with commas between.")

// siteLimit is how many websites one request may name.
const siteLimit = 50

// share asks that websites be shared with an account, or (back) that they be no longer.
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
	c := share{whom: who, sites: items(rest), app: l.options["app"], reason: l.reason, back: back}
	switch n := len(c.sites); {
	case n == 0:
		fixed := command(c.verb(), who.typed(), "<website>", l.optionsTyped(), because(l.reason))
		return nil, correct(l.guide, fixed, approvals.Sayf("Which website? Its number, its name or its address goes after the e-mail address."))
	case n > siteLimit:
		return nil, correct(l.guide, "", approvals.Sayf("These are %v websites; one request holds %v. Please ask in parts. Nothing was asked.", n, siteLimit))
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

func (c share) wish(ctx context.Context, h *House, by approvals.PersonID) (wish, error) {
	a, err := h.account(ctx, c, by)
	if err != nil {
		return wish{}, err
	}
	if a.left && !c.back {
		return wish{}, gone(c.whom)
	}
	if a.seat.Type == approvals.UserSeat {
		return wish{}, approvals.Refuse(approvals.Conflict, "%v has a seat of the type user, and that sees every website already: sharing has no effect on it, so nothing was asked.", a.seat.Email)
	}
	sites, err := h.sites(ctx, a.app, c)
	if err != nil {
		return wish{}, err
	}
	w := a.wish(approvals.Share, c.reason)
	if c.back {
		w.action = approvals.Unshare
	}
	w.change.Sites, w.notes, err = c.changing(ctx, h, a, sites)
	return w, err
}

// changing leaves the sites for which the request would change anything. What is shared now is asked as
// a courtesy to who decides: where it cannot be read in time all sites stay, and the deed, which reads it
// again, changes only what must change.
func (c share) changing(ctx context.Context, h *House, a account, sites []approvals.Site) ([]approvals.Site, []approvals.Text, error) {
	now, err := h.Inventory.Shared(ctx, a.app.ID, a.seat.ID)
	if err != nil {
		return sites, nil, nil
	}
	var change, idle []approvals.Site
	for _, s := range sites {
		shared := slices.ContainsFunc(now, func(o approvals.Site) bool { return o.ID == s.ID })
		if shared == c.back {
			change = append(change, s)
		} else {
			idle = append(idle, s)
		}
	}
	state := "shared already"
	if c.back {
		state = "not shared"
	}
	switch {
	case len(change) == 0 && len(idle) == 1:
		return nil, nil, approvals.Refuse(approvals.Conflict, "%v is %v with %v, so there is nothing to change and nothing was asked.", idle[0].Short(), state, a.seat.Email)
	case len(change) == 0:
		return nil, nil, approvals.Refuse(approvals.Conflict, "All %v websites are %v with %v, so there is nothing to change and nothing was asked.", len(idle), state, a.seat.Email)
	case len(idle) > 0:
		return change, []approvals.Text{approvals.Sayf("Left out, because %v: %v.", state, sitesText(idle))}, nil
	}
	return change, nil, nil
}
