package provision

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"github.com/usherbot/usher/approvals"
)

// behind is a list that is to be read anew while nobody waits for it.
type behind struct {
	app  string
	list approvals.List
}

// Remembered implements approvals.Inventory: it waits for nobody.
func (v *Inventory) Remembered(app string, matter ...approvals.List) approvals.Remembered {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := approvals.Remembered{Seats: v.seats[app], Sites: v.sites[app]}
	r.GoodSeats, r.GoodSites = v.good(app, r.Seats.At), v.good(app, r.Sites.At)
	if !r.GoodSeats && slices.Contains(matter, approvals.Seats) {
		v.renew(behind{app, approvals.Seats})
	}
	if !r.GoodSites && slices.Contains(matter, approvals.Sites) {
		v.renew(behind{app, approvals.Sites})
	}
	return r
}

// Renew implements approvals.Inventory.
func (v *Inventory) Renew(app string, list approvals.List) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.renew(behind{app, list})
}

// renew has Run read a list; v.mu is held. Whoever asks while it is asked for already shares that.
func (v *Inventory) renew(b behind) {
	if _, err := v.app(b.app); err != nil || v.waiting[b] {
		return
	}
	v.waiting[b] = true
	v.due <- b // there is room: each list is in it once at most
}

// Run reads behind what Remembered found due, until ctx ends. It begins with every list, so that the first who
// asks is answered from memory. What cannot be read is tried again when somebody asks.
func (v *Inventory) Run(ctx context.Context, log *slog.Logger) {
	for _, a := range v.list {
		v.Renew(a.ID, approvals.Seats)
		v.Renew(a.ID, approvals.Sites)
	}
	var reading sync.WaitGroup
	defer reading.Wait()
	defer v.end()
	for {
		select {
		case b := <-v.due:
			reading.Go(func() { v.read(ctx, b, log) })
		case <-ctx.Done():
			return
		}
	}
}

// read reads a list anew.
func (v *Inventory) read(ctx context.Context, b behind, log *slog.Logger) {
	var err error
	if b.list == approvals.Seats {
		_, err = v.seatsSince(ctx, b.app, v.now())
	} else {
		_, err = v.sitesSince(ctx, b.app, v.now())
	}
	v.mu.Lock()
	delete(v.waiting, b)
	v.mu.Unlock()
	if err != nil && ctx.Err() == nil {
		log.Warn("a list could not be read at the vendor; the one from before is used for now", "app", b.app, "list", b.list, "err", err)
	}
}
