package reports

import (
	"context"
	"errors"
	"fmt"
)

// A snapshot of a long list names the census that it saw, and that is pinned as long as the snapshot is the last:
//
//	pin the new census      both are kept, and the snapshot names the old one
//	keep the snapshot       it names the new one
//	let go of the old one   a crash before this leaves one too many, until the next snapshot
//
// What is pinned for nobody any more, because its report was taken out, stays: one census for each.

// recollect adds to what was read of each app what the last report saw of it, where its snapshot does not have it. What is not there
// any more is not compared with.
func (g *Gatherer) recollect(ctx context.Context, f *Facts, last Snapshot) error {
	for i := range f.Apps {
		saw := last.Apps[f.Apps[i].App.ID]
		if saw.Walk == 0 || g.Walker == nil {
			continue
		}
		before, known, err := g.Walker.Pinned(ctx, f.Apps[i].App, saw.Walk)
		if err != nil {
			return fmt.Errorf("read what the last report saw: %w", err)
		}
		if known {
			f.Apps[i].Before = before
		}
	}
	return nil
}

// pin keeps the censuses that a snapshot names.
func (g *Gatherer) pin(ctx context.Context, name string, s Snapshot) error {
	for app, saw := range s.Apps {
		if saw.Walk == 0 {
			continue
		}
		if err := g.Walker.Pin(ctx, app, name, saw.Walk); err != nil {
			return fmt.Errorf("keep what a report saw: %w", err)
		}
	}
	return nil
}

// unpin lets go of what was pinned for snapshots before this one.
func (g *Gatherer) unpin(ctx context.Context, name string, s Snapshot) (err error) {
	if g.Walker == nil {
		return nil
	}
	for app, saw := range s.Apps {
		err = errors.Join(err, g.Walker.Unpin(ctx, app, name, saw.Walk))
	}
	return err
}
