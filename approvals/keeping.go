package approvals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Keeping removes requests that were closed long ago, once a day. It is the outbox.Doer of KindKeep, in a lane of one. The order,
// and what a crash leaves after each:
//
//	promise the next day's   nothing is removed; this one is still owed, and so is the next
//	read what is old enough  it is read again
//	remove some, again and again, each time in one transaction with an audit entry that names them
//	                         what was removed is, the rest is found again
//
// Their entries in the audit log stay. Whoever asks for one of their numbers hears when it was removed (Removed).
type Keeping struct {
	Desk *Desk
	Box  Promises
	// For is how long closed requests are kept; 0: for ever.
	For time.Duration
	// Rests are those who know of more requests that something open rests on.
	Rests []func(ctx context.Context) ([]int64, error)
	Now   func() time.Time
	Log   *slog.Logger
}

// Promises takes promises; outbox.Box does.
type Promises interface {
	Promise(ctx context.Context, changes ...outbox.Change) error
}

const (
	// keepHour is when it is done, by UTC.
	keepHour = 2 * time.Hour
	replan   = time.Hour
	// atOnceRemoved is about how many requests one transaction removes.
	atOnceRemoved   = 50
	keepAgainSoon   = 5 * time.Second
	keepAgainLatest = 10 * time.Minute
)

// Run sees to it that the next day's is promised, at once and then every hour, until ctx ends.
func (k *Keeping) Run(ctx context.Context) {
	tick := time.NewTicker(replan)
	defer tick.Stop()
	for ctx.Err() == nil && k.For > 0 {
		if err := k.plan(ctx); err != nil && ctx.Err() == nil {
			k.Log.ErrorContext(ctx, "cannot plan when closed requests are removed", "err", err)
		}
		k.Desk.Wake()
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// plan promises the next.
func (k *Keeping) plan(ctx context.Context) error {
	at := k.Now().UTC().Truncate(24 * time.Hour).Add(keepHour)
	if !at.After(k.Now()) {
		at = at.Add(24 * time.Hour)
	}
	promise := func() error {
		return k.Box.Promise(ctx, outbox.PromiseOnce(KeepKey(at.Format(time.DateOnly)), at))
	}
	err := promise()
	if errors.Is(err, ErrUnknownOutcome) {
		err = promise()
	}
	return err
}

// Do implements outbox.Doer.
func (k *Keeping) Do(ctx context.Context, job outbox.Job) outbox.Result {
	if k.For == 0 {
		return outbox.Done() // they are kept for ever by now
	}
	err := k.plan(ctx)
	if err == nil {
		err = k.remove(ctx, k.Now())
	}
	if err != nil {
		return outbox.RetryAt(k.Now().Add(outbox.Backoff(job.Tries, keepAgainSoon, keepAgainLatest)), err.Error())
	}
	return outbox.Done()
}

// remove removes all that may go by now.
func (k *Keeping) remove(ctx context.Context, now time.Time) error {
	before := now.Add(-k.For)
	rests, err := k.rests(ctx)
	if err != nil {
		return err
	}
	old, err := k.Desk.askedBefore(ctx, before)
	if err != nil {
		return err
	}
	var some [][]Request
	n := 0
	for _, group := range Removable(old, before, rests) {
		if some, n = append(some, group), n+len(group); n >= atOnceRemoved {
			if err := k.Desk.removeAll(ctx, some, k.For, now); err != nil {
				return err
			}
			some, n = nil, 0
		}
	}
	return k.Desk.removeAll(ctx, some, k.For, now)
}

func (k *Keeping) rests(ctx context.Context) (map[int64]bool, error) {
	on := map[int64]bool{}
	for _, of := range k.Rests {
		numbers, err := of(ctx)
		if err != nil {
			return nil, fmt.Errorf("find which requests something rests on: %w", err)
		}
		for _, n := range numbers {
			on[n] = true
		}
	}
	return on, nil
}

// askedBefore are all requests that were asked before a moment, oldest first: none that is newer was closed before it. It reads those
// that stay however old they are, and a page more.
func (d *Desk) askedBefore(ctx context.Context, at time.Time) (all []Request, err error) {
	for from := int64(1); ; {
		page, err := d.Requests(ctx, Filter{All: true, From: from}, mostAtOnce)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			if !r.Asked.Before(at) {
				return all, nil
			}
			all, from = append(all, r), r.Number+1
		}
		if len(page) < mostAtOnce {
			return all, nil
		}
	}
}

// removeAll removes some requests, each group whole or not at all, in one transaction with its audit entry. One of which something is
// still promised stays, and those that hang together with it: the next day finds them again.
func (d *Desk) removeAll(ctx context.Context, groups [][]Request, kept time.Duration, now time.Time) error {
	if len(groups) == 0 {
		return nil
	}
	return d.update(ctx, func(tx Tx) error {
		var gone []int64
		for _, group := range groups {
			free, err := d.stillOver(tx, group)
			if err != nil {
				return err
			}
			if !free {
				continue
			}
			for _, r := range group {
				if err := tx.Remove(Removed{Number: r.Number, Nonce: r.Nonce, State: r.State, Closed: r.closedAt().UTC(), At: now.UTC(), Kept: kept}, Traces(r.Number)); err != nil {
					return fmt.Errorf("remove request #%d: %w", r.Number, err)
				}
				gone = append(gone, r.Number)
			}
		}
		if len(gone) == 0 {
			return nil
		}
		return tx.Audit(removedAs(gone, kept, now))
	})
}

// stillOver reports whether a group stands as it did when it was read, and nothing of it is promised. A closed request changes no
// more but by somebody's word, and then it isn't closed.
func (d *Desk) stillOver(tx Tx, group []Request) (bool, error) {
	for _, was := range group {
		r, err := tx.Request(was.Number)
		if errors.Is(err, ErrNoRequest) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("load request #%d: %w", was.Number, err)
		}
		owed, err := tx.Owed(Traces(r.Number))
		if err != nil {
			return false, fmt.Errorf("find what is promised of request #%d: %w", r.Number, err)
		}
		if owed || !d.known(r).closedAt().Equal(was.closedAt()) {
			return false, nil
		}
	}
	return true, nil
}

// removedWords are what the entry and the log call it.
const removedWords = "closed requests removed"

// removedAs is the entry that names what was removed.
func removedAs(gone []int64, kept time.Duration, now time.Time) Entry {
	raw, _ := json.Marshal(struct { // numbers and words always encode
		Kept     string  `json:"kept"`
		Requests []int64 `json:"requests"`
	}{Lasting(kept), gone})
	return Entry{At: now, Actor: Usher, What: removedWords, Surface: "usher", Detail: raw}
}
