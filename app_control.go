package main

import (
	"context"
	"errors"
)

// control is the second way in to this app.
func (a *app) control(dir string) *control {
	now := a.planner.Now
	m := metrics{store: a.store, bot: a.bot, reports: a.planner.Reports, now: now}
	return &control{desk: a.desk, store: a.store, dir: dir, metrics: m.write, now: now, doubted: a.clock.doubted, log: a.log, groups: a.people, who: peer}
}

// serve runs the app with the socket in its data folder open, until ctx ends.
func (a *app) serve(ctx context.Context, dir string) error {
	d, err := openDoor(dir, a.control(dir).handler(), a.log)
	if err != nil {
		return errors.Join(err, a.store.Close())
	}
	stop := context.AfterFunc(ctx, func() { _ = d.close() }) // asked again below, it answers the same
	defer stop()
	return errors.Join(a.run(ctx), d.close())
}
