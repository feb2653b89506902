package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/terminal"
)

const (
	expectValues     = "a list of values, or {any: [a list]} where one of several is enough"
	expectConditions = "conditions, such as type, for or requester_in"
	expectRequester  = "a list of people (U…, W…) and user groups (S…)"
	expectAmount     = "an amount such as 50 or 19.90"
	expectLeft       = "a whole number of seats"
	expectRefusal    = "the reason that people read, as a sentence"
)

// amountShape is how an amount of money is written: plain, with at most two decimals.
var amountShape = regexp.MustCompile(`^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$`)

// special are the conditions that are about no field.
var special = []string{"requester_in", "for", "cost_under", "cost_over", "seats_left_over", "seats_left_under", "shorter_than", "longer_than"}

// when reads the conditions of a policy. The keys beside the special ones are fields of what the policy is about.
func (v value) when(cfg *Config, p *approvals.Policy) {
	fields, keys := cfg.fields(*p), cfg.keys(*p, v, expectConditions, special...)
	o := v.beside(keys, expectConditions, special...)
	for _, f := range fields {
		if c := o.get(f.Key); c.Given() {
			p.When.Fields = append(p.When.Fields, c.fieldIs(f))
		}
	}
	p.When.RequesterIn = o.get("requester_in").distinct(o.get("requester_in").list("the requester", expectRequester), ownerShape, expectRequester)
	p.When.For = approvals.Beneficiary(o.get("for").OneOf(string(approvals.ForSelf), string(approvals.ForOther), string(approvals.ForExternal)))
	p.When.CostUnder, p.When.CostOver = o.get("cost_under").amount(), o.get("cost_over").amount()
	p.When.SeatsLeftUnder, p.When.SeatsLeftOver = o.get("seats_left_under").left(), o.get("seats_left_over").left()
	p.When.ShorterThan, p.When.LongerThan = o.get("shorter_than").duration(0, longestExpiry), o.get("longer_than").duration(0, longestExpiry)
	o.answerable(cfg, *p)
	o.possible(p.When)
}

// unsure reports whether it isn't known what all is about that a policy names: an app that couldn't be read, or a word that
// is no app or no action, which is reported there.
func (c *Config) unsure(p approvals.Policy) bool {
	return slices.ContainsFunc(c.Apps, func(a AppConfig) bool {
		return c.entry(a) == nil && (len(p.Apps) == 0 || slices.Contains(p.Apps, a.ID))
	}) || slices.ContainsFunc(p.Apps, func(id string) bool { return !slices.Contains(c.appIDs(), id) }) ||
		slices.ContainsFunc(p.Actions, func(a approvals.Action) bool { return !slices.Contains(c.actions(), a) })
}

// keys are those of the fields that a policy is about, for a mapping in which other keys stand beside them. Where it isn't
// known what the fields are, any may be one: what is to be mended is why they aren't.
func (c *Config) keys(p approvals.Policy, v value, expected string, others ...string) (keys []string) {
	for _, f := range c.fields(p) {
		keys = append(keys, f.Key)
	}
	if !c.unsure(p) {
		return keys
	}
	for _, e := range v.entries(expected) {
		if !slices.Contains(others, e.Key) && !slices.Contains(keys, e.Key) {
			keys = append(keys, e.Key)
		}
	}
	return keys
}

// fields are those of the actions that a policy is about, each key once.
func (c *Config) fields(p approvals.Policy) (out []catalog.Field) {
	for _, a := range c.Apps {
		e := c.entry(a)
		if e == nil || len(p.Apps) > 0 && !slices.Contains(p.Apps, a.ID) {
			continue
		}
		for _, action := range e.Actions {
			if len(p.Actions) > 0 && !slices.Contains(p.Actions, action.Key) {
				continue
			}
			for _, f := range action.Fields {
				if !slices.ContainsFunc(out, func(o catalog.Field) bool { return o.Key == f.Key }) {
					out = append(out, f)
				}
			}
		}
	}
	return out
}

// fieldIs is a condition about one field: its values, which must be choices where the field has some.
func (v value) fieldIs(f catalog.Field) approvals.FieldIs {
	is := approvals.FieldIs{Key: f.Key}
	list := v
	if _, plain := v.Node.(*ast.SequenceNode); !plain {
		o := v.beside([]string{"any"}, expectValues)
		if !o.readable() {
			return is
		}
		list, is.Any = o.need("any", expectValues), true
	}
	items := list.list("the value", expectValues)
	for _, item := range items {
		switch item.Node.(type) {
		case *ast.IntegerNode, *ast.FloatNode: // a website's number, an amount
			is.In = append(is.In, item.Node.GetToken().Value)
			continue
		}
		s, ok := item.Text(expectValues)
		if !ok {
			continue
		}
		if len(f.Choices) > 0 && f.Shape == "" && !slices.Contains(f.IDs(), s) {
			item.Wrong(item.At, "%s has no %s; %s", f.Key, terminal.Quoted(s), strict.Suggest(s, f.IDs()))
			continue
		}
		is.In = append(is.In, s)
	}
	is.Several = f.Kind == catalog.SomeOf || f.Kind == catalog.Resources
	is.Any = is.Any && is.Several // of one value both mean the same
	return is
}

// amount is money in hundredths; nil where it is left out or wrong.
func (v value) amount() *int64 {
	if !v.Given() || v.Empty(expectAmount) {
		return nil
	}
	switch v.Node.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
	default:
		v.Bad(expectAmount)
		return nil
	}
	written := v.Node.GetToken().Value
	if !amountShape.MatchString(written) {
		v.Bad(expectAmount)
		return nil
	}
	whole, part, _ := strings.Cut(written, ".")
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	if err != nil {
		v.Bad(expectAmount)
		return nil
	}
	return &n
}

// left is a number of seats; nil where it is left out or wrong.
func (v value) left() *int {
	if !v.Given() {
		return nil
	}
	before := len(v.Problems)
	n := v.Number(0, 1_000_000, 0, expectLeft)
	if len(v.Problems) > before {
		return nil
	}
	return &n
}

// answerable finds conditions about what nobody says: what a seat costs, how many were bought.
func (o object) answerable(cfg *Config, p approvals.Policy) {
	for _, a := range cfg.Apps {
		if len(p.Apps) > 0 && !slices.Contains(p.Apps, a.ID) {
			continue
		}
		if p.When.Cost() && a.Price.Currency == "" {
			at := o.first("cost_under", "cost_over")
			at.Wrong(at.At, "app %s doesn't say what a seat costs; add price: {amount: …, currency: …} to it, or leave this out", a.ID)
			return
		}
		e := cfg.entry(a)
		if p.When.Seats() && e != nil && !e.Reads.Used {
			at := o.first("seats_left_over", "seats_left_under")
			at.Wrong(at.At, "nobody can count the seats of app %s: it doesn't let Usher read them; say apps: without it, or leave this out", a.ID)
			return
		}
		if p.When.Seats() && a.Seats == 0 {
			at := o.first("seats_left_over", "seats_left_under")
			at.Wrong(at.At, "app %s doesn't say how many seats were bought; add seats: … to it, or leave this out", a.ID)
			return
		}
	}
}

// first is the first of some keys that is given.
func (o object) first(keys ...string) value {
	for _, k := range keys {
		if v := o.get(k); v.Given() {
			return v
		}
	}
	return o.value
}

// possible finds two conditions of which only one can hold.
func (o object) possible(w approvals.When) {
	never := func(key, say string) { o.get(key).Wrong(o.get(key).At, "%s", say) }
	if w.CostUnder != nil && w.CostOver != nil && *w.CostUnder <= *w.CostOver {
		never("cost_over", "nothing costs both over this and under cost_under; expected less than cost_under")
	}
	if w.SeatsLeftUnder != nil && w.SeatsLeftOver != nil && *w.SeatsLeftUnder-1 <= *w.SeatsLeftOver {
		never("seats_left_over", "no number is both over this and under seats_left_under; expected less")
	}
	if w.SeatsLeftUnder != nil && *w.SeatsLeftUnder == 0 {
		never("seats_left_under", "seats_left_under is 0, and no fewer than 0 seats can be left; expected 1 or more")
	}
	if w.CostUnder != nil && *w.CostUnder == 0 {
		never("cost_under", "cost_under is 0, and nothing costs less; expected more")
	}
	if w.ShorterThan > 0 && w.LongerThan >= w.ShorterThan {
		never("longer_than", "nothing is both longer than this and shorter than shorter_than; expected less than shorter_than")
	}
}

// price is what one seat costs a month.
func (v value) price() approvals.Price {
	o := v.object("amount, currency and per", "amount", "currency", "per")
	if !v.Given() || !o.readable() {
		return approvals.Price{}
	}
	amount, per := o.need("amount", expectAmount).amount(), o.get("per").OneOf("month", "year")
	currency, ok := o.need("currency", "a currency such as USD").Text("a currency such as USD")
	if ok && !currencyShape.MatchString(currency) {
		o.get("currency").Bad("a currency by its three letters, such as USD")
		return approvals.Price{}
	}
	if amount == nil || !ok {
		return approvals.Price{}
	}
	if per == "year" {
		*amount = (*amount + 6) / 12
	}
	return approvals.Price{Amount: *amount, Currency: currency}
}

var currencyShape = regexp.MustCompile(`^[A-Z]{3}$`)
