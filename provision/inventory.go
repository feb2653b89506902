package provision

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Reader reads what one app holds at its vendor. What the app's entry does not say it can read (catalog.Reads) is not
// asked for.
type Reader interface {
	// Seats lists every account.
	Seats(ctx context.Context) ([]approvals.Seat, error)
	// Items lists every resource of a key.
	Items(ctx context.Context, resource string) ([]catalog.Item, error)
	// Account is what one account has beside resources, read under its own id; nil: it is listed, and has no details.
	Account(ctx context.Context, s approvals.Seat) (*approvals.SeatDetail, error)
	// Held and Owned are the resources that an account sees, and those that are its own, by id.
	Held(ctx context.Context, account string) ([]string, error)
	Owned(ctx context.Context, account string) ([]string, error)
}

// App is one configured app and what reads it.
type App struct {
	approvals.App
	Reader
	// Bought is the number of seats bought; 0: not known.
	Bought int
}

// lists are the lists that an app has: its seats, and each of its resources.
func (a App) lists() []approvals.List {
	var out []approvals.List
	if a.Entry.Reads.Used {
		out = append(out, approvals.Seats)
	}
	for _, r := range a.Entry.Resources {
		out = append(out, approvals.List(r.Key))
	}
	return out
}

// Inventory reads what the vendors hold. Lists are kept for a while, so that a command is answered
// at once; askers who come together share one reading. What is kept is not forgotten when it is due: who
// must not wait is answered from memory, and reading goes on behind (Run).
type Inventory struct {
	list []App
	now  func() time.Time
	// keep is how long a list is good.
	keep time.Duration
	// Walks is where apps of many accounts are read page by page; nil: each list is read at once, however long it is.
	Walks Walks

	flights singleflight.Group
	// due wakes Run; a list is in it once at most. With Run, every reading ends.
	due  chan behind
	life context.Context
	end  context.CancelFunc

	mu      sync.Mutex
	seats   map[string]approvals.SeatList
	items   map[behind]approvals.ItemList
	owned   map[ownedBy]ownings
	changed map[string]time.Time // when something was written; what was read before is not good any more
	waiting map[behind]bool      // lists in due, or being read
	blind   map[string]time.Time // since when readings fail, by flight
	many    map[string]bool      // apps that have more accounts than are read at once
	walked  map[string]time.Time // when the last walk over them began
	wanted  map[string]time.Time // when somebody would have had them fresher than they were
}

var _ approvals.Inventory = (*Inventory)(nil)

// NewInventory reads the given apps; lists are good for keep.
func NewInventory(apps []App, keep time.Duration, now func() time.Time) *Inventory {
	life, end := context.WithCancel(context.Background())
	room := 0
	for _, a := range apps {
		room += len(a.lists())
	}
	return &Inventory{life: life, end: end, list: apps, now: now, keep: keep, due: make(chan behind, room), waiting: map[behind]bool{},
		seats: map[string]approvals.SeatList{}, items: map[behind]approvals.ItemList{}, owned: map[ownedBy]ownings{}, changed: map[string]time.Time{}, blind: map[string]time.Time{},
		many: map[string]bool{}, walked: map[string]time.Time{}, wanted: map[string]time.Time{}}
}

// Apps implements approvals.Inventory.
func (v *Inventory) Apps() []approvals.App {
	var out []approvals.App
	for _, a := range v.list {
		out = append(out, a.App)
	}
	return out
}

func (v *Inventory) app(id string) (App, error) {
	for _, a := range v.list {
		if a.ID == id {
			return a, nil
		}
	}
	return App{}, approvals.Refuse(approvals.NotFound, "There's no app called `%v` here.", id)
}

// Changed says that something was written to an app: what was read before is not good any more.
func (v *Inventory) Changed(app string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.changed[app] = v.now()
}

// good reports whether a list that was read at a time may still be relied on; v.mu is held.
func (v *Inventory) good(app string, at time.Time) bool {
	return !at.IsZero() && v.now().Sub(at) < v.keep && !at.Before(v.changed[app])
}

// Seats implements approvals.Inventory.
func (v *Inventory) Seats(ctx context.Context, app string, fresh bool) (approvals.SeatList, error) {
	return v.seatsSince(ctx, app, v.since(app, fresh))
}

// Items implements approvals.Inventory.
func (v *Inventory) Items(ctx context.Context, app, resource string) (approvals.ItemList, error) {
	return v.itemsSince(ctx, app, resource, v.since(app, false))
}

// since is when a list must have been read at the earliest to answer somebody who waits for it.
func (v *Inventory) since(app string, fresh bool) time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	oldest := v.now()
	if !fresh {
		oldest = oldest.Add(1 - v.keep)
	}
	if changed := v.changed[app]; changed.After(oldest) {
		return changed
	}
	return oldest
}

// seatsSince is the list of seats as it was read at a time or later.
func (v *Inventory) seatsSince(ctx context.Context, app string, since time.Time) (approvals.SeatList, error) {
	l, err := v.few(ctx, app, since)
	if errors.Is(err, errMany) {
		return v.all(ctx, app, since)
	}
	return l, err
}

// itemsSince is seatsSince for the resources of a key.
func (v *Inventory) itemsSince(ctx context.Context, app, resource string, since time.Time) (approvals.ItemList, error) {
	a, err := v.app(app)
	if err != nil {
		return approvals.ItemList{}, err
	}
	read := func(ctx context.Context, now time.Time) (approvals.ItemList, error) {
		return a.readItems(ctx, resource, now)
	}
	return kept(ctx, v, v.items, behind{app, approvals.List(resource)}, resource+"/"+app, since, func(l approvals.ItemList) time.Time { return l.At }, read)
}

// kept answers from what is kept, or reads once for everybody who asks meanwhile; who joins a reading that
// began too early for them reads once more. The reading goes on when the asker gives up, so that the next
// one finds it.
func kept[K comparable, L any](ctx context.Context, v *Inventory, cache map[K]L, of K, flight string, since time.Time, at func(L) time.Time, read func(context.Context, time.Time) (L, error)) (L, error) {
	v.mu.Lock()
	list := cache[of]
	v.mu.Unlock()
	for range 2 {
		if begun := at(list); !begun.IsZero() && !begun.Before(since) {
			break
		}
		result := v.flights.DoChan(flight, func() (any, error) {
			own, cancel := context.WithTimeout(v.life, patientLook)
			defer cancel()
			list, err := read(own, v.now())
			v.mu.Lock()
			if err == nil {
				cache[of] = list
			}
			if v.fared(flight, err); errors.Is(err, errMany) {
				v.fared(flight, nil) // it answered
			}
			v.mu.Unlock()
			return list, err
		})
		select {
		case r := <-result:
			if r.Err != nil {
				return list, r.Err
			}
			list = r.Val.(L)
		case <-ctx.Done():
			return list, fmt.Errorf("read %s: %w", flight, ctx.Err())
		}
	}
	return list, nil
}

func (a App) readItems(ctx context.Context, resource string, now time.Time) (approvals.ItemList, error) {
	items, err := a.Reader.Items(ctx, resource)
	if err != nil {
		return approvals.ItemList{}, fmt.Errorf("list %s of %s: %w", resource, a.ID, err)
	}
	r, _ := a.Entry.Resource(resource)
	return approvals.ItemList{Items: items, At: now, Nameless: r.Nameless}, nil
}

// Detail implements approvals.Inventory. It is always read anew.
func (v *Inventory) Detail(ctx context.Context, app string, id string) (out approvals.SeatDetail, err error) {
	a, err := v.app(app)
	if err != nil {
		return out, err
	}
	d, err := a.Account(ctx, approvals.Seat{ID: id})
	switch {
	case err != nil:
		return out, fmt.Errorf("read account %s of %s: %w", id, app, err)
	case d == nil:
		return out, fmt.Errorf("read account %s of %s: it has no details", id, app)
	}
	out = *d
	if a.Entry.Reads.Holds {
		if out.Held, err = v.named(ctx, a, id, a.Held); err != nil {
			return out, err
		}
		out.Holds = len(out.Held)
	}
	if !a.Entry.Reads.Owns {
		return out, nil
	}
	began := v.now()
	if out.Owned, err = v.named(ctx, a, id, a.Owned); err == nil {
		v.owns(app, id, out.Owned, began)
	}
	return out, err
}

// named reads ids of resources and gives them their names.
func (v *Inventory) named(ctx context.Context, a App, id string, read func(context.Context, string) ([]string, error)) ([]catalog.Item, error) {
	ids, err := read(ctx, id)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	held, _ := a.Entry.Held()
	all, err := v.Items(ctx, a.ID, held.Key)
	if err != nil {
		return nil, err
	}
	return all.Named(ids), nil
}
