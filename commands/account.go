package commands

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherbot/usher/approvals"
)

// account is an account that exists, as its app lists it.
type account struct {
	app  approvals.App
	seat approvals.Seat
	list approvals.SeatList
}

// account finds the account a command is about, by the app's name and the person's as they were typed.
func (h *House) account(ctx context.Context, c Command, app string, who whom) (a account, err error) {
	if a.app, err = h.app(app, c); err != nil {
		return a, err
	}
	email, err := h.email(ctx, who)
	if err != nil {
		return a, err
	}
	if a.seat, a.list, err = h.listed(ctx, a.app, email); err != nil {
		return a, unread(a.app, err)
	}
	return a, nil
}

// wish is to do something with the account; what changes is left to say.
func (a account) wish(action approvals.Action, reason string) wish {
	return wish{app: a.app, action: action, seats: count(a.list), reason: reason, change: approvals.Change{
		Email: a.seat.Email, FirstName: a.seat.FirstName, LastName: a.seat.LastName, Type: a.seat.Type,
	}}
}

// listed finds the seat of an address. A list that lacks it is read anew once, because the seat may
// be younger than the list. That there is none is an *approvals.Error; every other error means that
// the vendor could not be read.
func (h *House) listed(ctx context.Context, app approvals.App, email string) (approvals.Seat, approvals.SeatList, error) {
	list, err := h.Inventory.Seats(ctx, app.ID, false)
	seat, ok := find(list, email)
	if err == nil && !ok {
		list, err = h.Inventory.Seats(ctx, app.ID, true)
		seat, ok = find(list, email)
	}
	switch {
	case err != nil:
		return seat, list, fmt.Errorf("find %s: %w", email, err)
	case !ok:
		return seat, list, approvals.Refuse(approvals.NotFound, "%v lists no account for %v, so nothing was done. `/access create %v FIRST because …` asks for one.", app.Name, email, email)
	}
	return seat, list, nil
}

func find(list approvals.SeatList, email string) (approvals.Seat, bool) {
	for _, s := range list.Seats {
		if approvals.FoldEmail(s.Email) == approvals.FoldEmail(email) {
			return s, true
		}
	}
	return approvals.Seat{}, false
}

func count(list approvals.SeatList) approvals.SeatCount {
	return approvals.SeatCount{Used: len(list.Seats), Of: list.Bought, At: list.At}
}

// unread is the refusal where a vendor could not be read. The vendor's own words, where the
// inventory has made a sentence of them, go to the person.
func unread(app approvals.App, err error) error {
	var told *approvals.Error
	if errors.As(err, &told) {
		return told
	}
	return approvals.Refuse(approvals.Unavailable, "I cannot read %v just now, so I could not check this and nothing was asked. Please try again in a few minutes.", app.Name).
		Because(fmt.Errorf("read %s: %w", app.ID, err))
}
