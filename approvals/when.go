package approvals

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/catalog"
)

// When is what must be so for a policy to rule a request: all that is given. Its zero value always is.
type When struct {
	Fields []FieldIs
	// RequesterIn are people (U…, W…) and user groups (S…).
	RequesterIn []string
	// For is for whom it is; "": anybody.
	For Beneficiary
	// CostUnder and CostOver are hundredths of the app's currency a month; nil: any.
	CostUnder, CostOver *int64
	// SeatsLeftUnder and SeatsLeftOver count the seats that nobody has; nil: any.
	SeatsLeftUnder, SeatsLeftOver *int
	// ShorterThan and LongerThan are about how long it is asked for, which for good counts as longer; 0: any.
	ShorterThan, LongerThan time.Duration
}

// FieldIs is a condition about one field of the app.
type FieldIs struct {
	Key string
	// In are the values that are meant. All that is asked must be among them; with Any one is enough.
	In  []string
	Any bool
	// Several says that the field may have more than one value.
	Several bool
}

// Beneficiary is for whom something is asked.
type Beneficiary string

// Whom it may be for.
const (
	ForSelf     Beneficiary = "self"     // who asks
	ForOther    Beneficiary = "other"    // somebody else of the workspace
	ForExternal Beneficiary = "external" // an address that nobody of the workspace has
)

// Held is whether something that is looked at holds.
type Held string

// A condition that hangs on what is not known neither holds nor fails.
const (
	Holds   Held = "holds"
	Fails   Held = "fails"
	Unknown Held = "unknown"
)

// held is Holds or Fails.
func held(yes bool) Held {
	if yes {
		return Holds
	}
	return Fails
}

// Any reports whether anything is asked of a request.
func (w When) Any() bool {
	return len(w.Fields)+len(w.RequesterIn) > 0 || w.For != "" || w.Cost() || w.Seats() || w.Lasts()
}

// Cost, Seats and Lasts report whether a condition is about these.
func (w When) Cost() bool { return w.CostUnder != nil || w.CostOver != nil }

// Seats reports whether a condition is about the seats that are left.
func (w When) Seats() bool { return w.SeatsLeftUnder != nil || w.SeatsLeftOver != nil }

// Lasts reports whether a condition is about how long something is asked for.
func (w When) Lasts() bool { return w.ShorterThan > 0 || w.LongerThan > 0 }

// Groups are the user groups that a condition names.
func (w When) Groups() []GroupID { return Stage{Approvers: w.RequesterIn}.Groups() }

// judge holds each condition against a situation, in the order in which the documentation has them.
func (w When) judge(s Situation) (out []Reason) {
	for _, f := range w.Fields {
		out = append(out, f.judge(s))
	}
	if len(w.RequesterIn) > 0 {
		out = append(out, w.requester(s))
	}
	if w.For != "" {
		out = append(out, w.whom(s))
	}
	if w.Cost() {
		out = append(out, w.cost(s))
	}
	if w.Seats() {
		out = append(out, w.seats(s))
	}
	if w.Lasts() {
		out = append(out, w.lasts(s))
	}
	return out
}

// judge compares ids and, of resources, names and addresses as people write them; what was typed and is not found yet
// may be anything.
func (f FieldIs) judge(s Situation) Reason {
	v, asked := s.Values.Get(f.Key)
	field, _ := s.form().Field(f.Key)
	if !asked && field.Default != "" {
		v = catalog.Value{Key: f.Key, Items: field.ItemsOf([]string{field.Default})}
	}
	among := 0
	for _, i := range v.Items {
		if f.names(i) {
			among++
		}
	}
	total := len(v.Items)
	is := held(among > 0 && (f.Any || among == total))
	if len(v.Typed) > 0 && (f.Any && among == 0 || !f.Any && among == total) {
		is = Unknown
	}
	want, asks := strings.Join(f.In, " or "), clip(strings.Join(shown(v.Items), ", "))
	switch {
	case is == Unknown:
		return Reason{Held: is, Say: Sayf("%v: which ones are meant isn't known yet", f.Key)}
	case total == 0:
		return Reason{Held: is, Say: Sayf("it says no %v, so that isn't %v", f.Key, want)}
	case is == Holds:
		return Reason{Held: is, Say: Sayf("%v is %v", f.Key, asks)}
	case f.Any:
		return Reason{Held: is, Say: Sayf("%v is %v, and has no %v", f.Key, asks, want)}
	}
	return Reason{Held: is, Say: Sayf("%v is %v, not %v%v", f.Key, asks, only(total), want)}
}

// only stands before what all of several values should have been.
func only(total int) string {
	if total > 1 {
		return "only "
	}
	return ""
}

// shown are values as a policy names them: a choice by its id, a resource by its address or name.
func shown(items []catalog.Item) (out []string) {
	for _, i := range items {
		if i.Host == "" && i.Nameless == "" {
			out = append(out, i.ID)
			continue
		}
		out = append(out, i.Short())
	}
	return out
}

// names reports whether a value is one of those that are meant.
func (f FieldIs) names(i catalog.Item) bool {
	return slices.ContainsFunc(f.In, func(want string) bool {
		return FoldName(want) == FoldName(i.ID) || i.Host != "" && FoldHost(want) == FoldHost(i.Host) || i.Name != "" && FoldName(want) == FoldName(i.Name)
	})
}

func (w When) requester(s Situation) Reason {
	named := Stage{Approvers: w.RequesterIn}
	if slices.Contains(named.People(), s.By) {
		return Reason{Held: Holds, Say: Sayf("%v is named", s.By)}
	}
	is := Fails
	for _, g := range named.Groups() {
		switch {
		case slices.Contains(s.Known.In, g):
			return Reason{Held: Holds, Say: Sayf("%v is in %v", s.By, g)}
		case !slices.Contains(s.Known.Out, g):
			is = Unknown
		}
	}
	asker := Sayf("%v", s.By)
	if s.By == "" {
		asker = Sayf("who asks")
	}
	if is == Unknown {
		return Reason{Held: is, Say: Sayf("whether %v is in %v isn't known", asker, either(w.RequesterIn))}
	}
	return Reason{Held: is, Say: Sayf("%v isn't in %v", asker, either(w.RequesterIn))}
}

// either names people and groups of which one is meant.
func either(ids []string) Text {
	var names []Text
	for _, id := range ids {
		if IsGroup(id) {
			names = append(names, Sayf("%v", GroupID(id)))
			continue
		}
		names = append(names, Sayf("%v", PersonID(id)))
	}
	return Join(names, " or ")
}

// whose are how a request's beneficiary is said.
var whose = map[Beneficiary]string{ForSelf: "it's for who asks", ForOther: "it's for a colleague", ForExternal: "it's for somebody outside the workspace"}

func (w When) whom(s Situation) Reason {
	switch s.Known.For {
	case "":
		return Reason{Held: Unknown, Say: Sayf("whether %v isn't known", whose[w.For])}
	case w.For:
		return Reason{Held: Holds, Say: Sayf("%v", whose[w.For])}
	}
	return Reason{Held: Fails, Say: Sayf("%v, and not for %v", whose[s.Known.For], strings.TrimPrefix(whose[w.For], "it's for "))}
}

func (w When) cost(s Situation) Reason {
	cost, known := s.Cost()
	if !known {
		return Reason{Held: Unknown, Say: Sayf("what it costs isn't known")}
	}
	costs := Sayf("it costs %v", cost)
	if w.CostUnder != nil && cost.Amount >= *w.CostUnder {
		return Reason{Held: Fails, Say: Sayf("%v, which isn't under %v", costs, cost.of(*w.CostUnder))}
	}
	if w.CostOver != nil && cost.Amount <= *w.CostOver {
		return Reason{Held: Fails, Say: Sayf("%v, which isn't over %v", costs, cost.of(*w.CostOver))}
	}
	return Reason{Held: Holds, Say: costs}
}

func (w When) seats(s Situation) Reason {
	if s.Known.Left == nil {
		return Reason{Held: Unknown, Say: Sayf("how many seats are left isn't known yet")}
	}
	n := *s.Known.Left
	left := Sayf("%v are left", s.App.seats(n))
	if n == 1 {
		left = Sayf("%v is left", s.App.seats(n))
	}
	if w.SeatsLeftUnder != nil && n >= *w.SeatsLeftUnder {
		return Reason{Held: Fails, Say: Sayf("%v, which isn't under %v", left, *w.SeatsLeftUnder)}
	}
	if w.SeatsLeftOver != nil && n <= *w.SeatsLeftOver {
		return Reason{Held: Fails, Say: Sayf("%v, which isn't over %v", left, *w.SeatsLeftOver)}
	}
	return Reason{Held: Holds, Say: left}
}

func (w When) lasts(s Situation) Reason {
	long := Sayf("it's for good")
	if s.Lasts > 0 {
		long = Sayf("it's for %v", Days(s.Lasts))
	}
	if w.ShorterThan > 0 && (s.Lasts == 0 || s.Lasts >= w.ShorterThan) {
		return Reason{Held: Fails, Say: Sayf("%v, which isn't shorter than %v", long, Days(w.ShorterThan))}
	}
	if w.LongerThan > 0 && s.Lasts > 0 && s.Lasts <= w.LongerThan {
		return Reason{Held: Fails, Say: Sayf("%v, which isn't longer than %v", long, Days(w.LongerThan))}
	}
	return Reason{Held: Holds, Say: long}
}

// Days is a time as people say it: whole days, hours or minutes, else as Go writes it.
func Days(d time.Duration) string { return spanText(d, "") }

// spanText is a time with what stands between its number and its unit.
func spanText(d time.Duration, between string) string {
	for _, u := range []struct {
		of   time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		switch n := int(d / u.of); {
		case d <= 0 || d%u.of != 0:
		case n == 1:
			return "1 " + between + u.name
		default:
			return strconv.Itoa(n) + " " + between + u.name + "s"
		}
	}
	return strings.TrimSpace(d.String() + " " + between)
}
