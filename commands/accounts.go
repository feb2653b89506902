package commands

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
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
	return command("accounts", blocked, settings{app: c.app}.typed())
}

func (c accounts) run(ctx context.Context, h *House, call Call, _ time.Time) (Reply, error) {
	if err := h.reader(ctx, call.User, "who has which seat"); err != nil {
		return Reply{}, err
	}
	app, err := h.app(c.app, c)
	if err != nil {
		return Reply{}, err
	}
	list, err := h.Inventory.Seats(ctx, app.ID, false)
	if err != nil {
		return Reply{}, unshown(app, err)
	}
	reply := Reply{}
	blocked := 0
	for _, s := range list.Seats {
		if s.Blocked {
			blocked++
		}
		if s.Blocked || !c.blocked {
			reply.Lines = append(reply.Lines, seatLine(s))
		}
	}
	reply.Head = approvals.Sayf("*%v* · %v · %v blocked by limits · read %v", app.Name, used(list), blocked, list.At)
	if c.blocked && blocked == 0 {
		reply.Head = approvals.Sayf("No %v account is blocked by limits (%v, read %v).", app.Name, used(list), list.At)
	}
	return reply, nil
}

// used is "18 of 25 seats used", or "18 seats used" where the number bought is not known.
func used(list approvals.SeatList) approvals.Text {
	if list.Bought == 0 {
		return approvals.Sayf("%v used", plural(len(list.Seats), "seat", "seats"))
	}
	return approvals.Sayf("%v of %v used", len(list.Seats), plural(list.Bought, "seat", "seats"))
}

// seatLine is one account in a list.
func seatLine(s approvals.Seat) approvals.Text {
	parts := []approvals.Text{approvals.Sayf("*%v*", s.Email)}
	if name := strings.TrimSpace(s.FirstName + " " + s.LastName); name != "" {
		parts = append(parts, approvals.Sayf("%v", name))
	}
	parts = append(parts, approvals.Sayf("%v", or(string(s.Type), "unknown type")), sees(s))
	if s.Blocked {
		parts = append(parts, approvals.Sayf("blocked by limits"))
	}
	return approvals.Join(parts, " · ")
}

func sees(s approvals.Seat) approvals.Text {
	switch {
	case s.Type == approvals.UserSeat:
		return approvals.Sayf("sees every website")
	case s.Sites == 0:
		return approvals.Sayf("no website")
	}
	return approvals.Sayf("%v", plural(s.Sites, "website", "websites"))
}

// unshown is the refusal where something was only to be shown.
func unshown(app approvals.App, err error) error {
	if approvals.CodeOf(err) != "" {
		return err
	}
	return approvals.Refuse(approvals.Unavailable, "I can't read %v just now. Please try again in a few minutes.", app.Name).Because(err)
}
