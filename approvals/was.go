package approvals

import (
	"fmt"

	"github.com/usherbot/usher/catalog"
)

// Was is what was read at the vendor of the account that a change is about, as far as its card speaks of it: what
// goes with an account that is removed, what an update replaces. It is kept with the request, so that every later
// word of it says the same, and the deed holds what it replaces against what is there.
type Was struct {
	// Held and Owned are resources of an account to be removed; of a great many the first alone, and Holds and
	// Owns count all.
	Held  []catalog.Item `json:"held,omitempty"`
	Holds int            `json:"holds,omitempty"`
	Owned []catalog.Item `json:"owned,omitempty"`
	Owns  int            `json:"owns,omitempty"`
	// Values are those of an account to be changed; a field that could not be read is not there.
	Values catalog.Values `json:"values,omitempty"`
}

// Was is what was read of the account before; nil where nothing was.
func (r Request) Was() *Was {
	if r.Look == nil {
		return nil
	}
	return r.Look.Was
}

// Settings are what a change asks for that has a line of its own, a line each.
func (r Request) Settings() []Text {
	var lines []Text
	for _, f := range r.lined() {
		switch line := Sayf("*%v* %v", f.Label, Shown(f, r.Change.Values)); {
		case f.Kind == catalog.Money && f.Unit != "":
			lines = append(lines, r.zero(f, Sayf("%v, %v", line, f.Unit)))
		default:
			lines = append(lines, r.zero(f, r.warned(f, line)))
		}
	}
	return lines
}

// warned is a line about a choice, with what people must know before they give it.
func (r Request) warned(f catalog.Field, line Text) Text {
	c, _ := f.Choice(r.Change.Values.ID(f.Key))
	if f.Kind != catalog.OneOf || c.Warning == "" {
		return line
	}
	return Sayf("%v. *It %v.*", line, c.Warning)
}

// lined are the fields that were mentioned and have a line of their own on the card: not what a sentence says of
// the sort of account, nor what stands aside, nor resources, which are listed. What the app no longer has is called
// by its key.
func (r Request) lined() (list []catalog.Field) {
	form := r.Form()
	for _, f := range form.Fields {
		sort := form.New && r.App.Entry != nil && f.Key == r.App.Entry.Sort
		if r.Change.Values.Has(f.Key) && !sort && !f.Aside && f.Of == "" && f.Kind != catalog.Resources {
			list = append(list, f)
		}
	}
	for _, v := range r.Change.Values {
		if _, ok := form.Field(v.Key); !ok {
			list = append(list, catalog.Field{Key: v.Key, Label: v.Key, Kind: catalog.SomeOf, Noun: catalog.Noun{One: v.Key, Many: v.Key}})
		}
	}
	return list
}

// Alters says what a change does to what an account has, a line each, by what people call it: what it takes away
// first, then what it gives, then how it was and how it will be.
func (r Request) Alters() []Text {
	if r.Extends != nil {
		return []Text{Sayf("*Ends* %v → %v", r.Extends.Was, r.MovesTo())}
	}
	var lines []Text
	for _, f := range r.lined() {
		if f.Kind == catalog.SomeOf {
			lines = append(lines, r.someAlters(f)...)
		} else {
			lines = append(lines, r.oneAlters(f))
		}
	}
	return lines
}

func (r Request) someAlters(f catalog.Field) []Text {
	is, was := r.Change.Values.Items(f.Key), r.Was()
	switch known := was != nil && was.Values.Has(f.Key); {
	case !known && len(is) == 0:
		return []Text{Sayf("*Takes away* every %v", f.Noun.One)}
	case !known:
		return []Text{Sayf("*%v* exactly these, all others are taken away: %v", f.Label, Names(is))}
	}
	before := was.Values.Items(f.Key)
	lost, got := catalog.Minus(before, is), catalog.Minus(is, before)
	var lines []Text
	for _, part := range []struct {
		head string
		list []catalog.Item
	}{
		{"*Takes away* %v", thatTake(lost, false)}, {"*Restricts* %v", thatTake(got, true)},
		{"*Gives* %v", thatTake(got, false)}, {"*Lifts* %v", thatTake(lost, true)},
	} {
		if len(part.list) > 0 {
			lines = append(lines, Sayf(part.head, Names(part.list)))
		}
	}
	if len(lines) == 0 {
		return []Text{Sayf("*%v* %v, as they are now", f.Label, Names(is))}
	}
	return append(lines, Sayf("*%v* %v → %v", f.Label, Names(before), Names(is)))
}

// oneAlters is the line of a field that has one value.
func (r Request) oneAlters(f catalog.Field) Text {
	is, was := Shown(f, r.Change.Values), r.Was()
	unit, of := "", ""
	if f.Unit != "" {
		unit, of = ", "+f.Unit, " "+f.Unit
	}
	if was == nil || !was.Values.Has(f.Key) {
		return r.zero(f, r.warned(f, Sayf("*%v* %v%v", f.Label, is, unit)))
	}
	if before := Shown(f, was.Values); before != is {
		return r.zero(f, r.warned(f, Sayf("*%v* %v → %v%v", f.Label, before, is, unit)))
	}
	return r.zero(f, Sayf("*%v* %v%v, as it is now", f.Label, is, of))
}

// zero is a line about an amount, with what is to be said of one of 0.
func (r Request) zero(f catalog.Field, line Text) Text {
	if f.Zero == "" || r.Change.Values.ID(f.Key) != "0" || f.Per != "" && r.Change.Values.ID(f.Per) == "" {
		return line
	}
	return Sayf("%v. %v", line, f.Zero)
}

// Shown is what people read as the value of a field: names, "50 a month", or "none".
func Shown(f catalog.Field, v catalog.Values) string {
	if f.Kind != catalog.Money || f.Per == "" {
		return Names(v.Items(f.Key))
	}
	if per := v.ID(f.Per); per != "" {
		return fmt.Sprintf("%s a %s", clip(v.ID(f.Key)), clip(per))
	}
	return "none"
}

// Names are what was chosen, by what it is called, up to mostNames of it.
func Names(list []catalog.Item) string {
	const mostNames = 40
	if len(list) == 0 {
		return "none"
	}
	out := ""
	for i, item := range list {
		switch {
		case i == mostNames:
			return fmt.Sprintf("%s and %d more", out, len(list)-mostNames)
		case i > 0:
			out += ", "
		}
		out += clip(item.Words())
	}
	return out
}

// clip cuts what a vendor may have made longer than any name is.
func clip(s string) string {
	const longest = 60
	if r := []rune(s); len(r) > longest {
		return string(r[:longest-1]) + "…"
	}
	return s
}

// thatTake are those that take something from whoever has them, or those that do not.
func thatTake(list []catalog.Item, take bool) (out []catalog.Item) {
	for _, i := range list {
		if i.Takes == take {
			out = append(out, i)
		}
	}
	return out
}
