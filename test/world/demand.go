package world

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Demanded holds what is kept of how many ask for a seat, wait for one and have one reserved to the requests that are there; "": it's so.
func Demanded(d *approvals.Desk) (wrong string, err error) {
	for _, app := range d.Apps {
		err := d.Book.Update(context.Background(), func(tx approvals.Tx) error {
			open, err := tx.OpenIn(app.ID)
			if err != nil {
				return err
			}
			s, err := tx.Stock(app.ID)
			if s.Demand == nil || err != nil {
				return err // nobody has asked yet
			}
			if want := demandOf(open, app.Entry, s.Demand.New); *s.Demand != want {
				wrong = fmt.Sprintf("of %s is kept that %+v, and it is %+v", app.ID, *s.Demand, want)
			}
			return nil
		})
		if err != nil || wrong != "" {
			return wrong, err
		}
	}
	return "", nil
}

// demandOf counts them by what an entry says is new.
func demandOf(open []approvals.Request, entry *catalog.Entry, by string) approvals.Demand {
	want := approvals.Demand{New: by}
	for _, r := range open {
		form, known := entry.Action(r.Action)
		switch {
		case r.InLine():
			want.Lined++
		case !known || !form.New || r.Extends != nil || r.State.Terminal() || r.End != nil:
		case r.State == approvals.Pending:
			want.Asking++
		default:
			want.Held++
		}
	}
	return want
}

// sound holds the database to its invariants, and to what is kept of seats.
func (p *Played) sound() {
	if err := p.App.Store.Check(context.Background()); err != nil {
		p.T.Errorf("the database: %v", err)
	}
	if wrong, err := Demanded(p.App.Desk); err != nil || wrong != "" {
		p.T.Errorf("the seats: %v %s", err, wrong)
	}
}
