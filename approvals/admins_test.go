package approvals

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// oneBook is a Book that holds one request; a transaction whose function fails leaves it as it was.
type oneBook struct {
	turn PersonID
	r    Request
	away []Absence
	// others are open beside it, and stock is what is known of the seats.
	others []Request
	stock  Stock
}

type oneTx struct{ b *oneBook }

func (b *oneBook) Update(_ context.Context, fn func(Tx) error) error {
	was, stock := b.r, b.stock
	err := fn(oneTx{b})
	if err != nil {
		b.r, b.stock = was, stock
	}
	return err
}

func (b *oneBook) Request(_ context.Context, n int64) (Request, error) { return oneTx{b}.Request(n) }

func (b *oneBook) Keyed(context.Context, string) (Request, error) { return Request{}, ErrNoRequest }

func (b *oneBook) Requests(_ context.Context, f Filter, _ int) ([]Request, error) {
	if f.State != "" && f.State != b.r.State {
		return nil, nil
	}
	return []Request{b.r}, nil
}

func (x oneTx) Request(n int64) (Request, error) {
	if n != x.b.r.Number {
		return Request{}, ErrNoRequest
	}
	return x.b.r, nil
}

func (oneTx) Keyed(string) (int64, error)                 { return 0, nil }
func (x oneTx) Next() (int64, error)                      { return 12, nil }
func (oneTx) Waiting(PersonID) (int, error)               { return 0, nil }
func (oneTx) Latest(PersonID, int) (Request, bool, error) { return Request{}, false, nil }
func (oneTx) OpenFor(string, string) ([]Request, error)   { return nil, nil }
func (oneTx) Audit(Entry) error                           { return nil }
func (x oneTx) Stock(string) (Stock, error)               { return x.b.stock, nil }
func (x oneTx) KeepStock(_ string, s Stock) error         { x.b.stock = s; return nil }
func (x oneTx) Put(r Request) error {
	if i := slices.IndexFunc(x.b.others, func(o Request) bool { return o.Number == r.Number }); i >= 0 {
		x.b.others[i] = r
		return nil
	}
	x.b.r = r
	return nil
}

func (x oneTx) OpenIn(string) ([]Request, error) {
	if x.b.r.State.Terminal() {
		return x.b.others, nil
	}
	return append([]Request{x.b.r}, x.b.others...), nil
}
func (x oneTx) DoneIn(string) ([]Request, error) {
	return slices.DeleteFunc(append([]Request{x.b.r}, x.b.others...), func(r Request) bool { return r.State != Done && r.State != Ended }), nil
}
func (oneTx) Change(outbox.Change) error             { return nil }
func (oneTx) Owed([]string) (bool, error)            { return false, nil }
func (oneTx) Remove(Removed, []string) error         { return nil }
func (x oneTx) Turn(string) (PersonID, error)        { return x.b.turn, nil }
func (x oneTx) KeepTurn(_ string, id PersonID) error { x.b.turn = id; return nil }
func (x oneTx) Absences() ([]Absence, error)         { return x.b.away, nil }
func (x oneTx) KeepAbsences(all []Absence) error     { x.b.away = all; return nil }

// company is a directory; who is not in it cannot be found out.
type company map[PersonID]Person

func (c company) Person(_ context.Context, id PersonID) (Person, error) {
	p, ok := c[id]
	if !ok {
		return Person{}, errors.New("Slack is away")
	}
	p.ID = id
	return p, nil
}

func (c company) ByEmail(_ context.Context, email string) (Person, error) {
	if email == "lost@acme.example" {
		return Person{}, errors.New("Slack is away")
	}
	for id, p := range c {
		if p.Active && FoldEmail(p.Email) == FoldEmail(email) {
			p.ID = id
			return p, nil
		}
	}
	return Person{}, nil
}

func (c company) Group(context.Context, GroupID) ([]PersonID, error) {
	return []PersonID{"U0ERIN"}, nil
}

func deskOf(r Request, people company, admins ...PersonID) (*Desk, *oneBook) {
	b := &oneBook{r: r}
	return &Desk{Apps: []App{ranked()}, Book: b, Directory: people, Admins: admins, Log: slog.New(slog.DiscardHandler), Wake: func() {}, Nonce: func() (string, error) { return "n0nce", nil }}, b
}

// TestAnAdminIsLookedUp: the configuration alone gives nobody the right to settle.
func TestAnAdminIsLookedUp(t *testing.T) {
	people := company{"U0CAROL": {Active: true, Email: "carol@acme.example"}, "U0GONE": {}, "U0GUEST": {Active: true, Guest: true}, "U0BOT": {Active: true, Bot: true}, "U0DAVE": {Active: true}}
	for by, want := range map[Actor]struct {
		code Code
		says string
	}{
		"U0CAROL": {"", ""},
		"os:root": {"", ""},
		"U0DAVE":  {NotAllowed, "Only Usher's admins can settle this"},
		"U0GONE":  {NotAllowed, "Slack doesn't list you as one"},
		"U0GUEST": {NotAllowed, "Slack doesn't list you as one"},
		"U0BOT":   {NotAllowed, "Slack doesn't list you as one"},
		"U0DARK":  {CannotTell, "couldn't check with Slack who you are"},
		Usher:     {NotAllowed, "Only Usher's admins"},
	} {
		for state, press := range map[State]func(*Desk) error{
			InDoubt: func(d *Desk) error { _, err := d.Settle(t.Context(), 12, by, true, "slack", noon); return err },
			Failed:  func(d *Desk) error { _, err := d.Retry(t.Context(), 12, by, "slack", noon); return err },
		} {
			d, b := deskOf(in(state), people, "U0CAROL", "U0GONE", "U0GUEST", "U0BOT", "U0DARK")
			err := press(d)
			require.Equal(t, want.code, CodeOf(err), "%s in %s", by, state)
			if want.code == "" {
				require.NotEqual(t, state, b.r.State)
				continue
			}
			require.ErrorContains(t, err, want.says)
			require.Equal(t, state, b.r.State, by)
		}
	}
}

// TestAdminAsksSlack: what commands ask of an admin is asked of Slack, and only about those who are named.
func TestAdminAsksSlack(t *testing.T) {
	d, _ := deskOf(in(Pending), company{"U0CAROL": {Active: true}, "U0GONE": {}}, "U0CAROL", "U0GONE", "U0DARK")
	for id, want := range map[PersonID]Ruling{"U0CAROL": May, "U0GONE": MayNot, "U0DARK": CouldNotTell, "U0NOBODY": MayNot, "": MayNot} {
		require.Equal(t, want, d.Admin(t.Context(), id), id)
	}
}
