package approvals

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/catalog"
)

// Form is what the app's entry says of what a request asks. Where the app is not configured any more, or has no such
// action any more, nothing is known of it but its key, and it counts as giving something: then nothing is given on a guess.
func (r Request) Form() catalog.Action {
	if r.Extends != nil {
		return extending()
	}
	if a, ok := r.App.Entry.Action(r.Action); ok {
		return a
	}
	return catalog.Action{Key: r.Action, Effect: catalog.Gives}
}

// Formless says that the app has no such action, and why, as a sentence; nil: it has.
func (r Request) Formless() Text {
	if r.App.Entry == nil {
		return Sayf("%v isn't set up in Usher any more.", r.App.Name)
	}
	if _, ok := r.App.Entry.Action(r.Given().Action); !ok {
		return Sayf("%v doesn't have `%v` any more.", r.App.Name, r.Given().Action)
	}
	return nil
}

// Misfits say what of a request its app no longer has: a field, a choice. A sentence each.
func (r Request) Misfits() (says []Text) {
	if r.Formless() != nil || r.Extends != nil {
		return nil
	}
	for _, m := range r.Form().Misfits(r.Change.Values) {
		if m.Choice.ID == "" {
			says = append(says, Sayf("%v doesn't take “%v” any more.", r.App.Name, clip(m.Label)))
			continue
		}
		says = append(says, Sayf("%v doesn't have “%v” under “%v” any more.", r.App.Name, clip(m.Choice.Words()), clip(m.Label)))
	}
	return says
}

// general is what is said of an action whose entry does not say it.
var general = catalog.Says{
	Title: "{app}: {verb} for {who}", About: "{verb} for {who} in {app}", Asks: "{verb} {email}", Doing: "it is being done",
	Done:  "{app} has done it for {who}: {verb} ({n}).",
	There: "{who} already has a seat in {app}.", ThereAll: "{who} already has a seat in {app}.",
	ThereNow: "{who} already has a seat in {app}. Nothing was sent.", ThereAllNow: "{who} already has a seat in {app}. Nothing was sent.",
	All: "{who} has that anyway: nothing would change.", AllNow: "{who} has that anyway, so nothing was sent.",
	Idle:    "It is like that already: {list}.",
	Bars:    "{who} owns {count}, so the account stays: {list}. Hand them over in {app} first.",
	BarsNow: "{who} owns {count}, so the account stays and nothing was sent: {list}. Hand them over in {app} first, then ask again.",
	Sure:    "Take this account away for good?", Yes: "Approve the removal", Doomed: "the {app} account of {email}", DoomedNamed: "{holder}'s {app} account, {email}",
	DoomedHeld: ", with {count}", Nothing: "What should change?",
}

// Says are the sentences of what a request asks, each in the app's words or else in general ones.
func (r Request) Says() catalog.Says { return SaysOf(r.Form()) }

// SaysOf are an action's sentences, each in the app's words or else in general ones.
func SaysOf(a catalog.Action) catalog.Says { return a.Says.Or(general) }

// Doing says what is under way.
func (r Request) Doing() Text {
	if r.Working() {
		return r.handing()
	}
	return Fill(r.Says().Doing, r.common)
}

// Fill is a sentence of an app's with its places filled. at says what goes into a place; nil: nothing.
func Fill(w catalog.Words, at func(place string) any) Text {
	format, places := w.Format()
	var args []any
	for _, p := range places {
		v := at(p)
		if v == nil {
			v = ""
		}
		args = append(args, v)
	}
	return Sayf(format, args...)
}

// common fills the places that are filled alike wherever they stand.
func (r Request) common(place string) any {
	switch place {
	case catalog.PlaceApp:
		return r.App.Name
	case catalog.PlaceWho:
		return r.Change.Whom()
	case catalog.PlaceEmail:
		return r.Change.Email
	case catalog.PlaceNumber:
		return Sayf("#%v", r.Number)
	case "verb":
		return string(r.Action)
	}
	key := strings.TrimRight(place, "+*")
	if said := r.Spoken(key); said != "" {
		return said
	}
	if v, ok := r.Change.Values.Get(key); ok {
		return strings.Join(v.Names(), ", ")
	}
	return nil
}

// Spoken is the value of a field as a sentence names it; "": the field was not mentioned, or its values are resources.
func (r Request) Spoken(key string) string {
	f, ok := r.Form().Field(key)
	if !ok || f.Kind == catalog.Resources || !r.Change.Values.Has(key) {
		return ""
	}
	return Shown(f, r.Change.Values)
}

// Resources are the resources that a request names, by field, in the order of its form; of one whose form is gone, those
// values that look like some.
func (r Request) Resources() (list []catalog.Value) {
	if r.Formless() != nil {
		for _, v := range r.Change.Values {
			if resourceful(v) {
				list = append(list, v)
			}
		}
		return list
	}
	for _, f := range r.Form().Resources() {
		if v, ok := r.Change.Values.Get(f.Key); ok {
			list = append(list, v)
		}
	}
	return list
}

// resourceful reports whether a value looks like resources: something that was typed and is not found yet, or has an address.
func resourceful(v catalog.Value) bool {
	return len(v.Typed) > 0 || slices.ContainsFunc(v.Items, func(i catalog.Item) bool { return i.Host+i.Nameless != "" })
}

// Names are the resources that a request names: those that were found by their short names, the others in the words
// that were typed, in quotation marks.
func (r Request) Names() (names []string) {
	for _, v := range r.Resources() {
		names = append(names, v.Names()...)
	}
	return names
}

// Sort is of what sort the account is or is to be, as far as that is known.
func (r Request) Sort() (catalog.Choice, bool) {
	if r.App.Entry == nil {
		return catalog.Choice{}, false
	}
	if id := r.Change.Values.ID(r.App.Entry.Sort); id != "" {
		return r.App.Entry.SortOf(id)
	}
	return r.App.Entry.SortOf(r.Change.Sort)
}

// known is a request with what is configured now of its app.
func (d *Desk) known(r Request) Request {
	r.App = d.app(r.App)
	return r
}

// app is an app with what is configured now of it.
func (d *Desk) app(app App) App {
	for _, a := range d.Apps {
		if a.ID == app.ID {
			a.Name = app.Name
			return a
		}
	}
	return App{ID: app.ID, Name: app.Name}
}
