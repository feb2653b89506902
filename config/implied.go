package config

import (
	"slices"

	"github.com/usherbot/usher/approvals"
)

// never finds a condition that no request can fit, and names its key.
func (g ground) never(w approvals.When) (key string, never bool) {
	for _, f := range w.Fields {
		if _, has := g.action.Field(f.Key); !has {
			return f.Key, true
		}
	}
	cost, priced := g.cost()
	for _, c := range []struct {
		key string
		is  bool
	}{
		{"cost_under", w.CostUnder != nil && priced && cost >= *w.CostUnder},
		{"cost_over", w.CostOver != nil && priced && cost <= *w.CostOver},
		{"seats_left_over", w.SeatsLeftOver != nil && g.app.Seats > 0 && *w.SeatsLeftOver >= g.app.Seats},
		{"shorter_than", w.ShorterThan > 0 && g.action.Undo == ""},
	} {
		if c.is {
			return c.key, true
		}
	}
	return "", false
}

// cost is what each such request adds a month, in hundredths; false: nobody said what a seat costs.
func (g ground) cost() (int64, bool) {
	c, known := approvals.Situation{App: approvals.App{Price: g.app.Price, Entry: g.entry}, Action: g.action.Key}.Cost()
	return c.Amount, known
}

// implied reports whether whatever fits a policy's conditions fits those of one before it, each of which must follow from
// what the later one asks, or from what every such request is.
func (g ground) implied(before, w approvals.When) bool {
	for _, f := range before.Fields {
		if !g.impliedField(f, w) {
			return false
		}
	}
	cost, priced := g.cost()
	switch {
	case len(before.RequesterIn) > 0 && (len(w.RequesterIn) == 0 || !within(w.RequesterIn, before.RequesterIn)):
		return false
	case before.For != "" && before.For != w.For:
		return false
	case before.CostUnder != nil && !(priced && cost < *before.CostUnder):
		return false
	case before.CostOver != nil && !(priced && cost > *before.CostOver):
		return false
	}
	return g.impliedSeats(before, w) && g.impliedTime(before, w)
}

func (g ground) impliedSeats(before, w approvals.When) bool {
	under, over := before.SeatsLeftUnder, before.SeatsLeftOver
	return (under == nil || w.SeatsLeftUnder != nil && *w.SeatsLeftUnder <= *under || g.app.Seats > 0 && g.app.Seats < *under) &&
		(over == nil || w.SeatsLeftOver != nil && *w.SeatsLeftOver >= *over)
}

// impliedTime: what nothing takes back is for good, and that counts as longer than anything.
func (g ground) impliedTime(before, w approvals.When) bool {
	shorter, longer := before.ShorterThan, before.LongerThan
	return (shorter == 0 || w.ShorterThan > 0 && w.ShorterThan <= shorter) &&
		(longer == 0 || w.LongerThan >= longer || g.action.Undo == "")
}

// impliedField: of what a request says there, all must be among the values, or with any one.
func (g ground) impliedField(f approvals.FieldIs, w approvals.When) bool {
	if field, has := g.action.Field(f.Key); has && closed(field) != nil && within(closed(field), f.In) {
		return true
	}
	now := fieldOf(w, f.Key)
	return now != nil && within(now.In, f.In) && (f.Any || !now.Any)
}

// within reports whether all of some names are among others, as names and as addresses.
func within(these, those []string) bool {
	for _, a := range these {
		if !slices.ContainsFunc(those, func(b string) bool {
			return approvals.FoldName(a) == approvals.FoldName(b) && approvals.FoldHost(a) == approvals.FoldHost(b)
		}) {
			return false
		}
	}
	return true
}
