package commands

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// account is an account that exists, as its app lists it.
type account struct {
	app  approvals.App
	seat approvals.Seat
	list approvals.SeatList
	// person is whose it is, where it was named by a person.
	person approvals.PersonID
	// left is set where it was named by a person whom Slack shows as deactivated.
	left bool
}

// concerning is a command about one account.
type concerning interface {
	Command
	// subject is the account as it was typed, and its app.
	subject() (whom, string)
}

// account finds the account a command is about. What by may know decides what is said where there is none.
func (h *House) account(ctx context.Context, c concerning, by approvals.PersonID) (a account, err error) {
	who, app := c.subject()
	if a.app, err = h.app(app, c); err != nil {
		return a, err
	}
	email, left, err := h.email(ctx, who)
	if err != nil {
		return a, err
	}
	a.left, a.person = left, who.person
	switch a.seat, a.list, err = h.listed(ctx, a.app, email); {
	case errors.Is(err, errUnlisted):
		return a, h.unlisted(ctx, c, by, email, a)
	case err != nil && c.Keeps():
		return a, unread(a.app, err)
	case err != nil:
		return a, unshown(a.app, err)
	}
	return a, nil
}

// wish is to do something with the account; what changes is left to say.
func (a account) wish(action approvals.Action, reason string) wish {
	return wish{app: a.app, action: action, seats: count(a.list), reason: reason, change: approvals.Change{
		Account: a.seat.ID, Email: a.seat.Email, Person: a.person, FirstName: a.seat.FirstName, LastName: a.seat.LastName, Type: a.seat.Type,
	}}
}

var errUnlisted = errors.New("no such account is listed")

// listed finds the seat of an address. A list that lacks it is read anew once, because the seat may
// be younger than the list. errUnlisted: there is none; every other error means that the vendor could
// not be read.
func (h *House) listed(ctx context.Context, app approvals.App, email string) (approvals.Seat, approvals.SeatList, error) {
	list, err := h.Inventory.Seats(ctx, app.ID, false)
	seat, ok := find(list, email)
	if err == nil && !ok {
		list, err = h.Inventory.Seats(ctx, app.ID, true)
		seat, ok = find(list, email)
	}
	if err == nil && !ok {
		err = errUnlisted
	}
	if err != nil {
		return seat, list, fmt.Errorf("find %s: %w", email, err)
	}
	return seat, list, nil
}

// unlisted answers an address without an account. Only who may see the accounts is told of others.
func (h *House) unlisted(ctx context.Context, c concerning, by approvals.PersonID, email string, a account) error {
	said := approvals.Sayf("%v lists no account for %v", a.app.Name, email)
	if c.Keeps() {
		said = approvals.Sayf("%v, so nothing was asked", said)
	}
	s, shares := c.(share)
	shares = shares && !s.back
	reads := h.approver(ctx, by) == approvals.May
	if guess := nearestAddress(email, emails(a.list)); reads && guess != "" {
		who, _ := c.subject()
		reply := Reply{Head: approvals.Sayf("%v. Did you mean %v?", said, guess), Examples: []string{strings.Replace(c.Typed(), who.typed(), guess, 1)}}
		if shares {
			reply.Lines = []approvals.Text{approvals.Sayf("`/access create %v FIRST because …` asks for a new one.", email)}
		}
		return &stop{reply}
	}
	next := []approvals.Text{approvals.Sayf("%v.", said)}
	if shares {
		next = append(next, approvals.Sayf("`/access create %v FIRST because …` asks for one.", email))
	} else {
		next = append(next, approvals.Sayf("Please check the address."))
	}
	if reads {
		next = append(next, approvals.Sayf("`/access accounts` shows who has one."))
	}
	return approvals.Refuse(approvals.NotFound, "%v", approvals.Join(next, " "))
}

func emails(list approvals.SeatList) []string {
	var all []string
	for _, s := range list.Seats {
		all = append(all, s.Email)
	}
	return all
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
