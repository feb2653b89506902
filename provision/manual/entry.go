package manual

import (
	"fmt"
	"slices"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/terminal"
)

// Override reads the steps that a company alters in its configuration: by action, by step.
func (d *Draft) Override(steps strict.Value) {
	for _, e := range steps.Entries("actions of " + d.Template + ", each with the steps that are other than there") {
		i := slices.IndexFunc(d.actions, func(a *action) bool { return string(a.Key) == e.Key })
		if i < 0 {
			var keys []string
			for _, a := range d.actions {
				keys = append(keys, string(a.Key))
			}
			e.Wrong(e.KeyAt, "%s has no action %q; %s", d.Template, e.Key, suggested(e.Key, keys))
			continue
		}
		d.actions[i].alterSteps(e.Value)
	}
}

// Entry is the app as the catalog has it, for who answered so at set-up and shares out these limits; what only the whole
// shows to be wrong is reported where it was written last.
func (d *Draft) Entry(id string, said Answers, limits []string) *catalog.Entry {
	e := &catalog.Entry{Kind: Kind + "/" + id, Seat: d.seat, Unverified: d.Unverified}
	whole := true
	for _, a := range d.actions {
		d.standard(a)
		a.pooled(limits)
		picked := slices.DeleteFunc(slices.Clone(a.steps), func(s *step) bool { return !d.applies(s, said) })
		done := a.Action
		for _, s := range picked {
			done.Steps = append(done.Steps, s.Step)
		}
		whole = a.soundFields(done) && whole
		whole = a.sound(done, picked) && whole
		e.Actions = append(e.Actions, done)
	}
	for i := range e.Actions {
		e.Actions[i].Undo = d.undoOf(e, d.actions[i], e.Actions[i])
	}
	e.Sort = d.sortOf(e)
	if err := e.Check(); err != nil && whole && !d.wrong() {
		d.top.Wrong(d.top.At, "%s", terminal.OneLine(err.Error()))
	}
	return e
}

// Clash is an action that has a field of its own beside those of a pool, of the same key as one of its limits; "": none.
func (d *Draft) Clash(limit string) string {
	for _, a := range d.actions {
		if a.pool != "" && a.pool != limit && slices.Contains(a.fieldKeys(), limit) {
			return string(a.Key)
		}
	}
	return ""
}

// Pools reports whether any action says where the limits of a pool stand.
func (d *Draft) Pools() bool {
	return slices.ContainsFunc(d.actions, func(a *action) bool { return a.pool != "" })
}

// wrong reports whether anything was reported so far.
func (d *Draft) wrong() bool {
	return slices.ContainsFunc(d.read, func(r *strict.Reading) bool { return len(r.Problems) > 0 })
}

// soundFields reports what is wrong with when fields are asked for, each where it was written last; true: nothing is.
func (a *action) soundFields(done catalog.Action) bool {
	sound := true
	for _, f := range done.Fields {
		for _, slip := range done.AskSlips(f) {
			at, ok := a.asks[f.Key+" "+slip.Part]
			if !ok {
				at = a.asks[a.pool+" "+slip.Part]
			}
			if !at.Given() {
				at = a.at
			}
			if sound = false; slip.Typed != "" {
				slip.Say += "; " + suggested(slip.Typed, slip.Words)
			}
			at.Wrong(at.At, "field %s: %s", f.Key, slip.Say)
		}
	}
	return sound
}

// sound reports what is wrong with the steps that were picked, each where it was written last; true: nothing is.
func (a *action) sound(done catalog.Action, picked []*step) bool {
	if len(done.Steps) == 0 {
		if at := a.at; len(a.steps) > 0 || !a.told {
			at.Wrong(at.At, "%s has no steps; expected at least one, so that somebody can carry it out", at.Name)
		}
		return false
	}
	slips := done.Slips()
	for _, slip := range slips {
		a.slip(slip, picked[slip.Step])
	}
	return len(slips) == 0
}

// slip reports what is wrong with a step, but for what only follows from something that is said already.
func (a *action) slip(slip catalog.Slip, s *step) {
	at := s.at(slip.Part)
	_, given := s.parts["do"]
	out, dropped := a.gone[slip.Typed]
	switch {
	case slip.Part == "" && given && s.Do == "", slip.Typed != "" && (a.vague || slices.Contains(a.refused, slip.Typed)):
	case slip.Part == "" && s.Do == "":
		at.Wrong(at.At, "%s%s", slip.Say, a.meant(s))
	case dropped && slip.Part == "if":
		out.Wrong(out.At, "step %s only applies if %s, which nothing asks any more once this step is out; drop or alter that one too", s.Key, slip.Typed)
	case slip.Last && a.lastOut.Given():
		a.lastOut.Wrong(a.lastOut.At, "without this step, %s", slip.Say)
	case slip.Typed != "":
		at.Wrong(at.At, "%s; %s", slip.Say, suggested(slip.Typed, slip.Words))
	default:
		at.Wrong(at.At, "%s", slip.Say)
	}
}

// meant ends what is said of a step that doesn't say what to do, and so was likely to be one that another file has.
func (a *action) meant(s *step) string {
	var there []string
	for _, o := range a.steps {
		if o != s && o.parts[""].Reading != s.parts[""].Reading {
			there = append(there, o.Key)
		}
	}
	if len(there) == 0 {
		return ""
	}
	if near := strict.Nearest(s.Key, there); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; expected do, for a new step, or one that is there: " + strict.Among(there)
}

// sortOf is the field that says of what sort somebody's account is: the one that the file names, else the first of choices
// called role or type that a new account has.
func (d *Draft) sortOf(e *catalog.Entry) string {
	for _, a := range e.Actions {
		for _, f := range a.Fields {
			named := f.Key == d.sort || d.sort == "" && a.New && (f.Key == "role" || f.Key == "type")
			if named && f.Kind == catalog.OneOf {
				return f.Key
			}
		}
	}
	if d.sort != "" {
		d.sorted.Wrong(d.sorted.At, "sort is %q, and no action has a field of that key with choices", d.sort)
	}
	return ""
}
