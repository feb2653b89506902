package app

import (
	"context"
	"time"
)

// believer is a store whose start may have believed what an earlier life proved.
type believer interface {
	ProveRest(ctx context.Context) (proven bool, err error)
}

// unserved is how long it's waited for Slack before what it would be needed for is done without.
const unserved = time.Minute

// proving proves behind what the start believed, once Slack has let us in and whoever waited has been served, and again where so much is
// written that it gave way. Its error is what the start would have said; the life is to end with it.
func (a *App) proving(ctx context.Context) error {
	s, believes := a.Store.(believer)
	if !believes {
		return nil
	}
	select {
	case <-ctx.Done():
		return nil
	case <-a.slack.SignedIn():
	case <-time.After(unserved): // nobody is to be served, so nobody has to wait
	}
	next := time.NewTimer(settled)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-next.C:
			next.Reset(seldom)
		}
		proven, err := s.ProveRest(ctx)
		if proven || err != nil || ctx.Err() != nil {
			return err
		}
	}
}
