package commands

import (
	"errors"
	"maps"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Draft is a form as far as somebody has filled it in, free of Slack's types. A typed line that lacks something becomes
// one, and one that is whole becomes the same command as a typed line.
type Draft struct {
	// App is the short name of the app; "": the one that is meant where none is named.
	App string `json:"a,omitempty"`
	// Bundle is the id of a bundle, where one is asked for and no action of an app.
	Bundle string       `json:"b,omitempty"`
	Action catalog.Verb `json:"v,omitempty"`
	For    For          `json:"f,omitempty"`
	// Person is the colleague, and Email the address outside, that it is for.
	Person approvals.PersonID `json:"p,omitempty"`
	Email  string             `json:"e,omitempty"`
	// Persons are the colleagues where it is for several of them, and Names what they are called, in one line each, where a
	// new account takes names.
	Persons []approvals.PersonID          `json:"q,omitempty"`
	Names   map[approvals.PersonID]string `json:"x,omitempty"`
	// Unmatched is how many names were written where that isn't how many colleagues there are; it is kept nowhere.
	Unmatched int `json:"-"`
	// People are the several people that it is for, an address each, with their names where a new account takes them.
	People string `json:"m,omitempty"`
	// First and Last are the names of whom a new account is for.
	First string `json:"n,omitempty"`
	Last  string `json:"l,omitempty"`
	// Chosen are the choices that were picked, and the resources by their ids; Typed is what was written: amounts, text,
	// and resources by name. Both by the keys of fields.
	Chosen map[string][]string `json:"c,omitempty"`
	Typed  map[string]string   `json:"t,omitempty"`
	// Ways are which way a choice is to be, by the keys of fields before which that is asked.
	Ways   map[string]string `json:"y,omitempty"`
	Reason string            `json:"r,omitempty"`
	// Long is one of the ways to say how long; "": for good. Until is a last day then, and While a time, as they were written.
	Long  string `json:"g,omitempty"`
	Until string `json:"u,omitempty"`
	While string `json:"w,omitempty"`
	// Missing says what a typed line lacked, for the head of the form; it is kept nowhere.
	Missing approvals.Text `json:"-"`
}

// For is whom something is asked for.
type For string

// Those for whom one asks.
const (
	ForMe        For = "me"
	ForColleague For = "colleague"
	ForOutside   For = "outside"
	ForSeveral   For = "several"
)

// NoneOf is the choice that says of a field of several that there shall be none.
const NoneOf = ":none"

// Place is where in a form something stands: one of those below, or that of a field.
type Place string

// The places that every form has, or may have.
const (
	PlaceApp    Place = "app"
	PlaceAction Place = "action"
	PlaceWhom   Place = "whom"
	PlaceFirst  Place = "first"
	PlaceLast   Place = "last"
	PlaceReason Place = "reason"
	PlaceLong   Place = "long"
)

// PlaceOf is the place of a field.
func PlaceOf(key string) Place { return Place("field " + key) }

// Mistakes are what is wrong with a form, each at its place, as a sentence.
type Mistakes map[Place]approvals.Text

// placed is an error that belongs to one place of a form. Where a line was typed it is what it holds. inForm says the
// same to somebody who has a form before them; nil: in the same words.
type placed struct {
	error
	at     Place
	inForm approvals.Text
	// instead is the next best thing, ready to be asked for; nil: there is none.
	instead *Draft
}

// Unwrap is the error as it is without a form.
func (p placed) Unwrap() error { return p.error }

// at puts an error in its place; nil stays nil, and what has a place keeps it.
func at(place Place, err error) error {
	var known placed
	if err == nil || errors.As(err, &known) {
		return err
	}
	return placed{error: err, at: place}
}

// clone is a draft whose maps are its own, and are there.
func (d Draft) clone() Draft {
	d.Chosen, d.Typed, d.Names, d.Persons = maps.Clone(d.Chosen), maps.Clone(d.Typed), maps.Clone(d.Names), slices.Clone(d.Persons)
	d.Ways = maps.Clone(d.Ways)
	if d.Chosen == nil {
		d.Chosen = map[string][]string{}
	}
	if d.Typed == nil {
		d.Typed = map[string]string{}
	}
	if d.Names == nil {
		d.Names = map[approvals.PersonID]string{}
	}
	return d
}

// whom is whose account a draft is about; false: that is still open.
func (d Draft) whom(by approvals.PersonID) (whom, bool) {
	switch d.For {
	case ForMe:
		return whom{person: by}, true
	case ForColleague:
		return whom{person: d.Person}, d.Person != ""
	}
	return whom{email: d.Email}, !blank(d.Email)
}

// drafted is what was understood of a command, for the form.
func (c asking) drafted() *Draft {
	d := (Draft{App: c.app.ID, Action: c.action.Key, Person: c.whom.person, Email: c.whom.email, First: c.first, Last: c.last, Reason: c.reason}).clone()
	switch {
	case c.whom.person != "":
		d.For = ForColleague
	case c.whom.email != "":
		d.For = ForOutside
	}
	for _, v := range c.values {
		f, ok := c.action.Field(v.Key)
		switch ids := c.values.IDs(v.Key); {
		case !ok:
		case f.Kind == catalog.Resources:
			d.Typed[v.Key] = written(v.Typed)
		case f.Kind == catalog.SomeOf && len(ids) == 0:
			d.Chosen[v.Key] = []string{NoneOf}
		case len(f.Choices) > 0:
			d.Chosen[v.Key] = slices.Clone(ids)
		case len(ids) > 0:
			d.Typed[v.Key] = ids[0]
		}
	}
	c.long.drafted(&d)
	return &d
}

// written is a list of resources as one would type it.
func written(names []string) string {
	var out string
	for i, n := range names {
		if i > 0 {
			out += ", "
		}
		out += quoted(n)
	}
	return out
}
