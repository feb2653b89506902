package catalog

import "slices"

// Values are what somebody asked for, by field, in the order of the fields. They are stored as JSON: fields may be added,
// never renamed.
type Values []Value

// Value is what was asked for of one field. One without items says that there shall be none; a field that is not
// mentioned has no Value.
type Value struct {
	Key   string `json:"key"`
	Items []Item `json:"items,omitempty"`
	// Typed are resources as they were typed of which it is not known yet which are meant.
	Typed []string `json:"typed,omitempty"`
	// Share says that it was a share of the app's pool when it was asked, whatever the field is by now.
	Share bool `json:"share,omitempty"`
}

// Item is one thing that was chosen: the id that is sent, and what is shown.
type Item struct {
	ID string `json:"id"`
	// Name is what people call it, and Host the address that a resource has; "" where it is called by its id.
	Name string `json:"name,omitempty"`
	Host string `json:"host,omitempty"`
	// Paused is set for a resource that rests, and Takes for a choice that takes something from whoever has it.
	Paused bool `json:"paused,omitempty"`
	Takes  bool `json:"takes,omitempty"`
	// Nameless is what a resource is called that has neither name nor address.
	Nameless string `json:"nameless,omitempty"`
	// As is as what somebody has it, where it was given so: "viewer".
	As string `json:"as,omitempty"`
}

// Words are what a choice is called.
func (i Item) Words() string {
	if i.Name != "" {
		return i.Name
	}
	return i.ID
}

// Label names a resource so that two of one name differ: "Acme UK – acme.example (#39)".
func (i Item) Label() string {
	switch {
	case i.Name == "" && i.Host == "":
		return i.bare()
	case i.Name == "" || i.Name == i.Host:
		return i.Host + " (#" + i.ID + ")"
	case i.Host == "":
		return i.Name + " (#" + i.ID + ")"
	}
	return i.Name + " – " + i.Host + " (#" + i.ID + ")"
}

// Short is the name of a resource where its number is not needed.
func (i Item) Short() string {
	for _, n := range []string{i.Host, i.Name} {
		if n != "" {
			return n
		}
	}
	return i.bare()
}

// Held is its short name, and as what somebody has it: "Acme blog (viewer)".
func (i Item) Held() string {
	if i.As == "" {
		return i.Short()
	}
	return i.Short() + " (" + i.As + ")"
}

func (i Item) bare() string {
	if i.Nameless == "" {
		return "#" + i.ID
	}
	return i.Nameless + " #" + i.ID
}

// Get is the value of a field; false: it was not mentioned.
func (v Values) Get(key string) (Value, bool) {
	i := slices.IndexFunc(v, func(o Value) bool { return o.Key == key })
	if i < 0 {
		return Value{Key: key}, false
	}
	return v[i], true
}

// Has reports whether a field was mentioned.
func (v Values) Has(key string) bool {
	_, ok := v.Get(key)
	return ok
}

// Items are the items of a field.
func (v Values) Items(key string) []Item {
	value, _ := v.Get(key)
	return value.Items
}

// IDs are the ids of a field's items.
func (v Values) IDs(key string) (ids []string) {
	for _, i := range v.Items(key) {
		ids = append(ids, i.ID)
	}
	return ids
}

// ID is the id of a field's only item, or "".
func (v Values) ID(key string) string {
	if items := v.Items(key); len(items) == 1 {
		return items[0].ID
	}
	return ""
}

// With is v with a value in its place, or behind all others; v stays as it is.
func (v Values) With(value Value) Values {
	out := slices.Clone(v)
	if i := slices.IndexFunc(out, func(o Value) bool { return o.Key == value.Key }); i >= 0 {
		out[i] = value
		return out
	}
	return append(out, value)
}

// Without is v without a field; v stays as it is.
func (v Values) Without(key string) Values {
	return slices.DeleteFunc(slices.Clone(v), func(o Value) bool { return o.Key == key })
}

// Typed reports whether of any field it is not known yet which resources are meant.
func (v Values) Typed() bool {
	return slices.ContainsFunc(v, func(o Value) bool { return len(o.Typed) > 0 })
}

// Names are the items of a resource field by their short names, and behind them the words that were typed, in
// quotation marks.
func (v Value) Names() (names []string) {
	for _, i := range v.Items {
		names = append(names, i.Short())
	}
	for _, t := range v.Typed {
		names = append(names, "“"+t+"”")
	}
	return names
}

// SameItems reports whether two lists have the same ids, in whatever order.
func SameItems(a, b []Item) bool { return len(Minus(a, b)) == 0 && len(Minus(b, a)) == 0 }

// Minus are the items of a that are not in b.
func Minus(a, b []Item) []Item {
	return slices.DeleteFunc(slices.Clone(a), func(i Item) bool {
		return slices.ContainsFunc(b, func(o Item) bool { return o.ID == i.ID })
	})
}
