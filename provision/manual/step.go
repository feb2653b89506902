package manual

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/terminal"
)

const (
	expectStep   = "what to do, as a sentence, or do, where, labels, check, proof, remember, if, asks, marks and setup"
	expectIf     = "an answer that a step before it asks, such as had_projects, or a field's choice, such as role=admin; with not before it, the opposite"
	expectLabels = "a list of all the names that the vendor's screen has had for the place, the present one first"
	mostLabels   = 12
)

// stepParts are the keys of a step. They may stand in usher.yml too, under keys that are data.
var stepParts = []string{"drop", "replace", "after", "before", "do", "where", "labels", "check", "proof", "remember", "if", "asks", "marks", "setup"}

// step is a step on its way. parts is where each part of it was written last, and "" where the step was.
type step struct {
	catalog.Step
	setup map[string][]string
	parts map[string]strict.Value
}

// at is where a part of a step stands; one that stands nowhere is missing where the step is.
func (s *step) at(part string) strict.Value {
	if v, ok := s.parts[part]; ok {
		return v
	}
	return s.parts[""]
}

// alterSteps reads what a file says of an action's steps: one that is there already is altered, part by part; one that
// isn't is added at the end, or beside another.
func (a *action) alterSteps(v strict.Value) {
	entries := v.Entries(expectSteps)
	a.told = a.told || v.Given() && len(entries) == 0
	for _, e := range entries {
		e.Name = "step " + e.Key
		at := e.Value
		at.At = e.KeyAt
		i := slices.IndexFunc(a.steps, func(s *step) bool { return s.Key == e.Key })
		if _, plain := e.Plain(); plain {
			s := a.begun(i, e.Key, at)
			if do := e.Printable(300, expectText); do != "" {
				s.Do, s.parts["do"] = catalog.Words(do), e.Value
			}
			continue
		}
		o := e.Beside(stepParts, expectStep)
		if d := o.Get("drop"); d.Given() && d.Truth(false) {
			a.drop(i, e.Key, d)
			for _, k := range stepParts {
				if v := o.Get(k); k != "drop" && v.Given() {
					v.Wrong(v.At, "%s means nothing for a step that is left out; leave out either that or drop", k)
				}
			}
			continue
		}
		if r := o.Get("replace"); r.Given() && r.Truth(false) && i >= 0 {
			a.steps[i] = &step{Step: catalog.Step{Key: e.Key}, parts: map[string]strict.Value{"": at}}
		}
		s := a.begun(i, e.Key, at)
		s.alter(o)
		a.move(s, o)
	}
}

// begun is the step that is there already, or a new one at the end.
func (a *action) begun(i int, key string, at strict.Value) *step {
	if i >= 0 {
		return a.steps[i]
	}
	s := &step{Step: catalog.Step{Key: key}, parts: map[string]strict.Value{"": at}}
	a.steps = append(a.steps, s)
	return s
}

// drop takes a step out. What it asked is remembered, with where it was taken out: others may hang on it.
func (a *action) drop(i int, key string, at strict.Value) {
	if i < 0 {
		at.Wrong(at.At, "%s has no step %s to drop; %s", a.Key, terminal.Quoted(key), strict.Suggest(key, a.stepKeys()))
		return
	}
	if asks := a.steps[i].Asks; asks != "" {
		a.gone[asks] = at
	}
	if i == len(a.steps)-1 {
		a.lastOut = at
	}
	a.steps = slices.Delete(a.steps, i, i+1)
}

// move puts a step behind or before another.
func (a *action) move(s *step, o strict.Object) {
	if after, before := o.Get("after"), o.Get("before"); after.Given() && before.Given() {
		before.Wrong(before.At, "step %s is to be both after one step and before another; expected one of them", s.Key)
		return
	}
	for _, side := range []struct {
		key    string
		behind int
	}{{"after", 1}, {"before", 0}} {
		v := o.Get(side.key)
		to, ok := v.Text("the key of another step")
		if !ok {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(a.steps), func(o *step) bool { return o == s })
		i := slices.IndexFunc(rest, func(o *step) bool { return o.Key == to })
		if i < 0 {
			v.Wrong(v.At, "%s has no other step %s; %s", a.Key, terminal.Quoted(to), strict.Suggest(to, a.stepKeys()))
			continue
		}
		a.steps = slices.Insert(rest, i+side.behind, s)
	}
}

func (a *action) stepKeys() (keys []string) {
	for _, s := range a.steps {
		keys = append(keys, s.Key)
	}
	return keys
}

// alter reads the parts of a step that a file gives.
func (s *step) alter(o strict.Object) {
	for _, part := range []struct {
		key  string
		into *catalog.Words
	}{{"do", &s.Do}, {"check", &s.Check}, {"remember", &s.Remember}} {
		if v := o.Get(part.key); v.Given() {
			*part.into, s.parts[part.key] = catalog.Words(v.Printable(300, expectText)), v
		}
	}
	if v := o.Get("where"); v.Given() {
		s.Where, s.parts["where"] = v.Printable(200, "where to click, such as Settings > People, at most 200 characters"), v
	}
	if v := o.Get("labels"); v.Given() {
		list := texts(v, "the label", expectLabels)
		if len(list) > mostLabels {
			v.Wrong(v.At, "labels has %d of them; expected at most %d", len(list), mostLabels)
		}
		s.Labels, s.parts["labels"] = list[:min(len(list), mostLabels)], v
	}
	if v := o.Get("proof"); v.Given() {
		s.parts["proof"] = v
		if s.Proof = catalog.Proof(v.OneOf("nothing", string(catalog.Note), string(catalog.Link), string(catalog.File))); s.Proof == "nothing" {
			s.Proof = catalog.NoProof
		}
	}
	if v := o.Get("marks"); v.Given() {
		s.Marks, s.parts["marks"] = catalog.Mark(v.OneOf(string(catalog.AccessRemoved), string(catalog.SeatReleased))), v
	}
	s.conditions(o)
}

// conditions reads when a step applies, and what it asks.
func (s *step) conditions(o strict.Object) {
	if v := o.Get("if"); v.Given() {
		s.parts["if"] = v
		s.If = ""
		if cond, ok := v.Text(expectIf); ok && cond != "always" {
			s.If = strings.Join(strings.Fields(cond), " ")
		}
	}
	if v := o.Get("asks"); v.Given() {
		s.parts["asks"] = v
		s.Asks, _ = v.Text("a word for its answer, yes or no, such as had_projects")
	}
	if v := o.Get("setup"); v.Given() {
		s.parts["setup"] = v
		s.setup = map[string][]string{}
		for _, e := range v.Entries("what was said at set-up, such as {sign_in: scim}") {
			s.setup[e.Key] = e.Some("one of its choices, or a list of them")
			s.parts["setup."+e.Key] = e.Value
		}
	}
}
