package catalog

import "slices"

// First is a question that a form asks before it asks for a field: which way it is to be. Each choice of the field is one
// way's, and only those of the way that was picked are asked for then. A line names the choice itself.
type First struct {
	// Asks is the question, and Hint what explains it.
	Asks, Hint string
	Ways       []Way
}

// Way is one answer to it.
type Way struct {
	// ID is kept with a form, Words are shown, and Sees says what it comes to.
	ID, Words, Sees string
}

// OfWay are the choices of one way.
func (f Field) OfWay(way string) (list []Choice) {
	for _, c := range f.Choices {
		if c.Way == way {
			list = append(list, c)
		}
	}
	return list
}

// WayOf is the way that a form shows: the one that was picked, else that of a choice, of the default, or the first; "": there
// is no such question.
func (f Field) WayOf(picked, choice string) string {
	if f.First == nil || len(f.First.Ways) == 0 {
		return ""
	}
	if slices.ContainsFunc(f.First.Ways, func(w Way) bool { return w.ID == picked }) {
		return picked
	}
	for _, id := range []string{choice, f.Default} {
		if c, ok := f.Choice(id); ok {
			return c.Way
		}
	}
	return f.First.Ways[0].ID
}

// Applies reports whether a field is asked for beside these values; what they don't mention has its default.
func (a Action) Applies(f Field, v Values) bool {
	c, some := when(f.When)
	if !some {
		return true
	}
	on, _ := a.Field(c.Field)
	ids := v.IDs(c.Field)
	if len(ids) == 0 && on.Default != "" {
		ids = []string{on.Default}
	}
	return slices.Contains(ids, c.Value) != c.Not
}

// Turns reports whether it hangs on a field which others are asked for.
func (a Action) Turns(key string) bool {
	return slices.ContainsFunc(a.Fields, func(f Field) bool {
		c, some := when(f.When)
		return some && c.Field == key
	})
}

// AskSlips are the slips of when a field is asked for, and of the question before it.
func (a Action) AskSlips(f Field) (slips []Slip) {
	if c, some := when(f.When); some {
		slips = append(slips, a.whenSlips(f, c)...)
	}
	if f.First == nil {
		return slips
	}
	for _, c := range f.Choices {
		if !slices.ContainsFunc(f.First.Ways, func(w Way) bool { return w.ID == c.Way }) {
			slips = append(slips, Slip{Part: "choices", Say: "choice " + c.ID + " is of none of the ways that are asked for first", Typed: c.Way, Words: f.First.ids()})
		}
	}
	for _, w := range f.First.Ways {
		if len(f.OfWay(w.ID)) == 0 {
			slips = append(slips, Slip{Part: "first", Say: "no choice is of the way " + w.ID})
		}
	}
	return slips
}

func (a Action) whenSlips(f Field, c Condition) []Slip {
	var before []string
	for _, o := range a.Fields {
		if o.Key == f.Key {
			break
		}
		if len(o.Choices) > 0 {
			before = append(before, o.Key)
		}
	}
	on, _ := a.Field(c.Field)
	_, known := on.Choice(c.Value)
	switch {
	case c.Asks != "":
		return []Slip{{Part: "when", Say: "it is asked for when " + c.Asks + "; expected a field's choice, such as role=admin"}}
	case !slices.Contains(before, c.Field):
		return []Slip{{Part: "when", Say: "no field with choices before it has the key " + c.Field, Typed: c.Field, Words: before}}
	case !known:
		return []Slip{{Part: "when", Say: c.Field + " has no choice " + c.Value, Typed: c.Value, Words: on.IDs()}}
	case on.When != "":
		return []Slip{{Part: "when", Say: c.Field + " is not always asked for itself; expected a field that is"}}
	}
	return nil
}

func (f First) ids() (ids []string) {
	for _, w := range f.Ways {
		ids = append(ids, w.ID)
	}
	return ids
}

// Condition is its When, taken apart; its zero value: it is always asked for.
func (f Field) Condition() Condition {
	c, _ := when(f.When)
	return c
}
