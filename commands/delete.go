package commands

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
)

var deleteGuide = guide{
	name:     "delete",
	usage:    "EMAIL because …",
	does:     "asks to delete an account",
	options:  []string{"app"},
	because:  true,
	examples: []string{"/access delete jane@acme.example because she has left"},
	notes: []approvals.Text{
		approvals.Sayf("An account that owns websites isn't deleted until they're handed over. I look first and say which they are."),
		approvals.Sayf("Deleting an account can't be undone."),
	},
}

// remove asks to delete an account.
type remove struct {
	whom   whom
	app    string
	reason string
}

func (l *line) delete() (Command, *Reply) {
	who, rest, answer := l.whom()
	if answer != nil {
		return nil, answer
	}
	c := remove{whom: who, app: l.options["app"], reason: l.reason}
	if answer := l.nothingElse(rest, c.Typed()); answer != nil {
		return nil, answer
	}
	if answer := l.why(c.asked()); answer != nil {
		return nil, answer
	}
	return c, nil
}

func (c remove) subject() (whom, string) { return c.whom, c.app }

func (c remove) Keeps() bool   { return true }
func (c remove) Typed() string { return c.asked() + " " + because(c.reason) }
func (c remove) asked() string {
	return command("delete", c.whom.typed(), settings{app: c.app}.typed())
}

func (c remove) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	return h.ask(ctx, call, c, now)
}

func (c remove) wish(ctx context.Context, h *House, sees bool) (wish, error) {
	m, err := h.target(ctx, c, sees)
	if err != nil {
		return wish{}, err
	}
	if owned := m.lists.Owned[m.seat.ID]; sees && m.known && len(owned) > 0 {
		return wish{}, approvals.Refuse(approvals.Conflict, "%v owns %v, and I don't delete accounts that own any, so nothing was sent: %v. Hand them over in %v first, then ask again.",
			m.seat.Email, plural(len(owned), "website", "websites"), approvals.Labels(owned), m.app.Name)
	}
	return m.wish(approvals.Delete, c.whom, c.reason), nil
}
