package approvals

import (
	"fmt"
	"strings"
)

// Demand is how many of an app's requests ask for a seat, wait in line for one, and have one reserved. It changes with each request, in its
// transaction, so that nobody reads all that are open to learn how many there are.
type Demand struct {
	Asking int `json:"asking,omitempty"`
	Lined  int `json:"lined,omitempty"`
	Held   int `json:"held,omitempty"`
	// New are the actions that took a seat when it was made: where the app has others by now, it is made anew.
	New string `json:"new"`
}

// fullness is what the cards of those who are undecided say of the seats that are left.
type fullness struct {
	Full  bool `json:"full,omitempty"`
	Short bool `json:"short,omitempty"`
}

func (c SeatCount) fullness() fullness { return fullness{c.Full(), c.Short()} }

// asks reports whether a request is undecided and asks for a seat.
func (r Request) asks() bool { return r.State == Pending && r.Form().New }

// with is a tally with so many more of the kind of a request.
func (t Demand) with(r Request, n int) Demand {
	switch {
	case r.InLine():
		t.Lined += n
	case r.holds():
		t.Held += n
	case r.asks():
		t.Asking += n
	}
	return t
}

// demandOf counts them.
func (d *Desk) demandOf(app string, open []Request) *Demand {
	t := Demand{New: d.newIn(app)}
	for _, r := range open {
		t = t.with(r, 1)
	}
	return &t
}

// newIn names the actions of an app that take a seat.
func (d *Desk) newIn(app string) string {
	var keys []string
	if entry := d.app(App{ID: app}).Entry; entry != nil {
		for _, a := range entry.Actions {
			if a.New {
				keys = append(keys, string(a.Key))
			}
		}
	}
	return strings.Join(keys, " ")
}

// counts reports whether a stock has a tally that counts what counts now.
func (d *Desk) counts(s Stock, app string) bool {
	return s.Demand != nil && s.Demand.New == d.newIn(app)
}

// openIn are the app's requests that are not over, as the app is configured now.
func (d *Desk) openIn(tx Tx, app string) ([]Request, error) {
	open, err := tx.OpenIn(app)
	if err != nil {
		return nil, fmt.Errorf("list what is open of %s: %w", app, err)
	}
	for i, r := range open {
		open[i] = d.known(r)
	}
	return open, nil
}

// tallied brings the tally in step with a request that was just kept, and notes where its card says something else of the seats than those
// of others do.
func (d *Desk) tallied(tx Tx, was, is Request) error {
	app, none := is.App.ID, Demand{}
	is, was = d.known(is), d.known(was)
	if none.with(was, 1) == none.with(is, 1) && !is.asks() {
		return nil
	}
	s, err := tx.Stock(app)
	if err != nil {
		return fmt.Errorf("read the seats of %s: %w", app, err)
	}
	odd := is.asks() && s.Told != nil && *s.Told != is.Seats.fullness()
	moved := none.with(was, 1) != none.with(is, 1)
	switch {
	case !d.counts(s, app):
		open, err := d.openIn(tx, app)
		if err != nil {
			return err
		}
		s.Demand = d.demandOf(app, open)
	case moved:
		t := s.Demand.with(was, -1).with(is, 1)
		s.Demand = &t
	case !odd:
		return nil
	}
	if odd {
		s.Told = nil
	}
	if err := tx.KeepStock(app, s); err != nil {
		return fmt.Errorf("keep the seats of %s: %w", app, err)
	}
	return nil
}

// toldOf keeps what all cards say of the seats from now on.
func (d *Desk) toldOf(tx Tx, app string, f fullness) error {
	s, err := tx.Stock(app)
	if err != nil {
		return fmt.Errorf("read the seats of %s: %w", app, err)
	}
	s.Told = &f
	if err := tx.KeepStock(app, s); err != nil {
		return fmt.Errorf("keep the seats of %s: %w", app, err)
	}
	return nil
}
