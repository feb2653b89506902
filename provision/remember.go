package provision

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
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
	r := approvals.Remembered{Seats: v.seats[app], Items: map[string]approvals.ItemList{}, Owned: v.ownedOf(app)}
	r.GoodSeats = v.good(app, r.Seats.At)
	if !r.GoodSeats && slices.Contains(matter, approvals.Seats) {
		v.renew(behind{app, approvals.Seats})
	}
	for of, list := range v.items {
		if of.app == app {
			list.Good = v.good(app, list.At)
			r.Items[string(of.list)] = list
		}
	}
	for _, list := range matter {
		if list != approvals.Seats && !r.Items[string(list)].Good {
			v.renew(behind{app, list})
		}
	}
	return r
}

// ownedBy is an account of an app, and ownings what it owned when that was read.
type ownedBy struct {
	app string
	id  string
}

type ownings struct {
	items []catalog.Item
	at    time.Time
}

// owns remembers for a while which resources an account owns: who asks next that it be removed is told at once.
func (v *Inventory) owns(app string, id string, items []catalog.Item, at time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for of, o := range v.owned {
		if !v.good(of.app, o.at) {
			delete(v.owned, of)
		}
	}
	v.owned[ownedBy{app, id}] = ownings{items, at}
}

// ownedOf are the resources that an app's accounts own, as far as that is good to rely on; v.mu is held.
func (v *Inventory) ownedOf(app string) map[string][]catalog.Item {
	out := map[string][]catalog.Item{}
	for of, o := range v.owned {
		if of.app == app && v.good(app, o.at) {
			out[of.id] = o.items
		}
	}
	return out
}

// Renew implements approvals.Inventory.
func (v *Inventory) Renew(app string, list approvals.List) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.renew(behind{app, list})
}

// renew has Run read a list; v.mu is held. Whoever asks while it is asked for already shares that.
func (v *Inventory) renew(b behind) {
	if a, err := v.app(b.app); err != nil || v.waiting[b] || !slices.Contains(a.lists(), b.list) {
		return
	}
	v.waiting[b] = true
	v.due <- b // there is room: each list is in it once at most
}

// Run reads behind what Remembered found due, until ctx ends. It begins with every list, so that the first who
// asks is answered from memory. What cannot be read is tried again when somebody asks.
func (v *Inventory) Run(ctx context.Context, log *slog.Logger) {
	for _, a := range v.list {
		for _, list := range a.lists() {
			v.Renew(a.ID, list)
		}
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
		if _, err = v.few(ctx, b.app, v.now()); errors.Is(err, errMany) {
			err = v.walkDue(ctx, b.app)
		}
	} else {
		_, err = v.itemsSince(ctx, b.app, string(b.list), v.now())
	}
	v.mu.Lock()
	delete(v.waiting, b)
	v.mu.Unlock()
	if err != nil && ctx.Err() == nil {
		log.WarnContext(ctx, "a list could not be read at the vendor; the one from before is used for now", "app", b.app, "list", b.list, "err", err)
	}
}
