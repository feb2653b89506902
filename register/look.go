package register

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// lookWithin is how long Slack may take to say who is in the workspace, where somebody waits to see an app.
const lookWithin = 10 * time.Second

// look compares the list of an app that was just read as a sweep does, and is what is kept then; false: it couldn't be, or isn't
// believed, and nothing changed. It is kept where that changes what is open. The day's sweep comes all the same: what it reckons by, and
// whom it asks about outsiders, a look leaves alone.
func (g *Register) look(ctx context.Context, app approvals.App, k Kept, seen Seen, done []approvals.Request, by approvals.Actor) (Kept, bool) {
	now := g.now()
	if now.IsZero() || seen.At.IsZero() || seen.At.Before(k.At) || seen.How != ByAPI && now.Sub(seen.At) >= oldList {
		return k, false
	}
	sure := k
	sure.Odd = nil // the days on which it was odd are counted by sweeps
	within, cancel := context.WithTimeout(ctx, lookWithin)
	people, err := g.sighted(within, app, sure, seen.count(), now.UTC().Format(time.DateOnly))
	cancel()
	if err != nil {
		g.Log.WarnContext(ctx, "an app can't be looked over just now; what was found before is shown", "app", app.ID, "err", err)
		return k, false
	}
	next, news := k.lookedAt(app, seen, done, people, now)
	if slices.EqualFunc(k.open(), next.open(), sameFinding) {
		return next, true
	}
	err = g.record(ctx, func(tx Tx) error {
		is, err := tx.Register(app.ID)
		switch {
		case err != nil:
			return err
		case is.Revision == next.Revision && is.Swept.Equal(next.Swept):
			return nil // it was kept, though the store couldn't say so
		}
		if !is.same(k) {
			return errMoved
		}
		if err := tx.KeepRegister(app.ID, next); err != nil || len(news.New)+len(news.Closed) == 0 {
			return err
		}
		as := next
		as.Count = seen.count()
		return g.tellNews(tx, app, as, news, approvals.Entry{At: next.Swept, Actor: by, What: "an app was looked over", Surface: "slack"})
	})
	if err != nil {
		g.Log.WarnContext(ctx, "what an app was found to have isn't kept; what was found before is shown", "app", app.ID, "err", err)
		return k, false
	}
	g.wake()
	return next, true
}

// lookedAt is what is kept after a look: the same findings as after a sweep.
func (k Kept) lookedAt(app approvals.App, seen Seen, done []approvals.Request, people Directory, now time.Time) (Kept, News) {
	next, news := k.swept(app, seen, done, people, k.Slot, now)
	next.Count, next.People, next.Odd = k.Count, k.People, k.Odd
	return next, news
}

// open are the findings that weren't closed, in the order of their keys.
func (k Kept) open() []Finding {
	out := slices.DeleteFunc(slices.Clone(k.Findings), func(f Finding) bool { return !f.Closed.IsZero() })
	slices.SortFunc(out, func(a, b Finding) int { return strings.Compare(a.Key(), b.Key()) })
	return out
}

// sameFinding reports whether two findings say the same of the same.
func sameFinding(a, b Finding) bool { return a.Key() == b.Key() && a.Say().Plain() == b.Say().Plain() }

// LookOver is everybody who holds something in an app, which is looked over for it: its findings are those of now, unless it can't be
// read, or what it says isn't believed.
func (g *Register) LookOver(ctx context.Context, id string, by approvals.Actor) (Holdings, error) {
	app, err := g.app(id)
	if err != nil {
		return Holdings{}, err
	}
	acts, err := g.acts(ctx, app.ID)
	if err != nil {
		return Holdings{}, err
	}
	var looked bool
	h, err := g.matchedAs(ctx, []approvals.App{app}, acts, everyone, everyone, func(app approvals.App, k Kept, seen Seen) (Kept, error) {
		k, looked = g.look(ctx, app, k, seen, acts.done, by)
		if looked {
			return k, nil
		}
		k, err := g.Book.Register(ctx, app.ID) // somebody else may have kept something newer
		if err != nil {
			return k, fmt.Errorf("read what is kept of %s: %w", app.ID, err)
		}
		return k, nil
	})
	h.Looked = looked
	return h, err
}
