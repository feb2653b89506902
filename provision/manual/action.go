package manual

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/terminal"
)

const (
	expectAction = "label, effect, also, named, new, ends, final, undo, fields, pool, says, help and steps"
	expectUndo   = "the action that takes away what this one gives, such as delete, or nothing"
	expectEffect = "gives, changes or takes: what it does to what somebody has"
	expectSteps  = "the steps by their keys, in order"
	expectFields = "fields by their keys, such as role"
	expectText   = "a sentence on one line, at most 300 characters"
)

// wordShape is what people can type as a verb or before "=".
var wordShape = regexp.MustCompile(`^[a-z][a-z_]{0,29}$`)

// action is an action on its way.
type action struct {
	catalog.Action
	// at is where it was begun, and asked where its steps stand.
	at strict.Value
	// pool is the field in whose place the limits of a pool stand; "": they have no place here.
	pool   string
	poolAt strict.Value
	steps  []*step
	// asks is where it was written last when a field is asked for, and what is asked before it.
	asks map[string]strict.Value
	// gone are the answers that only steps asked which were left out, each with where that stands.
	gone map[string]strict.Value
	// undo is the action that takes away what this one gives, as the file says it; "": the usual one. undoAt is where.
	undo   string
	undoAt strict.Value
	// lastOut is where the last step was left out, if it was: the one before is the last then.
	lastOut strict.Value
	// told says that what is wrong with its steps, and vague that what is wrong with its fields, is said already, and what
	// they are isn't known; refused are keys of fields of which the same holds.
	told, vague bool
	refused     []string
	// said says whether each of these stands in a file, since what is usual doesn't change it then.
	saidEffect, saidNew, saidNamed, saidEnds, saidFinal bool
}

// alter reads what a file says of an action, and reports whether it takes it out.
func (a *action) alter(v strict.Value) (drop bool) {
	o := v.Object(expectAction, "drop", "label", "effect", "also", "named", "new", "ends", "final", "undo", "fields", "pool", "says", "help", "steps")
	first := !a.at.Given()
	if first {
		a.at = v
	}
	if d := o.Get("drop"); d.Given() && d.Truth(false) {
		if first {
			d.Wrong(d.At, "there's no action %s to drop", a.Key)
		}
		return true
	}
	if s := o.Get("label").Printable(60, expectName); s != "" {
		a.Label = s
	}
	if e := o.Get("effect"); e.Given() {
		a.Effect, a.saidEffect = catalog.Effect(e.OneOf(string(catalog.Gives), string(catalog.Changes), string(catalog.Takes))), true
	}
	for _, is := range []struct {
		key  string
		is   *bool
		said *bool
	}{{"new", &a.New, &a.saidNew}, {"named", &a.Named, &a.saidNamed}, {"ends", &a.Ends, &a.saidEnds}, {"final", &a.Final, &a.saidFinal}} {
		if b := o.Get(is.key); b.Given() {
			*is.is, *is.said = b.Truth(false), true
		}
	}
	fields := o.Get("fields")
	entries := fields.Entries(expectFields)
	a.vague = a.vague || o.Meant["fields"] || fields.Given() && len(entries) == 0
	for _, e := range entries {
		a.field(e)
	}
	if p := o.Get("pool"); p.Given() {
		a.pool, _ = p.Text("the key of the field in whose place the limits of a pool stand")
		a.poolAt = p
	}
	if u := o.Get("undo"); u.Given() {
		a.undo, _ = u.Text(expectUndo)
		a.undoAt = u
	}
	a.words(o)
	a.told = a.told || o.Meant["steps"]
	a.alterSteps(o.Get("steps"))
	return false
}

// words reads what an action is called and what is said of it.
func (a *action) words(o strict.Object) {
	if also := o.Get("also"); also.Given() {
		a.Also = nil
		for _, w := range also.List("the word", "a list of other words for it, such as [add, invite]") {
			if s, ok := w.Text("a word"); ok && wordShape.MatchString(s) {
				a.Also = append(a.Also, s)
			} else if ok {
				w.Bad("a word of lower-case letters and _")
			}
		}
	}
	if says := o.Get("says"); says.Given() {
		a.says(says)
	}
	if help := o.Get("help"); help.Given() {
		h := help.Object("does, examples and notes", "does", "examples", "notes")
		a.Guide.Does = strings.TrimSuffix(h.Get("does").Printable(200, "the end of a sentence that begins with the command, such as \"asks for a licence\""), ".")
		a.Guide.Examples = texts(h.Get("examples"), "the example", "a list of lines, each beginning with /access")
		a.Guide.Notes = nil
		for _, n := range texts(h.Get("notes"), "the note", "a list of sentences") {
			a.Guide.Notes = append(a.Guide.Notes, catalog.Words(n))
		}
	}
}

// sayable are the sentences that a file can give, by their keys in it.
var sayable = map[string]string{"title": "Title", "about": "About", "gives": "Does", "keeps": "Keeps", "doing": "Doing", "done": "Done", "next": "Next",
	"nothing": "Nothing", "sure": "Sure", "sure_button": "Yes"}

// says reads an action's own sentences.
func (a *action) says(v strict.Value) {
	keys := []string{"title", "about", "gives", "keeps", "doing", "done", "next", "nothing", "sure", "sure_button"}
	o := v.Object("sentences by their keys: "+strings.Join(keys, ", "), keys...)
	into := reflect.ValueOf(&a.Says).Elem()
	for _, k := range keys {
		s := o.Get(k).Printable(300, expectText)
		if s == "" {
			continue
		}
		into.FieldByName(sayable[k]).SetString(s)
		if k == "done" {
			a.Says.DoneFirst = catalog.Words(s)
		}
		if !a.vague {
			placed(o.Get(k), catalog.Words(s), slices.Concat(sentencePlaces, a.fieldKeys(), a.refused))
		}
	}
}

// sentencePlaces are the places of a sentence that are filled whatever the fields are.
var sentencePlaces = []string{catalog.PlaceApp, catalog.PlaceWho, catalog.PlaceEmail, catalog.PlaceHolder, catalog.PlaceFirst, catalog.PlaceNumber,
	catalog.PlaceFields, catalog.PlaceSort, catalog.PlaceWhose}

// placed reports places that nobody fills.
func placed(v strict.Value, w catalog.Words, filled []string) {
	_, places := w.Format()
	for _, p := range places {
		if !slices.Contains(filled, strings.TrimRight(p, "+*")) {
			v.Wrong(v.At, "%s has the place {%s}, which nobody fills; %s", v.Name, terminal.Shortened(p), strict.Suggest(p, filled))
		}
	}
}

func (a *action) fieldKeys() (keys []string) {
	for _, f := range a.Fields {
		keys = append(keys, f.Key)
	}
	return keys
}

// texts are the items of a list of texts.
func texts(v strict.Value, item, expected string) (out []string) {
	for _, i := range v.List(item, expected) {
		if s := i.Printable(300, expectText); s != "" {
			out = append(out, s)
		}
	}
	return out
}
