package provision

import (
	"context"
	"errors"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/outbox"
)

// A deed has its address to itself: in this process by a note in memory, and among processes by a lock that the store they share
// keeps, with a lease. A process that was paused past that may find it taken: it is asked once more between the mark and
// the write, and nothing is written where it's somebody else's. A crash leaves it until the lease is over; the deed, which is claimed
// by then, waits for that.

var (
	errBeside = errors.New("another request about this address is being carried out")
	errTaken  = errors.New("another process has taken this address over")
)

// letGoWithin bounds the letting go of an address; what can't be said is over when the lease is.
const letGoWithin = 2 * time.Second

// waits puts a deed off for a moment.
func (d *Deeds) waits(why error) outbox.Result {
	return outbox.RetryAt(d.Now().Add(time.Second), why.Error())
}

// lock is an address among all processes; its zero value is one where there is no other.
type lock struct {
	of    apiclient.Locks
	name  string
	token int64
	warn  func(err error)
}

// locked takes an address. Where the store can't say whose it is, nothing is begun.
func (d *Deeds) locked(ctx context.Context, address string) (lock, error) {
	if d.Locks == nil {
		return lock{}, nil
	}
	l := lock{of: d.Locks, name: "deed/" + address, warn: func(err error) {
		d.Log.WarnContext(ctx, "cannot let go of an address; it's free when the lease is over", "err", err)
	}}
	token, held, err := d.Locks.Lock(ctx, l.name)
	if err == nil && !held {
		err = errBeside
	}
	l.token = token
	return l, err
}

// still is an error where the address may be somebody else's by now.
func (l lock) still(ctx context.Context) error {
	if l.of == nil {
		return nil
	}
	held, err := l.of.Still(ctx, l.name, l.token)
	if err == nil && !held {
		err = errTaken
	}
	return err
}

func (l lock) free(ctx context.Context) {
	if l.of == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), letGoWithin)
	defer cancel()
	if err := l.of.Unlock(ctx, l.name, l.token); err != nil {
		l.warn(err)
	}
}
