package apiclient

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
)

// Pace has each call to a vendor wait for its turn. A *rate.Limiter is one, for a process that is alone with its key.
type Pace interface {
	// Wait returns when the call may go; an error: not before ctx ends, or nobody knows.
	Wait(ctx context.Context) error
}

// Turns are what several processes take in turn, kept by the store that they share. Waits mean the same by each one's clock.
type Turns interface {
	// Turn takes the next turn under a key, gap after the one before it, and says how far off it is. One further off than patience isn't
	// taken, and later says so. behind is a key whose hold counts too.
	Turn(ctx context.Context, key, behind string, gap, patience time.Duration) (wait time.Duration, later bool, err error)
	// Hold lets nobody have a turn under a key before d has passed.
	Hold(ctx context.Context, key string, d time.Duration) error
}

// Shared is a Pace of all processes that have one key of a vendor's. While nobody can be asked whose turn it is, nothing is called.
type Shared struct {
	Turns Turns
	// Name is what the pace is kept under (KeyName).
	Name string
	// Gap is how far one call is from the next.
	Gap time.Duration
	Now func() time.Time
}

const (
	// turnPatience is how far off a turn may be that is waited for; holdWithin bounds the telling of others that they are to wait.
	turnPatience = 2 * time.Minute
	holdWithin   = time.Second
)

var errNoTurn = errors.New("its turn doesn't come in time: the pace that the vendor allows is used up")

// Wait implements Pace.
func (s Shared) Wait(ctx context.Context) error {
	wait, later, err := s.Turns.Turn(ctx, s.Name, "", s.Gap, turnPatience)
	switch {
	case err != nil:
		return err
	case later, wait > 0 && !Pause(ctx, s.Now(), wait):
		return errors.Join(errNoTurn, ctx.Err())
	}
	return nil
}

// Hold has everybody wait whom a vendor has told one of that it's too much. Who can't be told runs into it, too.
func (s Shared) Hold(ctx context.Context, d time.Duration) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), holdWithin)
	defer cancel()
	_ = s.Turns.Hold(ctx, s.Name, d)
}

// KeyName is what a vendor's key is called where it must not stand: the same for the same key, and nobody can tell the key by it.
func KeyName(vendor string, key Secret) string {
	sum := sha256.Sum256([]byte(key.Reveal()))
	return vendor + "/" + hex.EncodeToString(sum[:8])
}

// Locks let one at a time do something, among all processes, kept by the store that they share.
type Locks interface {
	// Lock takes the lock of a name; held is false while somebody else has it. The token is for the others.
	Lock(ctx context.Context, name string) (token int64, held bool, err error)
	// Still reports whether a lock is still its holder's: who was silent for long may have lost it.
	Still(ctx context.Context, name string, token int64) (held bool, err error)
	// Unlock lets go of it.
	Unlock(ctx context.Context, name string, token int64) error
}
