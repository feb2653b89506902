package census

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// Vendors give the accounts of apps a page at a time; a *provision.Inventory is one. "" is the first page, and Next of each says
// where to go on, in this life of the program or another.
type Vendors interface {
	Apps() []approvals.App
	Page(ctx context.Context, app, from string) (approvals.SeatPage, error)
}

// Shelf keeps pieces under names. What it keeps is durable when it returns nil. Package store holds one to it.
type Shelf interface {
	// Pieces lists the names that begin so, in their order.
	Pieces(ctx context.Context, pre string) ([]string, error)
	// Piece is what is kept under a name, or nil. The bytes are the caller's.
	Piece(ctx context.Context, name string) ([]byte, error)
	// Shelve keeps pieces, each in place of what its name had, and drops others, all of it or nothing. A name to drop that
	// has nothing is ignored.
	Shelve(ctx context.Context, keep map[string][]byte, drop []string) error
}

// Censuses takes censuses. It may be used by many goroutines at once.
type Censuses struct {
	Vendors Vendors
	Shelf   Shelf
	Now     func() time.Time
	Log     *slog.Logger
	// AtOnce is how many pages are kept in one commit; 0: eight. A crash costs those that weren't kept yet: under two seconds of reading, of
	// a vendor that gives five a second.
	AtOnce int
	// Needs reports whether anybody goes by a name still for which walks were pinned; nil: they all do.
	Needs func(name string) bool

	turns turns
	// clearing is held while pieces are cleared away, and while it is changed which are needed.
	clearing sync.Mutex
}

const (
	// long is how long a walk takes that is worth sharing with who comes within some minutes of it, which is sharedFor.
	long, sharedFor = 10 * time.Second, 10 * time.Minute
	// goneOnWith is how long after its beginning a walk is gone on with: of what is older, too much has changed.
	goneOnWith = 6 * time.Hour
)

// Census implements reports.Walker.
func (c *Censuses) Census(ctx context.Context, app approvals.App, since time.Time, told func(read, about int)) (reports.Census, error) {
	leave, err := c.turns.take(ctx, app.ID, told)
	if err != nil {
		return reports.Census{}, fmt.Errorf("wait for the census of %s: %w", app.ID, err)
	}
	defer leave()
	h, err := c.head(ctx, app.ID)
	if err != nil {
		return reports.Census{}, err
	}
	now := c.Now()
	if h.Last != nil && serves(*h.Last, since, now) {
		return c.census(ctx, app, *h.Last), nil
	}
	if h.Walk == nil || !serves(*h.Walk, since, now) || now.Sub(h.Walk.Begun) > goneOnWith {
		if err := c.begin(ctx, app.ID, &h, now); err != nil {
			return reports.Census{}, err
		}
	}
	err = c.walk(ctx, app.ID, &h)
	if errors.Is(err, errDamaged) {
		c.Log.ErrorContext(ctx, "what was read of an app's accounts is damaged; it is read anew", "app", app.ID, "err", err)
		if err = c.begin(ctx, app.ID, &h, now); err == nil {
			err = c.walk(ctx, app.ID, &h)
		}
	}
	if err != nil {
		return reports.Census{}, err
	}
	return c.census(ctx, app, *h.Last), nil
}

// serves reports whether a walk is young enough for who needs one since a moment.
func serves(w walk, since, now time.Time) bool {
	if w.Begun.After(now) {
		return false // under a clock that has been put back since
	}
	end := w.Ended
	if end.IsZero() {
		end = now
	}
	if end.Sub(w.Begun) >= long {
		since = since.Add(-sharedFor)
	}
	return !w.Begun.Before(since)
}

// census is a walk that is done as whoever asked for it has it.
func (c *Censuses) census(ctx context.Context, app approvals.App, w walk) reports.Census {
	return reports.Census{App: app, At: w.Begun, Bought: w.Bought, Count: w.Count, Drift: w.drift(app), Walk: w.Serial, All: c.all(context.WithoutCancel(ctx), app.ID, w)}
}
