package census

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// pins are the walks that somebody needs longer than the next two last, by the name of who does. They are stored: fields may be added,
// never renamed.
type pins map[string][]walk

// pinsName is where an app's pins stand: beside its walks, whose names are numbers.
func pinsName(app string) string { return app + "/pins" }

func (c *Censuses) pins(ctx context.Context, app string) (p pins, err error) {
	raw, err := c.Shelf.Piece(ctx, pinsName(app))
	if err != nil {
		return nil, fmt.Errorf("read which censuses of %s are needed: %w: %w", app, reports.ErrUnkept, err)
	}
	if raw != nil && json.Unmarshal(raw, &p) != nil {
		c.Log.ErrorContext(ctx, "which censuses are needed cannot be read; what changed since them will not be said", "app", app)
	}
	if p == nil {
		p = pins{}
	}
	return p, nil
}

// keep reports whether a piece belongs to a walk that is needed.
func (p pins) keep(app, piece string) bool {
	for _, walks := range p {
		if slices.ContainsFunc(walks, func(w walk) bool { return strings.HasPrefix(piece, w.shelf(app)) }) {
			return true
		}
	}
	return false
}

// forget lets go of what was pinned for names by which nobody goes any more, as a report's that was taken out of the configuration.
func (p pins) forget(needs func(string) bool) (some bool) {
	for name := range p {
		if needs != nil && !needs(name) {
			delete(p, name)
			some = true
		}
	}
	return some
}

// Pin implements reports.Walker.
func (c *Censuses) Pin(ctx context.Context, app, name string, serial int64) error {
	return c.repin(ctx, app, func(p pins) (changed bool, err error) {
		if slices.ContainsFunc(p[name], func(w walk) bool { return w.Serial == serial }) {
			return false, nil
		}
		w, known, err := c.find(ctx, app, p, serial)
		if err == nil && !known {
			err = fmt.Errorf("keep a census of %s: %w", app, errDamaged)
		}
		p[name] = append(p[name], w)
		return true, err
	})
}

// Unpin implements reports.Walker.
func (c *Censuses) Unpin(ctx context.Context, app, name string, but int64) error {
	return c.repin(ctx, app, func(p pins) (changed bool, err error) {
		before := len(p[name])
		p[name] = slices.DeleteFunc(p[name], func(w walk) bool { return w.Serial != but })
		changed = len(p[name]) != before
		if len(p[name]) == 0 {
			delete(p, name)
		}
		return changed, nil
	})
}

// repin changes an app's pins. No walk begins meanwhile, which would clear away what is about to be pinned.
func (c *Censuses) repin(ctx context.Context, app string, change func(pins) (changed bool, err error)) error {
	c.clearing.Lock()
	defer c.clearing.Unlock()
	p, err := c.pins(ctx, app)
	if err != nil {
		return err
	}
	if changed, err := change(p); err != nil || !changed {
		return err
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode which censuses of %s are needed: %w", app, err)
	}
	return c.shelve(ctx, app, map[string][]byte{pinsName(app): raw}, nil)
}

// Pinned implements reports.Walker.
func (c *Censuses) Pinned(ctx context.Context, app approvals.App, serial int64) (out reports.Census, known bool, err error) {
	p, err := c.pins(ctx, app.ID)
	if err != nil {
		return out, false, err
	}
	w, known, err := c.find(ctx, app.ID, p, serial)
	if err != nil || !known {
		return out, false, err
	}
	return c.census(ctx, app, w), true, nil
}

// find finds a walk that is done, among the last two and those that are pinned.
func (c *Censuses) find(ctx context.Context, app string, p pins, serial int64) (w walk, known bool, err error) {
	h, err := c.head(ctx, app)
	if err != nil {
		return w, false, err
	}
	for _, last := range []*walk{h.Last, h.Before} {
		if last != nil && last.Serial == serial {
			return *last, true, nil
		}
	}
	for _, walks := range p {
		if i := slices.IndexFunc(walks, func(w walk) bool { return w.Serial == serial }); i >= 0 {
			return walks[i], true, nil
		}
	}
	return w, false, nil
}
