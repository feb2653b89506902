package commands

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

var accountsGuide = guide{
	name: "accounts", usage: "[blocked]",
	of:       approvers,
	does:     "shows who has a seat, or whose seat is blocked by limits (admins and approvers)",
	options:  []string{"app"},
	examples: []string{"/access accounts", "/access accounts blocked"},
}

// accounts lists the seats of an app.
type accounts struct {
	blocked bool
	app     string
}

func (l *line) accounts() (Command, *Reply) {
	c := accounts{app: l.options["app"]}
	rest := l.words
	if len(rest) > 0 {
		typed := rest[0].String()
		c.blocked = strings.EqualFold(typed, "blocked")
		if !c.blocked && nearest(typed, []string{"blocked"}) != "" {
			return nil, correct(l.guide, "/access accounts blocked", approvals.Sayf("I don't know `%v`. Did you mean `blocked`?", short(typed)))
		}
		if !c.blocked && looksLikeEmail(typed) {
			return nil, correct(l.guide, command("show", typed), approvals.Sayf("To see one account, use `show`:"))
		}
		if c.blocked {
			rest = rest[1:]
		}
	}
	if answer := l.nothingElse(rest, c.Typed()); answer != nil {
		return nil, answer
	}
	return c, nil
}

func (c accounts) Keeps() bool { return false }

func (c accounts) Typed() string {
	blocked := ""
	if c.blocked {
		blocked = "blocked"
	}
	return command("accounts", blocked, appTyped(c.app))
}

func (c accounts) run(ctx context.Context, h *House, call Call, _ time.Time) (Reply, error) {
	if err := h.reader(ctx, call.User, "who has which seat"); err != nil {
		return Reply{}, err
	}
	app, err := h.app(c.app, c)
	if err != nil {
		return Reply{}, err
	}
	reads := app.Entry.Reads
	switch {
	case !reads.Used:
		return Reply{}, approvals.Refuse(approvals.NotFound, "I can't see who has %v in %v: it doesn't let me.", app.Entry.Seat.A(), app.Name)
	case c.blocked && !reads.Blocked:
		return Reply{}, approvals.Refuse(approvals.NotFound, "I can't see whose account is blocked by limits in %v: it doesn't say. `/access accounts` shows who has one.", app.Name)
	}
	all, err := h.Inventory.Accounts(ctx, app.ID, false)
	reply, blocked := Reply{}, 0
	if err == nil {
		reply, blocked, err = c.lines(app, all)
	}
	if err != nil {
		return Reply{}, unshown(app, err)
	}
	reply.Head = approvals.Sayf("*%v* · %v · %v · read %v", app.Name, used(app, all), blockedText(reads, blocked), all.At)
	if c.blocked && blocked == 0 {
		reply.Head = approvals.Sayf("No %v account is blocked by limits (%v, read %v).", app.Name, used(app, all), all.At)
	}
	return reply, nil
}

// mostLines is more lines than a message has room for.
const mostLines = 1000

// lines are the accounts that are shown, and how many are blocked.
func (c accounts) lines(app approvals.App, all approvals.Accounts) (r Reply, blocked int, err error) {
	err = all.Each(func(s approvals.Seat) bool {
		if s.Blocked {
			blocked++
		}
		switch {
		case c.blocked && !s.Blocked:
		case len(r.Lines) == mostLines:
			r.Left++
		default:
			r.Lines = append(r.Lines, seatLine(app, s))
		}
		return true
	})
	return r, blocked, err
}

// blockedText is how many accounts are blocked, where the app says so.
func blockedText(reads catalog.Reads, n int) approvals.Text {
	if !reads.Blocked {
		return approvals.Sayf("blocked by limits: not known")
	}
	return approvals.Sayf("%v blocked by limits", approvals.Grouped(n))
}

// used is "18 of 25 seats used", or "18 seats used" where the number bought is not known.
func used(app approvals.App, all approvals.Accounts) approvals.Text {
	if all.Bought == 0 {
		return approvals.Sayf("%v used", app.Entry.Seat.Count(all.Count))
	}
	return approvals.Sayf("%v of %v used", approvals.Grouped(all.Count), app.Entry.Seat.Count(all.Bought))
}

// seatLine is one account in a list.
func seatLine(app approvals.App, s approvals.Seat) approvals.Text {
	parts := []approvals.Text{approvals.Sayf("*%v*", s.Email)}
	if name := strings.TrimSpace(s.FirstName + " " + s.LastName); name != "" {
		parts = append(parts, approvals.Sayf("%v", name))
	}
	if app.Entry.Sort != "" {
		parts = append(parts, approvals.Sayf("%v", or(s.Sort, "unknown type")))
	}
	if app.Entry.Reads.Holds {
		parts = append(parts, holds(app, s))
	}
	if s.Blocked {
		parts = append(parts, approvals.Sayf("blocked by limits"))
	}
	return approvals.Join(parts, " · ")
}

func holds(app approvals.App, s approvals.Seat) approvals.Text {
	held, _ := app.Entry.Held()
	switch sort, _ := app.Entry.SortOf(s.Sort); {
	case sort.All:
		return approvals.Sayf("%v", sort.Sees)
	case s.Holds == 0:
		return approvals.Sayf("no %v", held.Noun.One)
	}
	return approvals.Sayf("%v", held.Noun.Count(s.Holds))
}

// unshown is the refusal where something was only to be shown.
func unshown(app approvals.App, err error) error {
	if approvals.CodeOf(err) != "" {
		return err
	}
	return approvals.Refuse(approvals.Unavailable, "I can't read %v just now. Please try again in a few minutes.", app.Name).Because(err)
}
