package provision

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/usherbot/usher/approvals"
)

// Reader reads what one app holds at its vendor.
type Reader interface {
	Seats(ctx context.Context) ([]approvals.Seat, error)
	Sites(ctx context.Context) ([]approvals.Site, error)
	// Account is what one account has beside websites, read under its own id; nil: it is listed, and has no details.
	Account(ctx context.Context, s approvals.Seat) (*approvals.SeatDetail, error)
	// Shared and Owned are the websites that an account sees, and those that are its own.
	Shared(ctx context.Context, id int64) ([]int64, error)
	Owned(ctx context.Context, id int64) ([]int64, error)
}

// App is one configured app and what reads it.
type App struct {
	approvals.App
	Reader
	// Permissions are those that can be asked for.
	Permissions []approvals.Permission
	// Bought is the number of seats bought; 0: not known. No vendor call tells it (facts 1.5).
	Bought int
}

// Inventory reads what the vendors hold. Lists are kept for a while, so that a command is answered
// at once; askers who come together share one reading. What is kept is not forgotten when it is due: who
// must not wait is answered from memory, and reading goes on behind (Run).
type Inventory struct {
	list []App
	now  func() time.Time
	// keep is how long a list is good.
	keep time.Duration

	flights singleflight.Group
	// due wakes Run; a list is in it once at most. With Run, every reading ends.
	due  chan behind
	life context.Context
	end  context.CancelFunc

	mu      sync.Mutex
	seats   map[string]approvals.SeatList
	sites   map[string]approvals.SiteList
	owned   map[ownedBy]ownings
	changed map[string]time.Time // when something was written; what was read before is not good any more
	waiting map[behind]bool      // lists in due, or being read
}

var _ approvals.Inventory = (*Inventory)(nil)

// NewInventory reads the given apps; lists are good for keep.
func NewInventory(apps []App, keep time.Duration, now func() time.Time) *Inventory {
	life, end := context.WithCancel(context.Background())
	return &Inventory{life: life, end: end, list: apps, now: now, keep: keep, due: make(chan behind, 2*len(apps)), waiting: map[behind]bool{},
		seats: map[string]approvals.SeatList{}, sites: map[string]approvals.SiteList{}, owned: map[ownedBy]ownings{}, changed: map[string]time.Time{}}
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

// Sites implements approvals.Inventory.
func (v *Inventory) Sites(ctx context.Context, app string) (approvals.SiteList, error) {
	return v.sitesSince(ctx, app, v.since(app, false))
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
	a, err := v.app(app)
	if err != nil {
		return approvals.SeatList{}, err
	}
	return kept(ctx, v, v.seats, "seats/"+app, app, since, func(l approvals.SeatList) time.Time { return l.At }, a.readSeats)
}

// sitesSince is seatsSince for websites.
func (v *Inventory) sitesSince(ctx context.Context, app string, since time.Time) (approvals.SiteList, error) {
	a, err := v.app(app)
	if err != nil {
		return approvals.SiteList{}, err
	}
	return kept(ctx, v, v.sites, "sites/"+app, app, since, func(l approvals.SiteList) time.Time { return l.At }, a.readSites)
}

// kept answers from what is kept, or reads once for everybody who asks meanwhile; who joins a reading that
// began too early for them reads once more. The reading goes on when the asker gives up, so that the next
// one finds it.
func kept[L any](ctx context.Context, v *Inventory, cache map[string]L, flight, app string, since time.Time, at func(L) time.Time, read func(context.Context, time.Time) (L, error)) (L, error) {
	v.mu.Lock()
	list := cache[app]
	v.mu.Unlock()
	for range 2 {
		if begun := at(list); !begun.IsZero() && !begun.Before(since) {
			break
		}
		result := v.flights.DoChan(flight, func() (any, error) {
			own, cancel := context.WithTimeout(v.life, patientLook)
			defer cancel()
			list, err := read(own, v.now())
			if err == nil {
				v.mu.Lock()
				cache[app] = list
				v.mu.Unlock()
			}
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

func (a App) readSeats(ctx context.Context, now time.Time) (approvals.SeatList, error) {
	seats, err := a.Reader.Seats(ctx)
	if err != nil {
		return approvals.SeatList{}, fmt.Errorf("list seats of %s: %w", a.ID, err)
	}
	return approvals.SeatList{App: a.App, Seats: seats, Bought: a.Bought, At: now}, nil
}

func (a App) readSites(ctx context.Context, now time.Time) (approvals.SiteList, error) {
	sites, err := a.Reader.Sites(ctx)
	if err != nil {
		return approvals.SiteList{}, fmt.Errorf("list sites of %s: %w", a.ID, err)
	}
	return approvals.SiteList{Sites: sites, At: now}, nil
}

// Detail implements approvals.Inventory. It is always read anew.
func (v *Inventory) Detail(ctx context.Context, app string, id int64) (approvals.SeatDetail, error) {
	a, err := v.app(app)
	if err != nil {
		return approvals.SeatDetail{}, err
	}
	d, err := a.Account(ctx, approvals.Seat{ID: id})
	switch {
	case err != nil:
		return approvals.SeatDetail{}, fmt.Errorf("read account %d of %s: %w", id, app, err)
	case d == nil:
		return approvals.SeatDetail{}, fmt.Errorf("read account %d of %s: it has no details", id, app)
	}
	out := *d
	if out.Shared, err = v.named(ctx, a, id, a.Shared); err != nil {
		return out, err
	}
	out.Sites = len(out.Shared)
	began := v.now()
	if out.Owned, err = v.named(ctx, a, id, a.Owned); err == nil {
		v.owns(app, id, out.Owned, began)
	}
	return out, err
}

// named reads site ids and gives them their names.
func (v *Inventory) named(ctx context.Context, a App, id int64, read func(context.Context, int64) ([]int64, error)) ([]approvals.Site, error) {
	ids, err := read(ctx, id)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	all, err := v.Sites(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	return all.Named(ids), nil
}
