package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

var createGuide = guide{
	name:    "create",
	usage:   "EMAIL FIRST [LAST] [app=seranking] [type=client|user] [lang=en] [access=a,b] [amount=N period=day|week|month] because …",
	does:    "asks for a new seat",
	options: []string{"app", "type", "lang", "access", "amount", "period"},
	because: true,
	examples: []string{
		"/access create jane@acme.example Jane Doe because she runs the Q1 launch",
		"/access create @jane Jane Doe type=user because she joins the team",
		"/access create jane@acme.example Jane access=report_manual amount=50 period=month because monthly reports",
	},
	notes: []approvals.Text{
		approvals.Sayf("`type=client` (the default) sees only the websites shared with it. `type=user` sees every website, and can edit and delete them."),
		approvals.Sayf("`access=` lists exactly the permissions the account gets; `amount=` and `period=` limit what it can spend, in the account's currency."),
	},
}

// create asks for a new seat.
type create struct {
	whom        whom
	first, last string
	settings    settings
	reason      string
}

// nameLimit is how many characters a first or last name may have.
const nameLimit = 50

func (l *line) create() (Command, *Reply) {
	who, rest, answer := l.whom()
	if answer != nil {
		return nil, answer
	}
	s, answer := l.settings()
	if answer != nil {
		return nil, answer
	}
	c := create{whom: who, settings: s, reason: l.reason}
	names, sure := l.names(rest)
	if len(names) == 0 {
		fixed := command("create", who.typed(), "<first name> <last name>", s.typed(), because(l.reason))
		return nil, correct(l.guide, fixed, approvals.Sayf("What's the person's first name? It goes right after the address; the last name can follow."))
	}
	c.first, c.last = names[0], strings.Join(names[1:], " ")
	if !sure {
		other := c
		other.first, other.last = names[1], strings.Join(append([]string{names[0]}, names[2:]...), " ")
		return nil, choose(l.guide, []string{other.Typed(), c.Typed()}, approvals.Sayf("Which is the first name? “%v” can be read two ways.", short(write(rest))))
	}
	for _, name := range []string{c.first, c.last} {
		if n := len([]rune(name)); n > nameLimit {
			fixed := command("create", who.typed(), "<first name> <last name>", s.typed(), because(l.reason))
			return nil, correct(l.guide, fixed, approvals.Sayf("The name “%v” has %v characters, and only %v fit. Please shorten it.", short(name), n, nameLimit))
		}
	}
	if answer := l.why(c.asked()); answer != nil {
		return nil, answer
	}
	return c, nil
}

func (c create) Keeps() bool   { return true }
func (c create) Typed() string { return c.asked() + " " + because(c.reason) }

// asked is the command without its reason.
func (c create) asked() string {
	last := c.last
	if slices.ContainsFunc(strings.Fields(last), func(part string) bool { return quoted(part) != part }) {
		last = quoted(last)
	}
	return command("create", c.whom.typed(), quoted(c.first), last, c.settings.typed())
}

// set is the command with other settings.
func (c create) set(s settings) string {
	c.settings = s
	return c.Typed()
}

func (c create) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	return h.ask(ctx, call, c, now)
}

func (c create) wish(ctx context.Context, h *House, sees bool) (w wish, err error) {
	w = wish{action: approvals.Create, reason: c.reason, said: c.whom.said(), change: approvals.Change{
		FirstName: c.first, LastName: c.last, Type: approvals.SeatType(or(string(c.settings.kind), string(approvals.ClientSeat))), Lang: c.settings.lang}}
	if w.app, err = h.app(c.settings.app, c); err != nil {
		return w, err
	}
	if err = h.settle(c.settings, c.set, &w.change); err != nil {
		return w, err
	}
	email, left, err := h.email(ctx, c.whom, sees, newEmail)
	switch {
	case err != nil:
		return w, err
	case left:
		return w, gone(c.whom)
	}
	w.change.Email, w.change.Person = email, c.whom.person
	return w, h.free(&w, sees)
}

// free counts the seats as far as memory knows them, and refuses an address that has one where somebody asks who
// may know. A vendor of which nothing is known keeps nobody from asking: the card completes itself, and the deed
// looks again before it acts.
func (h *House) free(w *wish, sees bool) error {
	lists, email := h.Inventory.Remembered(w.app.ID, approvals.Seats), w.change.Email
	w.seats = count(lists.Seats)
	seat, listed := find(lists.Seats, email)
	w.look = &approvals.Look{Owed: listed || !lists.GoodSeats}
	if !sees || !listed || !lists.GoodSeats {
		return nil
	}
	h.Inventory.Renew(w.app.ID, approvals.Seats) // the seat may be gone since the list was read: whoever tries again is told anew
	if seat.Type == approvals.UserSeat {
		return approvals.Refuse(approvals.Conflict, "%v already has a user seat in %v, which sees every website. `/access update %v …` changes its permissions. Nothing was sent.", email, w.app.Name, email)
	}
	return approvals.Refuse(approvals.Conflict, "%v already has a seat in %v. `/access share %v SITE because …` shares a website with it, `/access update %v …` changes its permissions. Nothing was sent.", email, w.app.Name, email, email)
}
