package commands

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// account is an account that exists, as its app lists it.
type account struct {
	app  approvals.App
	seat approvals.Seat
	// at is when its app was read, and renewing that it's read anew just now.
	at       time.Time
	renewing bool
	// guess is the address that was most likely meant, where there is none of the one that was said.
	guess string
}

// concerning is a command about one account.
type concerning interface {
	Command
	// subject is the account as it was typed, and its app.
	subject() (whom, string)
}

// account finds the account that somebody is shown. Who asks to be shown something may wait for the vendor.
func (h *House) account(ctx context.Context, c concerning) (a account, err error) {
	who, app := c.subject()
	if a.app, err = h.app(app, c); err != nil {
		return a, err
	}
	email, _, err := h.email(ctx, who, true, knownEmail)
	if err != nil {
		return a, err
	}
	switch a, err = h.listed(ctx, a.app, email); {
	case errors.Is(err, errUnlisted):
		return a, h.unlisted(c, email, a)
	case err != nil:
		return a, unshown(a.app, err)
	}
	return a, nil
}

// target is the account that something is asked about, as far as memory knows it.
type target struct {
	app   approvals.App
	email string
	// seat is what is listed for the address; known says that the list is good, and has it.
	seat  approvals.Seat
	known bool
	lists approvals.Remembered
	// left is set where it was named by a person whom Slack shows as deactivated.
	left bool
}

// target finds the account that something is asked about. No vendor is waited for: who sees what vendors hold is
// told at once that there is no such account where a good list says so, and everybody else's wish goes on.
func (h *House) target(ctx context.Context, c asking, sees bool) (m target, err error) {
	if m.app, err = h.appOf(c); err != nil {
		return m, err
	}
	if m.email, m.left, err = h.email(ctx, c.whom, sees, knownEmail); err != nil {
		return m, err
	}
	m.lists = h.Inventory.Remembered(m.app.ID, c.matter()...)
	m.seat, m.known = find(m.lists.Seats, m.email)
	if sees && m.lists.GoodSeats && !m.known {
		h.Inventory.Renew(m.app.ID, approvals.Seats) // it may be younger than the list: whoever tries again is told anew
		return m, h.unlisted(c, m.email, account{app: m.app, at: m.lists.Seats.At, guess: nearestAddress(m.email, m.lists.Seats.Accounts())})
	}
	m.known = m.known && m.lists.GoodSeats
	return m, nil
}

// wish is to do something with the account; what changes is left to say. Which account that is, is read at
// the vendor once it is on the table.
func (m target) wish(c asking) wish {
	w := wish{app: m.app, action: c.action.Key, reason: c.reason, said: c.said(), seats: count(m.lists.Seats), change: approvals.Change{Email: m.email, Person: c.whom.person}}
	if m.app.Entry.Reads.Used || len(w.said.Typed) > 0 {
		w.look = &approvals.Look{Owed: true}
	}
	return w
}

var errUnlisted = errors.New("no such account is listed")

// listed finds the seat of an address. A list that lacks it is read anew once, because the seat may
// be younger than the list. errUnlisted: there is none; every other error means that the vendor could
// not be read.
func (h *House) listed(ctx context.Context, app approvals.App, email string) (a account, err error) {
	for _, fresh := range []bool{false, true} {
		all, err := h.Inventory.Accounts(ctx, app.ID, fresh)
		found := false
		if err == nil {
			a = account{app: app, at: all.At, renewing: all.Renewing}
			a.seat, found, err = all.Find(func(s approvals.Seat) bool { return approvals.SameEmail(s.Email, email) })
		}
		switch {
		case err != nil:
			return account{app: app}, fmt.Errorf("find %s: %w", email, err)
		case found:
			return a, nil
		case fresh:
			a.guess = nearestAddress(email, all)
		}
	}
	return a, fmt.Errorf("find %s: %w", email, errUnlisted)
}

// unlisted answers an address without an account, to somebody who may see the accounts.
func (h *House) unlisted(c concerning, email string, a account) error {
	said := approvals.Sayf("%v has no account for %v", a.app.Name, email)
	if c.Keeps() {
		said = approvals.Sayf("%v (read %v), so nothing was sent", said, a.at)
	} else if a.renewing {
		said = approvals.Sayf("%v as I read it %v. I'm reading it again, so if it's newer than that, ask me again in a few minutes", said, a.at)
	}
	asks, ok := c.(asking)
	gives := ok && asks.action.Effect == catalog.Gives
	maker, makes := made(a.app)
	if a.guess != "" {
		who, _ := c.subject()
		reply := Reply{Head: approvals.Sayf("%v. Did you mean %v?", said, a.guess), Examples: []string{strings.Replace(c.Typed(), who.typed(), a.guess, 1)}}
		if gives && makes {
			reply.Lines = []approvals.Text{approvals.Sayf("`/access %v %v FIRST because …` asks for a new one.", maker, email)}
		}
		return &stop{reply}
	}
	next := approvals.Sayf("Please check the address.")
	if gives && makes {
		next = approvals.Sayf("`/access %v %v FIRST because …` asks for one.", maker, email)
	}
	return approvals.Refuse(approvals.NotFound, "%v. %v `/access accounts` shows who has one.", said, next)
}

// made is the action by which an app makes a new account.
func made(a approvals.App) (catalog.Verb, bool) {
	for _, action := range a.Entry.Actions {
		if action.New {
			return action.Key, true
		}
	}
	return "", false
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
