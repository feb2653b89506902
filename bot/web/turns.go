package web

import (
	"context"
	"time"
)

// Turns are what several processes take in turn, kept by the store that they share. Waits mean the same by each one's clock.
type Turns interface {
	// Turn takes the next turn under a key, gap after the one before it, and says how far off it is. One further off than patience isn't
	// taken: later says so, and wait when to come back. behind is a key whose hold counts too.
	Turn(ctx context.Context, key, behind string, gap, patience time.Duration) (wait time.Duration, later bool, err error)
	// Held is for how long nobody may have a turn under a key.
	Held(ctx context.Context, key string) (time.Duration, error)
	// Hold lets nobody have a turn under a key before d has passed.
	Hold(ctx context.Context, key string, d time.Duration) error
}

// How long it may take to find out whose turn it is to post, and whether a method is held; people may be waiting for what follows that.
const (
	turnWithin = 2 * time.Second
	heldWithin = 300 * time.Millisecond
)

// keyOf is the key of a method or a channel among all that is shared.
func keyOf(name string) string { return "slack/" + name }

// among is turn, among all who post.
func (p *pace) among(ctx context.Context, method, channel, who string) (d time.Duration, ok bool, err error) {
	if p.shared == nil {
		d, ok = p.turn(method, channel, who)
		return d, ok, nil
	}
	if channel == "" {
		ctx, cancel := context.WithTimeout(ctx, heldWithin)
		defer cancel()
		if held, err := p.shared.Held(ctx, keyOf(method)); err == nil && held > p.held(method) {
			p.holdHere(method, held)
		}
		d, ok = p.turn(method, "", "")
		return d, ok, nil
	}
	if held := p.held(method); held > patience { // that others couldn't be told
		return held, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, turnWithin)
	defer cancel()
	d, later, err := p.shared.Turn(ctx, keyOf(channel), keyOf(method), spacing, patience)
	return d, !later, err
}

// hold leaves a method alone for d. Others who can't be told run into the limit themselves.
func (p *pace) hold(ctx context.Context, method string, d time.Duration) {
	p.holdHere(method, d)
	if p.shared != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), heldWithin)
		defer cancel()
		_ = p.shared.Hold(ctx, keyOf(method), d)
	}
}
