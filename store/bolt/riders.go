package bolt

import (
	"context"
	"time"
)

// A result that only says "kept" is in no hurry: lost, it is looked for and found. So it waits a moment for somebody else's commit to ride along with,
// and whoever wrote it waits as long: nobody goes on before it is on the disk.
//
//	result ──► waits (Options.Patience at most) ──► commits with the next transaction, or by itself
type riders struct {
	patience time.Duration
	waiting  []*op
	timer    *time.Timer
}

// board has an op wait, if it may. The first one's patience is everybody's.
func (r *riders) board(o *op) bool {
	if !o.patient || r.patience <= 0 {
		return false
	}
	if r.waiting = append(r.waiting, o); r.timer == nil {
		r.timer = time.NewTimer(r.patience)
	}
	return true
}

// over is when their patience is.
func (r *riders) over() <-chan time.Time {
	if r.timer == nil {
		return nil
	}
	return r.timer.C
}

// stay says who waits on.
func (r *riders) stay(left []*op) {
	if r.waiting = left; len(left) == 0 && r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
}

// ride commits those who wait by themselves.
func (s *Store) ride(r *riders) {
	r.stay(s.group(nil, r.waiting))
}

// patiently is update of what may wait for somebody else's commit.
func (s *Store) patiently(ctx context.Context, fn func(*txn) error) error {
	o := newOp(fn)
	o.patient = true
	return s.await(ctx, o)
}
