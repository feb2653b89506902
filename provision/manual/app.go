package manual

import (
	"slices"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/terminal"
)

const (
	expectApp     = "name, actions and, if you like, seat, sort, unverified, setup and extends"
	expectName    = "a name on one line, at most 60 characters"
	expectNoun    = "a word for what people have there, such as licence, or {one: …, many: …}"
	expectActions = "actions by their keys, such as create and delete, each with its steps"
)

// Draft is an app on its way from files to an entry of the catalog.
type Draft struct {
	// Template is what the configuration names, and Extends the app that its file builds on; "": on none.
	Template, Extends string
	// Name is what it is called where the configuration doesn't say.
	Name string
	// Unverified says that nobody has seen the vendor's own words for its steps.
	Unverified bool

	seat    catalog.Noun
	sort    string
	sorted  strict.Value
	setup   []*question
	actions []*action
	builds  bool         // on another
	unread  bool         // its file couldn't be read at all
	unsure  bool         // what it asks at set-up couldn't be read, so no answer can be held to it
	top     strict.Value // where it begins
	read    []*strict.Reading
}

func (d *Draft) keys(root strict.Value) strict.Object {
	return root.Object(expectApp, "extends", "name", "seat", "sort", "unverified", "setup", "actions")
}

// app reads a file onto what is there already.
func (d *Draft) app(o strict.Object) {
	d.top = o.Value
	name := o.Get("name")
	if !d.builds {
		name = o.Need("name", expectName)
	}
	if s := name.Printable(60, expectName); s != "" {
		d.Name = s
	}
	if v := o.Get("seat"); v.Given() || d.seat.One == "" {
		d.seat = noun(v, catalog.Noun{One: "seat", Many: "seats"}, expectNoun)
	}
	if v := o.Get("unverified"); v.Given() {
		d.Unverified = v.Truth(false)
	}
	if v := o.Get("sort"); v.Given() {
		d.sort, _ = v.Text("the key of a field with choices")
		d.sorted = v
	}
	d.questions(o.Get("setup"))
	actions := o.Get("actions")
	if !d.builds {
		actions = o.Need("actions", expectActions)
	}
	for _, e := range actions.Entries(expectActions) {
		d.action(e)
	}
}

// action reads one action of a file: one that is there already is altered.
func (d *Draft) action(e strict.Entry) {
	e.Name = "action " + e.Key
	i := slices.IndexFunc(d.actions, func(a *action) bool { return string(a.Key) == e.Key })
	switch {
	case i < 0 && !wordShape.MatchString(e.Key):
		e.Wrong(e.KeyAt, "an action is called %s; expected lower-case letters and _, at most 30 in all", terminal.Quoted(e.Key))
		return
	case i < 0 && slices.Contains(catalog.Verbs, e.Key):
		e.Wrong(e.KeyAt, "an action is called %s, which is a command of its own (`/access %s`); expected another word", terminal.Quoted(e.Key), e.Key)
		return
	case i < 0:
		i = len(d.actions)
		d.actions = append(d.actions, &action{Action: catalog.Action{Key: catalog.Verb(e.Key)}, gone: map[string]strict.Value{}})
	}
	if d.actions[i].alter(e.Value) {
		d.actions = slices.Delete(d.actions, i, i+1)
	}
}

// noun is a word for one thing and for several: several are called by an s behind it where nothing is said.
func noun(v strict.Value, otherwise catalog.Noun, expected string) catalog.Noun {
	if !v.Given() {
		return otherwise
	}
	if _, plain := v.Plain(); plain {
		one := v.Printable(30, expected)
		return catalog.Noun{One: one, Many: one + "s"}
	}
	o := v.Object(expected, "one", "many")
	n := catalog.Noun{One: o.Need("one", expected).Printable(30, expected), Many: o.Need("many", expected).Printable(30, expected)}
	if n.One == "" || n.Many == "" {
		return otherwise
	}
	return n
}
