package provision

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/approvals"
)

// Pager is a Reader whose accounts can be read a page at a time, where they may be more than one wants to hold at once.
type Pager interface {
	// Page reads one page; "" is the first, and Next of each says where the next one is, in this life of the program or another.
	Page(ctx context.Context, from string) (approvals.SeatPage, error)
}

// Page reads a page of an app's accounts; "" is the first. An app that has no pages has all of them on one. A list that is one
// page is kept as any that was read (Seats); a longer one is not kept.
func (v *Inventory) Page(ctx context.Context, app, from string) (approvals.SeatPage, error) {
	a, err := v.app(app)
	if err != nil {
		return approvals.SeatPage{}, err
	}
	began := v.now()
	ctx, cancel := context.WithTimeout(ctx, patientLook)
	defer cancel()
	p, err := a.page(ctx, from)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.fared("seats/"+app, err); err != nil {
		return approvals.SeatPage{}, err
	}
	if p.Bought = a.Bought; p.Total > mostAtOnce && v.Walks != nil {
		v.many[app] = true
	}
	if from == "" && p.Next == "" && began.After(v.seats[app].At) {
		v.seats[app] = approvals.SeatList{App: a.App, Seats: p.Seats, Bought: a.Bought, At: began}
	}
	return p, nil
}

func (a App) page(ctx context.Context, from string) (approvals.SeatPage, error) {
	if pager, ok := a.Reader.(Pager); ok {
		p, err := pager.Page(ctx, from)
		if err != nil {
			return p, fmt.Errorf("read a page of the seats of %s: %w", a.ID, err)
		}
		return p, nil
	}
	seats, err := a.Reader.Seats(ctx)
	if err != nil {
		return approvals.SeatPage{}, fmt.Errorf("list seats of %s: %w", a.ID, err)
	}
	return approvals.SeatPage{Seats: seats, Total: len(seats)}, nil
}
