package app

import (
	"context"
	"io"
	"time"

	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/forget"
)

// forgets is what takes people out of everything that is kept.
func (a *App) forgets(random io.Reader) *forget.Forgetter {
	return &forget.Forgetter{Store: a.Store, Random: random, Now: a.Clock.Now, Wake: a.Desk.Wake, Log: a.Log, Holds: func(ctx context.Context, p forget.Person) ([]string, error) {
		return control.StillHolds(ctx, a.Register, p)
	}}
}

// forgetAgain is how long a forgetting waits that couldn't go on.
const forgetAgain = 5 * time.Minute

// forgetting goes on with what was under way when the program ended, until that is whole.
func (a *App) forgetting(ctx context.Context) {
	for {
		n, err := a.forgetter.Resume(ctx)
		switch {
		case err == nil || ctx.Err() != nil:
			return
		case n == 0: // what can't be read is said by all who read it
			a.Log.InfoContext(ctx, "cannot read yet whether somebody is forgotten by half; trying again", "err", err, "in", forgetAgain)
		default:
			a.Log.ErrorContext(ctx, "somebody is forgotten by half; trying again", "err", err, "in", forgetAgain)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(forgetAgain):
		}
	}
}
