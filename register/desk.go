package register

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Tx is one transaction of a Book: what is kept of an app and the entry of the audit log that says so are kept together.
type Tx interface {
	// Register is what is kept of an app; its zero value where nothing is.
	Register(app string) (Kept, error)
	// KeepRegister keeps that in place of what was.
	KeepRegister(app string, k Kept) error
	// Audit and Change are those of approvals.Tx.
	Audit(e approvals.Entry) error
	Change(c outbox.Change) error
}

// Book is what the Register needs of a store. Package store holds one to it.
type Book interface {
	// Record runs fn in a transaction, with the promises of approvals.Book.Update.
	Record(ctx context.Context, fn func(Tx) error) error
	// Register is what is kept of an app, as Tx has it.
	Register(ctx context.Context, app string) (Kept, error)
}

// Workspace says who everybody is, those who have left too. An error means that it isn't known of everybody.
type Workspace interface {
	Everybody(ctx context.Context) ([]approvals.Person, error)
}

// Register joins what was done to what vendors and lists say. Its methods are safe for concurrent use.
type Register struct {
	Desk      *approvals.Desk
	Book      Book
	Inventory approvals.Inventory
	Workspace Workspace
	// Elsewhere is how people stand in directories beside Slack; nil: there is none.
	Elsewhere Elsewhere
	// Past remembers what apps were like; nil: nothing does.
	Past Past
	// Roll takes lists of people; nil: none is taken.
	Roll Roll
	// Files has what people add to forms, and Box what is owed by now; nil: nobody imports by a form.
	Files Files
	Box   Owed
	// Wake is called after a commit that promises something; nil: nobody has to be woken.
	Wake func()
	// Now says what of what was put off is shown again; nil: nothing is.
	Now func() time.Time
	Log *slog.Logger

	// glances are what Homes are shown of apps' lists (home.go).
	glances glances
}

// app finds a configured app by its id or name.
func (g *Register) app(typed string) (approvals.App, error) {
	apps := g.Inventory.Apps()
	i := slices.IndexFunc(apps, func(a approvals.App) bool { return strings.EqualFold(a.ID, typed) || strings.EqualFold(a.Name, typed) })
	if i >= 0 {
		return apps[i], nil
	}
	var ids []string
	for _, a := range apps {
		ids = append(ids, a.ID)
	}
	return approvals.App{}, approvals.Refuse(approvals.NotFound, "I don't know the app “%v”. There is: %v.", typed, strings.Join(ids, ", "))
}

// record commits fn. Where the store can't say whether it was kept, fn runs once more: it finds what it has kept itself.
func (g *Register) record(ctx context.Context, fn func(Tx) error) error {
	defer g.glances.suspend()()
	err := g.Book.Record(ctx, fn)
	if errors.Is(err, approvals.ErrUnknownOutcome) {
		g.Log.WarnContext(ctx, "the disk didn't say whether something was kept; looking", "err", err)
		err = g.Book.Record(ctx, fn)
	}
	switch {
	case errors.Is(err, approvals.ErrUnknownOutcome):
		return approvals.Refuse(approvals.Unsure, "My disk had trouble just now, so I can't tell whether the list was kept. Import it again: nothing is kept twice.").Because(err)
	case errors.Is(err, approvals.ErrBusy):
		return approvals.Refuse(approvals.Busy, "Lots of requests are coming in right now, so nothing was kept. Please try again in a minute.").Because(err)
	}
	return err
}
