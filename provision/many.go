package provision

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
)

// UpTo is a Reader that can tell early that there are more accounts than anybody waits for.
type UpTo interface {
	// SeatsUpTo is Seats, unless there are more than so many: then many says so, and there is no list.
	SeatsUpTo(ctx context.Context, most int) (list []approvals.Seat, many bool, err error)
}

// Walks are readings of an app's accounts page by page, whose pages are kept.
type Walks interface {
	// Walk is one that was begun at a moment or later, or, where it took long, some minutes before. After an error whoever asks again
	// goes on where it was.
	Walk(ctx context.Context, app approvals.App, since time.Time) (approvals.Accounts, error)
	// Newest is the last that came to its end, and how long it took; known is false where there is none.
	Newest(ctx context.Context, app approvals.App) (a approvals.Accounts, took time.Duration, known bool, err error)
	// Underway is how far the one is that hasn't come to its end yet; its zero value: there is none.
	Underway(ctx context.Context, app string) (Progress, error)
}

// Progress is how many accounts a reading has read since it began, of about how many; About 0: nobody knows.
type Progress struct {
	Begun       time.Time
	Read, About int
}

const (
	// mostAtOnce is how many accounts are read while somebody waits: at the pace of a vendor that gives a hundred at a time, four times a
	// second, that takes a quarter of a minute. Of an app that has more its walks are what is known.
	mostAtOnce = 6000
	// A walk answers commands for as long as ten such walks take, so that a tenth of the vendor's pace at most goes into reading for
	// them, and no longer than goodFor. One that is older than oldestWalk says nothing any more.
	walksApart, goodFor, oldestWalk = 10, 2 * time.Hour, 36 * time.Hour
	// goneOnWith is how long after its beginning a walk is gone on with, and sharedFor how much older than asked for one may be.
	goneOnWith, sharedFor = 6 * time.Hour, 10 * time.Minute
)

// errWalking says that whoever asked gave up waiting for a walk, which goes on.
var errWalking = errors.New("its accounts are being read, which takes minutes")

// errMany says that an app has more accounts than are read while somebody waits.
var errMany = errors.New("there are too many to read while somebody waits")

// few are an app's accounts as they were read at a time or later; errMany where they are too many, and walks are kept of it.
func (v *Inventory) few(ctx context.Context, app string, since time.Time) (approvals.SeatList, error) {
	a, err := v.app(app)
	if err != nil {
		return approvals.SeatList{}, err
	}
	if v.hasMany(app) {
		return approvals.SeatList{}, errMany
	}
	read := func(ctx context.Context, now time.Time) (approvals.SeatList, error) {
		list, err := v.upTo(ctx, a)
		return approvals.SeatList{App: a.App, Seats: list, Bought: a.Bought, At: now}, err
	}
	return kept(ctx, v, v.seats, app, "seats/"+app, since, func(l approvals.SeatList) time.Time { return l.At }, read)
}

// upTo reads an app's accounts unless they are too many, where walks are kept of it.
func (v *Inventory) upTo(ctx context.Context, a App) (list []approvals.Seat, err error) {
	counts, ok := a.Reader.(UpTo)
	many := false
	if !ok || v.Walks == nil {
		list, err = a.Reader.Seats(ctx)
	} else {
		list, many, err = counts.SeatsUpTo(ctx, mostAtOnce)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("list seats of %s: %w", a.ID, err)
	case many:
		v.sized(a.ID, mostAtOnce+1)
		return nil, errMany
	}
	return list, nil
}

// hasMany reports whether an app is known to have more accounts than are read while somebody waits.
func (v *Inventory) hasMany(app string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.many[app]
}

// sized notes how many accounts an app was seen to have.
func (v *Inventory) sized(app string, n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.many[app] = n > mostAtOnce; v.many[app] {
		delete(v.seats, app) // what it was while they were fewer says nothing any more
	}
}

// Accounts implements approvals.Inventory.
func (v *Inventory) Accounts(ctx context.Context, app string, fresh bool) (approvals.Accounts, error) {
	l, err := v.few(ctx, app, v.since(app, fresh))
	if !errors.Is(err, errMany) {
		return l.Accounts(), err
	}
	a, err := v.app(app)
	if err != nil {
		return approvals.Accounts{}, err
	}
	last, took, known, err := v.Walks.Newest(ctx, a.App)
	if err != nil {
		return last, err
	}
	age := v.now().Sub(last.At)
	if fresh {
		v.want(app)
	}
	if last.Renewing = !known || fresh || age > min(took*walksApart, goodFor); last.Renewing {
		v.Renew(app, approvals.Seats)
	}
	if !known || age > oldestWalk {
		return approvals.Accounts{}, v.stillReading(ctx, a)
	}
	return last, nil
}

// want notes that somebody would have had an app's accounts fresher than they are.
func (v *Inventory) want(app string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.wanted[app] = v.now()
}

// stillReading says how far the reading of an app is of which nothing is known yet.
func (v *Inventory) stillReading(ctx context.Context, a App) error {
	p, err := v.Walks.Underway(ctx, a.ID)
	if err != nil {
		return err
	}
	now := v.now()
	gone := now.Sub(p.Begun)
	if p.Read == 0 || p.About <= p.Read || gone <= 0 {
		return approvals.Refuse(approvals.Unavailable, "%v has more accounts than I can read in a moment, so I'm reading them now. Please ask me again in a few minutes.", a.Name)
	}
	ready := now.Add(time.Duration(float64(gone)*float64(p.About-p.Read)/float64(p.Read)) + time.Minute).Truncate(time.Minute)
	return approvals.Refuse(approvals.Unavailable, "%v has about %v accounts and I'm still reading them: %v so far. Please ask me again at %v.", a.Name, approvals.Grouped(p.About), approvals.Grouped(p.Read), ready)
}

// Walk implements approvals.Inventory.
func (v *Inventory) Walk(ctx context.Context, app string) (approvals.Accounts, error) {
	l, err := v.few(ctx, app, v.since(app, true))
	if !errors.Is(err, errMany) {
		return l.Accounts(), err
	}
	return v.walk(ctx, app)
}

// walk walks over an app of many accounts, or goes on with the walk that was cut off.
func (v *Inventory) walk(ctx context.Context, app string) (approvals.Accounts, error) {
	a, err := v.app(app)
	if err != nil {
		return approvals.Accounts{}, err
	}
	since := v.now()
	if p, err := v.Walks.Underway(ctx, app); err != nil {
		return approvals.Accounts{}, err
	} else if !p.Begun.IsZero() && p.Begun.Before(since) && since.Sub(p.Begun) < goneOnWith {
		since = p.Begun
	}
	all, err := v.Walks.Walk(ctx, a.App, since)
	if err != nil {
		return all, fmt.Errorf("walk over the accounts of %s: %w", app, err)
	}
	v.sized(app, all.Count)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.walked[app] = all.At
	return all, nil
}

// all are the accounts of an app that has many, for whoever can't do with less, as they were read since a moment or some minutes before. Who
// gives up waiting finds them the next time.
func (v *Inventory) all(ctx context.Context, app string, since time.Time) (approvals.SeatList, error) {
	v.mu.Lock()
	if early := since.Add(-sharedFor); !v.changed[app].After(early) {
		since = early
	} else if v.changed[app].Before(since) {
		since = v.changed[app]
	}
	v.mu.Unlock()
	a, err := v.app(app)
	if err != nil {
		return approvals.SeatList{}, err
	}
	for range 2 {
		last, _, known, err := v.Walks.Newest(ctx, a.App)
		if err != nil {
			return approvals.SeatList{}, err
		}
		if known && !last.At.Before(since) {
			return last.List()
		}
		walk := v.flights.DoChan("walk/"+app, func() (any, error) { return v.walk(v.life, app) })
		select {
		case r := <-walk:
			if r.Err != nil {
				return approvals.SeatList{}, r.Err
			}
		case <-ctx.Done():
			return approvals.SeatList{}, fmt.Errorf("wait for the accounts of %s: %w", app, errWalking)
		}
	}
	return approvals.SeatList{}, fmt.Errorf("read the accounts of %s: something was written to it meanwhile", app)
}

// walkDue walks over an app of many accounts for commands to come, where that is due.
func (v *Inventory) walkDue(ctx context.Context, app string) error {
	a, err := v.app(app)
	if err != nil {
		return err
	}
	last, took, known, err := v.Walks.Newest(ctx, a.App)
	if err != nil {
		return err
	}
	v.mu.Lock()
	fresh := v.wanted[app].After(last.At)
	v.mu.Unlock()
	if known && !fresh && v.now().Sub(last.At) <= min(took*walksApart, goodFor) {
		return nil
	}
	_, err = v.walk(ctx, app)
	return err
}
