package reports

import (
	"slices"

	"github.com/usherbot/usher/approvals"
)

// Cost is what seats cost a month in one currency.
type Cost struct {
	// All is the cost of every seat of Apps, Idle that of those nobody is seen to use, and Saved that of the seats that
	// requests gave back since the last report and that nobody pays for any more.
	All, Idle, Saved approvals.Price
	// Seats are how many each is of. FreedSeats were given back too, but as far as is known they are paid for still.
	Seats, IdleSeats, SavedSeats, FreedSeats int
	Apps                                     []approvals.App
	// Used says that of some of them only the seats in use are counted, because nobody said how many are bought.
	Used bool
	// IdleUnknown says that of some of them nobody can see which seats are idle: Idle is what is known.
	IdleUnknown bool
}

// addEvents takes what came of requests since the last report. Where there was none nothing is told: it would be everything there
// ever was.
func (r *Report) addEvents(f Facts) {
	if r.Since.IsZero() {
		return
	}
	for _, e := range f.Events {
		if e.At.After(r.Since) {
			r.Events = append(r.Events, e)
		}
	}
	r.EventCount = len(r.Events)
	if len(r.Events) == len(f.Events) {
		r.EventCount = f.EventCount
	}
}

// addCost adds up what seats cost, by currency: amounts in different ones are never added. An app whose seats can't be counted, or of
// which nobody said what one costs, is in Costless.
func (r *Report) addCost() {
	for _, a := range r.Apps {
		seats, idle := a.Bought, a.Idles()
		price := r.price(a)
		if seats == 0 {
			seats = a.Used + a.Spare
		}
		if price.Currency == "" || a.Bought == 0 && !a.Figures() {
			r.Costless = append(r.Costless, a.App)
			continue
		}
		c := r.costIn(price.Currency)
		c.Apps, c.Used = append(c.Apps, a.App), c.Used || a.Bought == 0
		c.IdleUnknown = c.IdleUnknown || a.IdleUnknown || r.Then || !a.Reads().Holds || !a.Figures()
		saved, freed := r.saved(a)
		c.add(price, seats, idle, saved)
		c.FreedSeats += freed
	}
}

// price is what a seat of an app costs a month; of the past it's what was remembered with its figures.
func (r *Report) price(a AppReport) approvals.Price {
	if !r.Then {
		return a.App.Price
	}
	last, _ := a.Trend.Last()
	return last.Price
}

func (c *Cost) add(price approvals.Price, seats, idle, saved int) {
	for _, part := range []struct {
		of    *approvals.Price
		seats *int
		many  int
	}{{&c.All, &c.Seats, seats}, {&c.Idle, &c.IdleSeats, idle}, {&c.Saved, &c.SavedSeats, saved}} {
		part.of.Currency = price.Currency
		part.of.Amount += price.Times(part.many).Amount
		*part.seats += part.many
	}
}

// costIn is the sum in one currency.
func (r *Report) costIn(currency string) *Cost {
	i := slices.IndexFunc(r.Cost, func(c Cost) bool { return c.All.Currency == currency })
	if i < 0 {
		r.Cost = append(r.Cost, Cost{All: approvals.Price{Currency: currency}})
		i = len(r.Cost) - 1
	}
	return &r.Cost[i]
}

// saved is how many seats of an app requests gave back since the last report: those that nobody pays for any more, and those that
// are free again. Where it is known how many are bought, a free one costs what it did: it is saved once it was dropped, or once
// fewer are bought.
func (r *Report) saved(a AppReport) (saved, freed int) {
	all, dropped := 0, 0
	for _, e := range r.Events {
		if e.Request.App.ID != a.App.ID {
			continue
		}
		switch frees, gone := e.freesSeat(); {
		case gone:
			all, dropped = all+1, dropped+1
		case frees:
			all++
		}
	}
	if a.Bought == 0 {
		return all, 0
	}
	saved = min(all, max(dropped, -a.Changes.BoughtBy))
	return saved, all - saved
}
