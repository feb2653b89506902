package reports

import (
	"context"

	"github.com/usherbot/usher/reports/history"
)

// remember has what an app was just read to be remembered for its day, where nothing is yet: a report on a day on which nobody else
// could read it leaves no gap.
func (g *Gatherer) remember(ctx context.Context, a *AppFacts, w Wish) error {
	if !w.At.IsZero() || !a.Census.Walked() || a.Unreadable != nil {
		return nil
	}
	c := a.Census
	return g.Past.Take(ctx, a.App, history.Day{At: c.At, Bought: c.Bought, Count: c.Count, All: c.All}, false)
}
