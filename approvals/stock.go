package approvals

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Stock is what is known of how many seats of an app are in use. It is kept beside the requests and changes in their
// transactions, so that two approvals at one moment never count on the same seat, whatever a vendor's list says by then.
type Stock struct {
	// Seats is what was counted at the vendor last, and what Usher has seen made since.
	Seats SeatCount `json:"seats"`
	// Counted are requests in hand whose account that count has already.
	Counted []int64 `json:"counted,omitempty"`
	// Changed is when Usher itself changed Seats last: a count that began before knows less, and is not believed.
	Changed time.Time `json:"changed,omitzero"`
	// Demand is how many requests there are beside; nil: they weren't counted yet (demand.go).
	Demand *Demand `json:"demand,omitempty"`
	// Told is what the cards of all who are undecided say of the seats that are left; nil: they don't all say the same.
	Told *fullness `json:"told,omitempty"`
	// Tickets is how many were ever put in line.
	Tickets int64 `json:"tickets,omitempty"`
	// Last is the request that a seat was reserved for last, and LastAt when.
	Last   int64     `json:"last,omitempty"`
	LastAt time.Time `json:"last_at,omitzero"`
	// Shares is what people have of the app's pool by the requests that were done, by their folded address; Reckoned says
	// that it was ever reckoned (pool.go).
	Shares   map[string]Shares `json:"shares,omitempty"`
	Reckoned bool              `json:"reckoned,omitempty"`
}

// Recall is what is remembered of vendors' lists, as in Inventory: it answers at once.
type Recall interface {
	Remembered(app string, matter ...List) Remembered
}

// holds reports whether a request has a seat reserved: it is approved, its turn has come, and it is not known yet to be
// over. What was given for a time and is being taken back has its seat at the vendor, who counts it.
func (r Request) holds() bool {
	return r.Form().New && r.State != Pending && r.State != "" && !r.State.Terminal() && !r.InLine() && r.End == nil
}

// ledger is what an app's seats come to in one transaction.
type ledger struct {
	stock Stock
	// open are the app's requests that are not over. They are read where somebody must know which, and not only how many.
	open func() ([]Request, error)
	// read says that the stock is to be kept anew.
	read bool
}

// ledger reads it: what is kept, and what is remembered of the vendor's list where that is newer.
func (d *Desk) ledger(tx Tx, app string) (l ledger, err error) {
	if l.stock, err = tx.Stock(app); err != nil {
		return l, fmt.Errorf("read the seats of %s: %w", app, err)
	}
	l.open = func() ([]Request, error) { return d.openIn(tx, app) }
	if !d.counts(l.stock, app) {
		open, err := l.open()
		if err != nil {
			return l, err
		}
		l.stock.Demand, l.read = d.demandOf(app, open), true
	}
	if d.Memory != nil {
		_, err = l.count(d.Memory.Remembered(app).Seats)
	}
	return l, err
}

// count takes up a vendor's list, unless what is kept is as new. Whose account is in it is not counted a second time.
func (l *ledger) count(list SeatList) (news bool, err error) {
	if list.At.IsZero() || !list.At.After(l.stock.Seats.At) || !l.stock.Changed.IsZero() && !list.At.After(l.stock.Changed) {
		return false, nil
	}
	l.stock.Seats, l.stock.Counted, l.read = SeatCount{Used: len(list.Seats), Of: list.Bought, At: list.At}, nil, true
	if l.stock.Demand.Held == 0 {
		return true, nil
	}
	open, err := l.open()
	for _, r := range open {
		if r.holds() && len(AccountsOf(r.Change, list)) > 0 {
			l.stock.Counted = append(l.stock.Counted, r.Number)
		}
	}
	return true, err
}

// since takes up what a request was found to say of the seats, where nothing newer is kept.
func (l *ledger) since(c SeatCount) {
	if l.stock.Seats.At.IsZero() && !c.At.IsZero() {
		l.stock.Seats = SeatCount{Used: c.Used, Of: c.Of, At: c.At}
	}
}

// but is what the seats come to for one request, as it is kept: what is in use, and what others have before it.
func (l *ledger) but(r Request) SeatCount {
	c, t, counted := l.stock.Seats, l.stock.Demand.with(r, -1), len(l.stock.Counted)
	if slices.Contains(l.stock.Counted, r.Number) {
		counted--
	}
	c.Line, c.Held, c.Others = t.Lined, max(t.Held-counted, 0), t.Asking
	return c
}

// all is what they come to for nobody.
func (l *ledger) all() SeatCount { return l.but(Request{}) }

// line are those that wait for a seat, the first first.
func (l *ledger) line() (list []Request, err error) {
	if l.stock.Demand.Lined == 0 {
		return nil, nil
	}
	open, err := l.open()
	for _, r := range open {
		if r.InLine() {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b Request) int { return cmp.Compare(a.Line.Ticket, b.Line.Ticket) })
	return list, err
}

// reserved notes for whom a seat was reserved last.
func (l *ledger) reserved(n int64, now time.Time) {
	l.stock.Last, l.stock.LastAt, l.read = n, now, true
}

// settled brings the count in step with a deed that is over: an account that may have been made is in use from then on.
func (l *ledger) settled(r Request, now time.Time) {
	made := r.State == Done || r.Outcome != nil && r.Outcome.Tried
	counted := slices.Contains(l.stock.Counted, r.Number)
	l.stock.Counted = slices.DeleteFunc(l.stock.Counted, func(n int64) bool { return n == r.Number })
	if made && !counted {
		l.stock.Seats.Used++
		l.stock.Changed = now
	}
	l.read = l.read || made || counted
}

// keep keeps what was read or has changed.
func (l *ledger) keep(tx Tx, app string) error {
	if !l.read {
		return nil
	}
	is, err := tx.Stock(app)
	if err != nil {
		return fmt.Errorf("read the seats of %s: %w", app, err)
	}
	if is.Demand != nil && is.Demand.New == l.stock.Demand.New { // requests may have changed since it was read
		l.stock.Demand, l.stock.Told = is.Demand, is.Told
	}
	if err := tx.KeepStock(app, l.stock); err != nil {
		return fmt.Errorf("keep the seats of %s: %w", app, err)
	}
	return nil
}

// Left is how many seats nobody has, and nobody is to get; nil where that is not known. More may be in use than were bought.
func (c SeatCount) Left() *int {
	if c.At.IsZero() || c.Of == 0 || c.Used < 0 {
		return nil
	}
	n := max(c.Of-c.Used-c.Held-c.Line, 0)
	return &n
}

// Full reports whether it is known that no seat is left.
func (c SeatCount) Full() bool { n := c.Left(); return n != nil && *n == 0 }

// Short reports whether there are too few for everybody who asks for one.
func (c SeatCount) Short() bool { n := c.Left(); return n != nil && *n <= c.Others }

// Full reports whether a request asks for a new seat where none is left: a yes puts it in line.
func (r Request) Full() bool { return r.Form().New && r.Seats.Full() }

// counted is a request with what is known of the seats at this moment, where its card speaks of them.
func (d *Desk) counted(tx Tx, r Request, e Event) (Request, error) {
	switch e.(type) {
	case Opened, Seen, Voted, Learned:
	default:
		return r, nil
	}
	if !r.Form().New || r.State != Pending && r.State != "" {
		return r, nil
	}
	l, err := d.ledger(tx, r.App.ID)
	if err != nil {
		return r, err
	}
	if l.since(r.Seats); !l.stock.Seats.At.IsZero() {
		r.Seats = l.but(r)
	}
	return r, l.keep(tx, r.App.ID)
}

// reserve sees to it that a request that was just approved has a seat of its own. Where none is left it is put in line,
// if whoever said yes was shown that it would be; else the yes counts for nothing, and they are asked again.
func (d *Desk) reserve(tx Tx, was, is Request, e Event, now time.Time) (Request, error) {
	if was.State != Pending || is.State != Approved || !is.Form().New {
		return is, nil
	}
	l, err := d.ledger(tx, is.App.ID)
	if err != nil {
		return is, err
	}
	l.since(was.Seats)
	c := l.but(is)
	switch {
	case !c.Full():
		if c.Left() != nil {
			l.reserved(is.Number, now)
		}
		return is, l.keep(tx, is.App.ID)
	case !inLine(e):
		d.renew(is.App.ID)
		return is, l.gone(was, c)
	}
	l.stock.Tickets++
	l.read = true
	if err := l.keep(tx, is.App.ID); err != nil {
		return is, err
	}
	return d.act(tx, is, Queued{Ticket: l.stock.Tickets, Place: c.Line + 1}, Usher, "usher", now)
}
