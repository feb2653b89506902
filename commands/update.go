package commands

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
)

var updateGuide = guide{
	name:    "update",
	usage:   "EMAIL [access=a,b] [amount=N period=day|week|month] because …",
	does:    "asks for other permissions or limits",
	options: []string{"app", "access", "amount", "period"},
	because: true,
	examples: []string{
		"/access update jane@acme.example access=report_manual,report_scheduled because she reports monthly",
		"/access update jane@acme.example amount=50 period=month because of the Q1 budget",
	},
	notes: []approvals.Text{
		approvals.Sayf("`access=` lists exactly the permissions the account is to have: whatever is not in the list is taken away. `access=none` takes all."),
		approvals.Sayf("`amount=` and `period=` limit what it may spend, in the account's currency."),
	},
}

// update asks for other permissions or limits of an account.
type update struct {
	whom     whom
	settings settings
	reason   string
}

func (l *line) update() (Command, *Reply) {
	who, rest, answer := l.whom()
	if answer != nil {
		return nil, answer
	}
	s, answer := l.settings()
	if answer != nil {
		return nil, answer
	}
	c := update{whom: who, settings: s, reason: l.reason}
	if answer := l.nothingElse(rest, c.Typed()); answer != nil {
		return nil, answer
	}
	if !s.hasAccess && !s.hasLimit {
		fixed := command("update", who.typed(), "access=report_manual,report_scheduled", s.typed(), because(l.reason))
		return nil, correct(l.guide, fixed, approvals.Sayf("What should change? Give `access=` with the permissions it is to have, or `amount=` and `period=` for its limit."))
	}
	if answer := l.why(c.asked()); answer != nil {
		return nil, answer
	}
	return c, nil
}

func (c update) Keeps() bool   { return true }
func (c update) Typed() string { return c.asked() + " " + because(c.reason) }
func (c update) asked() string { return command("update", c.whom.typed(), c.settings.typed()) }

func (c update) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	return h.ask(ctx, call, c, now)
}

func (c update) wish(ctx context.Context, h *House) (wish, error) {
	app, err := h.app(c.settings.app, c)
	if err != nil {
		return wish{}, err
	}
	access, err := h.access(c.settings, c)
	if err != nil {
		return wish{}, err
	}
	email, err := h.email(ctx, c.whom)
	if err != nil {
		return wish{}, err
	}
	ctx, end := h.look(ctx)
	defer end()
	seat, list, err := h.listed(ctx, app, email)
	if err != nil {
		return wish{}, unread(app, err)
	}
	if err := h.fitting(access, seat.Type); err != nil {
		return wish{}, err
	}
	return wish{app: app, action: approvals.Update, seats: count(list), reason: c.reason, change: approvals.Change{
		Email: seat.Email, FirstName: seat.FirstName, LastName: seat.LastName, Type: seat.Type,
		Access: access, HasAccess: c.settings.hasAccess,
		Amount: c.settings.amount, Period: c.settings.period, HasLimit: c.settings.hasLimit,
	}}, nil
}
