package catalog

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"
)

var key = regexp.MustCompile(`^[a-z][a-z_]*$`)

// Check finds every slip of an entry, each as an error that says where it is and what was expected.
func (e *Entry) Check() error {
	c := checking{entry: e}
	if e.Kind == "" {
		c.wrong("the entry has no kind")
	}
	if e.Seat.One == "" || e.Seat.Many == "" {
		c.wrong("it doesn't say what its seats are called, one and several")
	}
	c.resources()
	c.actions()
	if _, ok := c.sort(); e.Sort != "" && !ok {
		c.wrong("the sort of an account is the field %q, and no action has a field of that key with choices", e.Sort)
	}
	if (e.Reads.Holds || e.Reads.Owns) && len(e.Resources) == 0 {
		c.wrong("it can say what accounts hold, and has no resources")
	}
	if len(c.errs) == 0 {
		return nil
	}
	return fmt.Errorf("catalog of %s: %w", e.Kind, errors.Join(c.errs...))
}

// checking is one look over an entry.
type checking struct {
	entry *Entry
	errs  []error
}

func (c *checking) wrong(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(format, args...))
}

func (c *checking) sort() (Field, bool) {
	for _, a := range c.entry.Actions {
		if f, ok := a.Field(c.entry.Sort); ok && len(f.Choices) > 0 {
			return f, true
		}
	}
	return Field{}, false
}

func (c *checking) resources() {
	seen := map[string]bool{}
	for _, r := range c.entry.Resources {
		switch {
		case !key.MatchString(r.Key):
			c.wrong("a resource is called %q; expected lower-case letters and _", r.Key)
		case seen[r.Key]:
			c.wrong("two resources have the key %q", r.Key)
		case r.Noun.One == "" || r.Noun.Many == "":
			c.wrong("resource %s doesn't say what it is called, one and several", r.Key)
		}
		seen[r.Key] = true
	}
}

func (c *checking) actions() {
	seen := map[Verb]bool{}
	if len(c.entry.Actions) == 0 {
		c.wrong("it has no actions")
	}
	for _, a := range c.entry.Actions {
		switch {
		case !key.MatchString(string(a.Key)):
			c.wrong("an action is called %q; expected lower-case letters and _", a.Key)
		case seen[a.Key]:
			c.wrong("two actions have the key %q", a.Key)
		case slices.Contains(Verbs, string(a.Key)):
			c.wrong("action %s: that word is a command of its own", a.Key)
		case !slices.Contains([]Effect{Gives, Changes, Takes}, a.Effect):
			c.wrong("action %s doesn't say whether it gives, changes or takes", a.Key)
		case a.New && a.Effect != Gives:
			c.wrong("action %s makes a new account, and doesn't say that it gives", a.Key)
		}
		seen[a.Key] = true
		c.fields(a)
		c.says(a)
		for _, slip := range a.Slips() {
			c.wrong("action %s, step %s: %s", a.Key, a.Steps[slip.Step].Key, slip.Say)
		}
	}
}

func (c *checking) says(a Action) {
	var keys []string
	for _, f := range a.Fields {
		keys = append(keys, f.Key)
	}
	all := a.Says.all()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if p := misplaced(all[name], keys); p != "" {
			c.wrong("action %s: what it says for %q has the place %s, which nobody fills", a.Key, name, p)
		}
	}
}

func (c *checking) fields(a Action) {
	seen, bare := map[string]bool{}, false
	for _, f := range a.Fields {
		at := fmt.Sprintf("action %s, field %s", a.Key, f.Key)
		switch {
		case !key.MatchString(f.Key):
			c.wrong("action %s: a field is called %q; expected lower-case letters and _", a.Key, f.Key)
		case slices.Contains(Taken, f.Key):
			c.wrong("%s: that word has a meaning of its own in a command", at)
		case seen[f.Key]:
			c.wrong("action %s: two fields have the key %q", a.Key, f.Key)
		case !slices.Contains(kinds, f.Kind):
			c.wrong("%s: it is of the kind %q; expected one of %v", at, f.Kind, kinds)
		case f.Label == "":
			c.wrong("%s: it has no label", at)
		case f.Bare && bare:
			c.wrong("%s: two fields stand behind the address without their key", at)
		}
		seen[f.Key], bare = true, bare || f.Bare
		for _, slip := range a.AskSlips(f) {
			c.wrong("%s: %s", at, slip.Say)
		}
		c.shape(at, f)
		c.choices(at, f)
		c.partner(at, a, f)
	}
}

// shape holds a field's default and its expression to what it takes.
func (c *checking) shape(at string, f Field) {
	shape, err := regexp.Compile(f.Shape)
	if err != nil {
		c.wrong("%s: its shape can't be read: %v", at, err)
		return
	}
	_, chosen := f.Choice(f.Default)
	switch {
	case f.Default == "":
	case (f.Kind == OneOf || f.Kind == SomeOf) && !chosen && (f.Shape == "" || !shape.MatchString(f.Default)):
		c.wrong("%s: its default %q is none of its choices", at, f.Default)
	case f.Kind != OneOf && f.Kind != SomeOf && !f.Fits(f.Default):
		c.wrong("%s: its default %q is no %s", at, f.Default, f.Kind)
	}
}

func (c *checking) choices(at string, f Field) {
	chooses := f.Kind == OneOf || f.Kind == SomeOf
	switch {
	case chooses && len(f.Choices) == 0:
		c.wrong("%s: it has no choices", at)
	case !chooses && len(f.Choices) > 0:
		c.wrong("%s: it is of the kind %s, and has choices", at, f.Kind)
	}
	seen := map[string]bool{}
	sort, _ := c.sort()
	for i, o := range f.Choices {
		_, only := sort.Choice(o.Only)
		switch {
		case o.ID == "":
			c.wrong("%s: choice %d has no id", at, i+1)
		case seen[o.ID]:
			c.wrong("%s: two choices have the id %q", at, o.ID)
		case o.Words == "":
			c.wrong("%s: choice %s doesn't say what it is called", at, o.ID)
		case o.Only != "" && !only:
			c.wrong("%s: choice %s is for the sort %q alone, and there is no such sort", at, o.ID, o.Only)
		}
		seen[o.ID] = true
	}
}

// partner holds a field to the one it points at.
func (c *checking) partner(at string, a Action, f Field) {
	if _, ok := c.entry.Resource(f.Resource); f.Kind == Resources && !ok {
		c.wrong("%s: it chooses from %q, and there is no such resource", at, f.Resource)
	}
	if per, ok := a.Field(f.Per); f.Kind == Money && f.Per != "" && (!ok || per.Of != f.Key) {
		c.wrong("%s: its money is per %q, and no field of that key says that it is of %s", at, f.Per, f.Key)
	}
	if of, ok := a.Field(f.Of); f.Of != "" && (!ok || of.Per != f.Key) {
		c.wrong("%s: it is of the money %q, and no field of that key says that it is per %s", at, f.Of, f.Key)
	}
}

// Fits reports whether a text is of a field's kind, apart from what it chooses from.
func (f Field) Fits(text string) bool {
	switch f.Kind {
	case Number, Money:
		_, err := strconv.ParseUint(text, 10, 31)
		return err == nil
	case Date:
		_, err := time.Parse(time.DateOnly, text)
		return err == nil
	}
	shape, err := regexp.Compile(f.Shape)
	return err == nil && shape.MatchString(text)
}
