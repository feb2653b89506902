package app

import (
	"context"
	"errors"

	"github.com/usherbot/usher/control"
)

// Control is the second way in to this app.
func (a *App) Control(dir string) *control.Server {
	now := a.planner.Now
	return &control.Server{Forgetter: a.forgetter, Desk: a.Desk, Store: a.Store, Dir: dir, Metrics: a.Metrics, Unready: a.Unready, Now: now, Doubted: a.Clock.doubted, Log: a.Log, Groups: a.people, Register: a.Register, Reviews: a.Reviews, Reports: a.runner, Who: control.Peer}
}

// Serve runs the app with the socket in its data folder open, until ctx ends.
func (a *App) Serve(ctx context.Context, dir string) error {
	d, err := control.Open(dir, a.tracing.atTheMachine(a.Control(dir).Handler()), a.Log)
	if err != nil {
		return errors.Join(err, a.Store.Close())
	}
	stop := context.AfterFunc(ctx, func() { _ = d.Close() }) // asked again below, it answers the same
	defer stop()
	return errors.Join(a.Run(ctx), d.Close())
}
