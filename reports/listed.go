package reports

import (
	"context"

	"github.com/usherbot/usher/approvals"
)

// says reports whether an app says itself who has a seat in it. Of one that doesn't a report tells what its member list says, as of
// when that is.
func says(app approvals.App) bool { return app.Entry != nil && app.Entry.Reads.Used }

// listed gives an app that doesn't say who has a seat the list that was imported last, where that is newer than what is remembered: of
// several lists of a day the first is.
func (g *Gatherer) listed(ctx context.Context, a *AppFacts) error {
	if says(a.App) {
		return nil
	}
	l, err := g.Leftovers.Imported(ctx, a.App)
	if err == nil && !l.At.IsZero() && !l.At.Before(a.Known.At) {
		a.Known = CensusOf(l)
	}
	return err
}

// Listing is the accounts of an app by what it said itself, or else by the list that is known of it; not walked: there are none, or it
// couldn't be read.
func (a AppFacts) Listing() Census {
	if a.Unreadable == nil && !says(a.App) {
		return a.Known
	}
	return a.Census
}

// Figures reports whether it is known how many seats of an app are used: of now, or as of a while ago.
func (a AppReport) Figures() bool {
	return !a.AsOf.IsZero() || a.Unreadable == nil && a.Reads().Used
}
