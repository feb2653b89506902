package catalog

import "slices"

// Kind is what a field holds.
type Kind string

// The kinds of field.
const (
	Text      Kind = "text"
	Email     Kind = "email"
	OneOf     Kind = "one"       // one of its choices
	SomeOf    Kind = "some"      // any of its choices, each once
	Resources Kind = "resources" // things of the app, looked up by number, name or address
	Number    Kind = "number"    // a whole number, 0 or more
	Money     Kind = "money"     // a whole number in a currency, per what another field says
	Date      Kind = "date"      // as in 2026-12-31
)

var kinds = []Kind{Text, Email, OneOf, SomeOf, Resources, Number, Money, Date}

// Field is one thing that an action takes.
type Field struct {
	// Key is what people type before "=", and values are kept under.
	Key string
	// Also are other words that people use for it.
	Also []string
	// Label stands before its value on a card, and Noun in the middle of a sentence.
	Label string
	Noun  Noun
	Kind  Kind
	// Required says that the action cannot be asked without it; Default is the value it has where it is left out.
	Required bool
	Default  string
	Choices  []Choice
	// Shape is a regular expression for what else is taken of a field of one choice, or of text; "": of one choice
	// nothing, of text anything.
	Shape string
	// Resource is the key of what a field of the kind Resources chooses from.
	Resource string
	// Per is, of money, the key of the field that says per what time; Of is, of that field, the money's.
	Per, Of string
	// When is when it is asked for: a field before it with one of its choices ("role=session"), or with "not " before that,
	// when it is not that; "": always. First is the question that a form asks before it; nil: none.
	When  string
	First *First
	// Share says that it is how much somebody gets of the limit of the app's pool that its key names.
	Share bool
	// Bare says that its values stand behind the address, without the key.
	Bare bool
	// Aside says that a card shows it in brackets behind whom something is for, and not on a line of its own.
	Aside bool
	// Does begins the line of a card that names its resources: "Shares".
	Does string
	// Unit is what stands behind an amount: "in the account's currency"; Zero is what is to be said of an amount of 0.
	Unit, Zero string
	// Help says what it takes where it is typed, as a sentence, and Hint the same under it in a form; Samples are values
	// to copy.
	Help    string
	Hint    string
	Samples []string
	// Missing asks for it where it is required and was left out, and for a part of a pair whose other half is there.
	Missing string
	// Place is what stands in its place in a line to copy: "<website>".
	Place string
}

// Choice is one value of a field with choices.
type Choice struct {
	// ID is sent, and typed; Words are shown.
	ID    string
	Words string
	// Plural is Words of several, where a sentence speaks of such accounts.
	Plural string
	// Also are other words for it that are offered when they are typed.
	Also []string
	// Group is where it stands among many, and Way which answer to the question before it is the one that it is of.
	Group, Way string
	// Warning is what people must know before they give it: "sees every website, and may edit and delete them".
	Warning string
	// Takes says that it takes something from whoever has it.
	Takes bool
	// Only is the one sort of account that it means anything for; "": any.
	Only string
	// Given is what a card says that one is given; GivenBare the same where it comes with no resource.
	Given, GivenBare Words
	// All says that accounts of this sort see every resource, whatever is shared with them; Sees says so of one, as in
	// "sees every website", and Stays what becomes of these when such an account goes.
	All         bool
	Sees, Stays string
}

// Choice finds a choice by its id.
func (f Field) Choice(id string) (Choice, bool) {
	i := slices.IndexFunc(f.Choices, func(c Choice) bool { return c.ID == id })
	if i < 0 {
		return Choice{}, false
	}
	return f.Choices[i], true
}

// IDs are the ids of its choices, in order.
func (f Field) IDs() (ids []string) {
	for _, c := range f.Choices {
		ids = append(ids, c.ID)
	}
	return ids
}

// Item is a choice as a value that was chosen.
func (c Choice) Item() Item { return Item{ID: c.ID, Name: c.Words, Takes: c.Takes} }

// ItemsOf are ids as values, by the words of their choices where there are such.
func (f Field) ItemsOf(ids []string) (items []Item) {
	for _, id := range ids {
		item := Item{ID: id}
		if c, ok := f.Choice(id); ok {
			item = c.Item()
		}
		items = append(items, item)
	}
	return items
}
