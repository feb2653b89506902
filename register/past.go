package register

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// Past remembers what an app was like on a day, once. What suddenly lists nobody, or half of what it did, it leaves out unless its
// caller is sure.
type Past interface {
	Remember(ctx context.Context, all approvals.Accounts, sure bool) error
}

// remember has the list of an app that was just read remembered. It comes before anything else is kept of it, so that a crash between
// the two has it read and remembered once more, for the same day.
func (g *Register) remember(ctx context.Context, all approvals.Accounts, sure bool) error {
	if g.Past == nil || all.At.IsZero() {
		return nil
	}
	return g.Past.Remember(ctx, all, sure)
}

// imported is the list that was imported of an app which can't be read itself, as if it had said so; its zero value: there is none.
// Who is listed though they are switched off has no seat.
func (k Kept) imported(app approvals.App) approvals.SeatList {
	l := approvals.SeatList{App: app}
	if app.Entry != nil && app.Entry.Reads.Used || k.How == ByAPI {
		return l
	}
	l.At = k.At
	for _, m := range k.Members {
		if m.Status != list.Off {
			l.Seats = append(l.Seats, approvals.Seat{ID: approvals.FoldEmail(m.Email), Email: m.Email, Sort: m.Role})
		}
	}
	return l
}

// Imported is who has a seat by the list that was imported last of an app which can't be read itself; of no time: there is none.
func (g *Register) Imported(ctx context.Context, app approvals.App) (approvals.SeatList, error) {
	k, err := g.Book.Register(ctx, app.ID)
	if err != nil {
		return approvals.SeatList{}, fmt.Errorf("read the last list of %s: %w", app.ID, err)
	}
	return k.imported(app), nil
}

// rememberImported has a list remembered that was just imported, for the day it is of. Where that fails the next sweep does it.
func (g *Register) rememberImported(ctx context.Context, c compared) {
	if err := g.remember(ctx, c.kept.imported(c.app).Accounts(), true); err != nil {
		g.Log.WarnContext(ctx, "an imported list isn't remembered yet; that's done when its app is looked over", "app", c.app.ID, "err", err)
	}
}
