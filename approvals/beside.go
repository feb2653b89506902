package approvals

import (
	"errors"
	"fmt"
)

// ErrBeside is returned for a deed that would begin while another of the same account is not settled.
var ErrBeside = errors.New("another deed of this account is not settled")

// alone refuses to begin a deed beside another of the same account. Several of the vendor's writes replace
// all there is, so one that is still on its way would undo what another wrote meanwhile. It is read in
// the transaction that begins the deed, and so holds across restarts.
func (d *Desk) alone(tx Tx, r Request, e Event) error {
	_, begun := e.(Begun)
	if _, back := e.(BackBegun); back {
		begun = true
	}
	_, retried := e.(RetriedBy)
	if !begun && !retried {
		return nil
	}
	open, err := tx.OpenFor(r.App.ID, r.Change.Email)
	if err != nil {
		return err
	}
	for _, o := range open {
		switch {
		case o.Number == r.Number || !o.Busy():
		case begun:
			return fmt.Errorf("begin deed of #%d beside #%d: %w", r.Number, o.Number, ErrBeside)
		default:
			return Refuse(Conflict, "#%v is about the same account and is %v; two at once could undo each other. Please try #%v again once that's finished.", o.Number, o.State, r.Number)
		}
	}
	return nil
}
