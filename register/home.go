package register

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// What the register knows for people's Homes, which are drawn often: by requests and imported lists alone, and no vendor is asked.
// So a Home follows what it shows: a request owes it, and an import owes all of them.

// Holder is somebody, and what they hold.
type Holder struct {
	Who     approvals.PersonID
	Entries []Entry
}

// Mine is what somebody holds by requests that were done for them, as lists verify it, and behind that what lists have under their
// address besides: of that it isn't said whether somebody asked for it.
func (g *Register) Mine(ctx context.Context, who approvals.Person, now time.Time) ([]Entry, error) {
	entries, err := g.heldBy(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	about := []string{who.Email}
	for _, e := range entries {
		about = append(about, e.Email)
	}
	for _, app := range g.Inventory.Apps() {
		if app.Entry != nil && app.Entry.Reads.Used {
			continue // its vendor says, and isn't asked for a page
		}
		l, err := g.glance(ctx, app, now)
		if err != nil {
			return nil, err
		}
		entries = slices.DeleteFunc(Match(app, entries, l.of(about)), func(e Entry) bool { return e.Found && !approvals.SameEmail(e.Email, who.Email) })
	}
	for i, e := range entries {
		e.Found = false
		entries[i].Holds = e.holds()
	}
	return entries, nil
}

// heldBy are entries by the requests that were done for somebody.
func (g *Register) heldBy(ctx context.Context, who approvals.PersonID) ([]Entry, error) {
	got, err := g.Desk.Every(ctx, approvals.Filter{For: who, All: true})
	if err != nil {
		return nil, fmt.Errorf("find what was done for somebody: %w", err)
	}
	return Of(slices.DeleteFunc(got, func(r approvals.Request) bool { return r.State != approvals.Done && r.State != approvals.Ended })), nil
}

// People are those of some who hold something, and what by request, in their order; more: so many others do that most left out.
func (g *Register) People(ctx context.Context, some []approvals.PersonID, most int) (out []Holder, more int, err error) {
	for _, who := range some {
		entries, err := g.heldBy(ctx, who)
		switch {
		case err != nil:
			return nil, 0, err
		case len(entries) == 0:
			continue
		case len(out) == most:
			more++
			continue
		}
		for i, e := range entries {
			entries[i].Holds = e.holds()
		}
		out = append(out, Holder{who, entries})
	}
	return out, more, nil
}

// Amiss is how many findings of an app are open and not put off, as it was within the last minute.
func (g *Register) Amiss(ctx context.Context, appID string, now time.Time) (int, error) {
	app, err := g.app(appID)
	if err != nil {
		return 0, err
	}
	l, err := g.glance(ctx, app, now)
	if err != nil || len(l.kept.Findings) == 0 {
		return 0, err // nothing has to be read for that
	}
	l.counting.Lock()
	defer l.counting.Unlock()
	if !l.counted.IsZero() {
		return l.open, nil
	}
	done, err := g.done(ctx, app.ID)
	if err != nil {
		return 0, err
	}
	open := slices.DeleteFunc(l.kept.Open(app, done, l.kept.looked()), func(f Finding) bool { return f.Off(now) })
	l.open, l.counted = len(open), now
	return l.open, nil
}
