package approvals

import "time"

// follows does what follows from a step of a request for others and for itself, in its transaction: a share of a pool is given or comes back, a seat that is free goes to
// who waits, what hung on an account that is gone goes with it, what is asked beside it is counted anew, a yes takes its seat, a bundle goes on, and an end moves. was is the request
// as it was before it was found out how it stands now, and r as it stood then.
func (d *Desk) follows(tx Tx, was, r, next Request, e Event, now time.Time) (Request, error) {
	if err := d.shared(tx, r, next, e, now); err != nil {
		return r, err
	}
	if err := d.freed(tx, r, next, now); err != nil {
		return r, err
	}
	if err := d.along(tx, r, next, now); err != nil {
		return r, err
	}
	if err := d.competed(tx, r, next, now); err != nil {
		return r, err
	}
	next, err := d.reserve(tx, r, next, e, now)
	if err != nil {
		return r, err
	}
	if next, err = d.bundled(tx, was, next, now); err != nil {
		return next, err
	}
	return d.prolong(tx, r, next, now)
}
