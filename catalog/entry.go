package catalog

import (
	"slices"
	"strconv"
	"strings"
)

// Entry is what can be asked of the apps of one kind.
type Entry struct {
	// Kind is what the configuration calls it.
	Kind string
	// Seat is what people have of such an app.
	Seat Noun
	// Sort is the key of the field that says of what sort an account is; "": there is one sort.
	Sort    string
	Actions []Action
	// Resources are what fields of the kind Resources choose from. Of the first it may be told what an account holds and owns.
	Resources []Resource
	// Details are what else an account is shown to have, in that order.
	Details []Field
	Reads   Reads
	// Parts is what help says that an account is shown with, and Asking how the overview lists what can be asked.
	Parts  string
	Asking Words
	// Unverified says that nobody has seen the vendor's own words for where its steps are done: people are told so.
	Unverified bool
}

// Reads says which of its reads an app has. What it does not have is not known, wherever it would be shown.
type Reads struct {
	// Used is how many seats are in use and whose they are; Bought is how many there may be.
	Used, Bought bool
	// Details is what one account has.
	Details bool
	// Blocked is whether an account is blocked by its limits.
	Blocked bool
	// Holds and Owns are which resources an account sees, and which are its own.
	Holds, Owns bool
}

// Noun is a word for one thing and for several.
type Noun struct{ One, Many string }

// Count is a number with its noun: "1 seat", "3 seats".
func (n Noun) Count(many int) string {
	if many == 1 {
		return "1 " + n.One
	}
	return Grouped(many) + " " + n.Many
}

// Grouped is a number as people write it, such as 1,250.
func Grouped[N int | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// A is one of it with its article: "a seat", "an editor seat".
func (n Noun) A() string {
	if strings.ContainsAny(n.One[:min(len(n.One), 1)], "aeioAEIO") {
		return "an " + n.One
	}
	return "a " + n.One
}

// Effect is what an action does to what somebody has.
type Effect string

// The effects. The first two may give somebody something; the third never does.
const (
	Gives   Effect = "gives"
	Changes Effect = "changes"
	Takes   Effect = "takes"
)

// Verb is the key of an action: what people type, policies name and requests are kept under.
type Verb string

// The verbs that most apps have an action for. Nothing follows from them: what an action does stands in its entry.
const (
	Create  Verb = "create"
	Share   Verb = "share"
	Unshare Verb = "unshare"
	Update  Verb = "update"
	Delete  Verb = "delete"
)

// Action is one thing that can be asked.
type Action struct {
	Key Verb
	// Also are other words that people use for it.
	Also []string
	// Label is what a form calls it: "A new seat"; "": its key.
	Label  string
	Effect Effect
	// New says that the account must not be there yet; every other action is about one that is.
	New bool
	// Named says that it takes the names of whom it is for, behind their address.
	Named bool
	// Ends says that the account itself is taken away, and Final that this cannot be undone: whoever approves it is asked
	// twice.
	Ends, Final bool
	// Spares says that it is not done to an account that owns resources, until they are handed over.
	Spares bool
	// Undo is the action of this app that takes back what this one gave, when it was for a time only; "": it is given
	// for good.
	Undo Verb
	// Instead is the action that gives the next best thing where the account is there already; "": there is none.
	Instead Verb
	Fields  []Field
	// Steps are what a person does to carry it out; none: a program does.
	Steps []Step
	Says  Says
	Guide Guide
}

// Resource is a thing of the app that people name: by number, by name, by address.
type Resource struct {
	Key  string
	Noun Noun
	// Nameless is what one is called of which only the number is known, before that number: "site".
	Nameless string
	// Verb is the command that lists them; Also are other words for it, and Guide is its help. "": there is none.
	Verb  string
	Also  []string
	Guide Guide
	// Held, HeldOne and HeldNone say on the card of a removal what the account sees; OwnsNone that it owns nothing,
	// and OwnsAny what becomes of one that does, while that is not known yet.
	Held, HeldOne, HeldNone, OwnsNone, OwnsAny Words
	// HeldAs and OwnedAs head the lists of an account that is shown.
	HeldAs, OwnedAs string
}

// Action finds an action by its key.
func (e *Entry) Action(key Verb) (Action, bool) {
	if e == nil {
		return Action{}, false
	}
	i := slices.IndexFunc(e.Actions, func(a Action) bool { return a.Key == key })
	if i < 0 {
		return Action{}, false
	}
	return e.Actions[i], true
}

// Resource finds a resource by its key.
func (e *Entry) Resource(key string) (Resource, bool) {
	if e == nil {
		return Resource{}, false
	}
	i := slices.IndexFunc(e.Resources, func(r Resource) bool { return r.Key == key })
	if i < 0 {
		return Resource{}, false
	}
	return e.Resources[i], true
}

// Held is the resource that accounts hold and own; false: they hold none.
func (e *Entry) Held() (Resource, bool) {
	if e == nil || len(e.Resources) == 0 {
		return Resource{}, false
	}
	return e.Resources[0], true
}

// SortOf is a sort of account; false where there is none of that name.
func (e *Entry) SortOf(id string) (Choice, bool) {
	if e == nil || e.Sort == "" || id == "" {
		return Choice{}, false
	}
	for _, a := range e.Actions {
		if f, ok := a.Field(e.Sort); ok {
			return f.Choice(id)
		}
	}
	return Choice{}, false
}

// Field finds a field of an action by its key.
func (a Action) Field(key string) (Field, bool) {
	i := slices.IndexFunc(a.Fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return a.Fields[i], true
}

// Resources are the fields of an action that name resources.
func (a Action) Resources() (list []Field) {
	for _, f := range a.Fields {
		if f.Kind == Resources {
			list = append(list, f)
		}
	}
	return list
}

// Thing is the field that says what an action gives to an account, or takes from it, where nobody can list such things: the one
// whose value stands behind the address, else the first that it can't be asked without; false: it gives or takes none by name.
func (a Action) Thing() (Field, bool) {
	if a.New || a.Ends || a.Effect == Changes || len(a.Resources()) > 0 {
		return Field{}, false
	}
	if f, ok := a.Bare(); ok {
		return f, true
	}
	i := slices.IndexFunc(a.Fields, func(f Field) bool { return f.Required })
	if i < 0 {
		return Field{}, false
	}
	return a.Fields[i], true
}

// Bare is the field whose values stand behind the address without its key; false: there is none.
func (a Action) Bare() (Field, bool) {
	i := slices.IndexFunc(a.Fields, func(f Field) bool { return f.Bare })
	if i < 0 {
		return Field{}, false
	}
	return a.Fields[i], true
}
