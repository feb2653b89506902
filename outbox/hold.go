package outbox

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// Hold is a claim in the hands of who carries a promise out. It goes along in the context of the delivery, and every
// transaction that is made under such a context is kept only while the claim stands. It isn't a parameter, because what
// must never be forgotten must not be something that a Doer can leave out: whoever writes a new one is held to it without
// knowing of it. What a person does has no Hold.
//
//	claim ──► Under ──► transactions and calls of the delivery, each asking ──► Finish
//	                      │
//	                      └─ somebody took it over: ErrGone, nothing is kept, the context ends, no call is begun
//
// A delivery that drops its own promise together with its state has ended its claim by that, and what it writes
// afterwards is asked nothing any more.
type Hold struct {
	claimed Intent
	box     Box
	cancel  context.CancelCauseFunc
	lost    atomic.Bool
	ended   atomic.Bool
}

// ErrTaken is ErrGone where somebody else has taken over what was claimed.
var ErrTaken = fmt.Errorf("%w: somebody else has taken it over", ErrGone)

type holding struct{}

// Under is the context of a delivery of what was claimed from a box. It ends where somebody else is found to have taken it over.
func Under(ctx context.Context, claimed Intent, box Box) (context.Context, *Hold) {
	ctx, cancel := context.WithCancelCause(ctx)
	h := &Hold{claimed: claimed, box: box, cancel: cancel}
	return context.WithValue(ctx, holding{}, h), h
}

// HoldOf is the claim under which something is done; nil: nobody's, or one that has ended.
func HoldOf(ctx context.Context) *Hold {
	h, _ := ctx.Value(holding{}).(*Hold)
	if h == nil || h.ended.Load() {
		return nil
	}
	return h
}

// Stands is nil where an outward call may be begun: nobody has taken over the claim under which that is done, or it is
// done under none. ErrTaken: somebody has. Any other error: that could not be found out.
func Stands(ctx context.Context) error {
	h := HoldOf(ctx)
	if h == nil {
		return nil
	}
	if h.lost.Load() {
		return ErrTaken
	}
	return h.Heard(h.box.Stands(ctx, h.claimed), false)
}

// Key is of the promise that is held.
func (h *Hold) Key() string { return h.claimed.Key }

// Check is what a store asks of a promise as it stands (nil: nobody owes it) in a transaction that is made under a claim.
func (h *Hold) Check(stands *Intent) error {
	switch {
	case stands == nil:
		return ErrGone
	case stands.Token != h.claimed.Token:
		return ErrTaken
	}
	return nil
}

// Heard hears what became of such a transaction, and returns it; dropped says that it was to drop the promise itself. Where
// nobody knows whether it was kept, the claim counts as ended: who asks again must find what they have themselves
// written.
func (h *Hold) Heard(err error, dropped bool) error {
	switch {
	case errors.Is(err, ErrTaken):
		h.lost.Store(true)
		h.cancel(ErrTaken)
	case dropped && !errors.Is(err, ErrGone):
		h.ended.Store(true)
	}
	return err
}

// Lost reports whether somebody else was found to have taken it over.
func (h *Hold) Lost() bool { return h.lost.Load() }
