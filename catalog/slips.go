package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// MostSteps is how many steps an action may have: as many as one message of Slack can show.
const MostSteps = 40

// Slip is something wrong with one step of an action, counted from 0.
type Slip struct {
	Step int
	// Part is what of it is wrong: "do", "if" and so on; "": the step itself.
	Part string
	Say  string
	// Typed is the word that nothing is known by, and Words those that there are; none: it isn't about a word.
	Typed string
	Words []string
	// Last says that it would be none if the step weren't the last.
	Last bool
}

var stepKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Slips are what is wrong with an action's steps, in their order. A step can hang on what is known before it alone: so no
// step hangs on itself, whatever way round. And the last applies always and asks nothing, since it alone ends a task.
func (a Action) Slips() []Slip {
	s := slipping{action: a, asked: map[string]int{}}
	for i, step := range a.Steps {
		if _, twice := s.asked[step.Asks]; step.Asks != "" && !twice {
			s.asked[step.Asks] = i
		}
	}
	for i, step := range a.Steps {
		s.of(i, step)
	}
	if n := len(a.Steps); n > MostSteps {
		s.wrong(MostSteps, "", "%s has %d steps; expected at most %d, as many as one message can show", a.Key, n, MostSteps)
	}
	if n := len(a.Steps); n > 0 {
		if _, some := a.Steps[n-1].When(); some {
			s.last(n-1, "if", "%s is the last step, which alone ends the task, so it has to apply always; leave its if out, or put a step behind it that always applies", a.Steps[n-1].Key)
		}
		if a.Steps[n-1].Asks != "" {
			s.last(n-1, "asks", "%s is the last step, which alone ends the task, and no step is left that could hang on its answer; leave its asks out, or put a step behind it", a.Steps[n-1].Key)
		}
	}
	return s.out
}

// slipping is one look over an action's steps; asked is which step asks what.
type slipping struct {
	action Action
	asked  map[string]int
	out    []Slip
}

func (s *slipping) wrong(i int, part, format string, args ...any) {
	s.out = append(s.out, Slip{Step: i, Part: part, Say: fmt.Sprintf(format, args...)})
}

// last is wrong about the last step alone.
func (s *slipping) last(i int, part, format string, args ...any) {
	s.out = append(s.out, Slip{Step: i, Part: part, Say: fmt.Sprintf(format, args...), Last: true})
}

// unknown is wrong about a word that is none of those there are.
func (s *slipping) unknown(i int, part, typed string, words []string, format string, args ...any) {
	s.out = append(s.out, Slip{Step: i, Part: part, Say: fmt.Sprintf(format, args...), Typed: typed, Words: words})
}

func (s *slipping) of(i int, step Step) {
	before := s.action.Steps[:i]
	switch {
	case !stepKey.MatchString(step.Key):
		s.wrong(i, "", "a step is called %q; expected lower-case letters, digits and _, starting with a letter, at most 40 in all", step.Key)
	case slices.ContainsFunc(before, func(o Step) bool { return o.Key == step.Key }):
		s.wrong(i, "", "two steps have the key %q", step.Key)
	case step.Do == "":
		s.wrong(i, "", "step %s doesn't say what to do", step.Key)
	}
	if !slices.Contains([]Proof{NoProof, Note, Link, File}, step.Proof) {
		s.wrong(i, "proof", "step %s asks for the proof %q; expected note, link or file", step.Key, step.Proof)
	}
	if !slices.Contains([]Mark{"", AccessRemoved, SeatReleased}, step.Marks) {
		s.wrong(i, "marks", "step %s marks %q; expected %s or %s", step.Key, step.Marks, AccessRemoved, SeatReleased)
	}
	if first, ok := s.asked[step.Asks]; ok && step.Asks != "" && first != i {
		s.wrong(i, "asks", "step %s asks %s already; expected another word", s.action.Steps[first].Key, step.Asks)
	}
	s.asks(i, step)
	s.condition(i, step)
	s.places(i, step)
}

// asks holds the word of an answer to what can be told from a field's value and from "not".
func (s *slipping) asks(i int, step Step) {
	if step.Asks != "" && !stepKey.MatchString(step.Asks) {
		s.wrong(i, "asks", "asks is %q; expected a word such as had_projects", step.Asks)
	}
}

// condition holds a step to hanging on what is known when it is reached.
func (s *slipping) condition(i int, step Step) {
	c, some := step.When()
	if !some || s.foreign(i, step, c) {
		return
	}
	if c.Asks == "" {
		s.value(i, c)
		return
	}
	switch at, known := s.asked[c.Asks]; {
	case !known:
		s.unknown(i, "if", c.Asks, s.answers(i), "no step before it asks %q", c.Asks)
	case at == i:
		s.wrong(i, "if", "step %s hangs on itself: it only applies if %s, which it asks itself", step.Key, c.Asks)
	case at > i:
		s.wrong(i, "if", "%s is only asked later, by step %s; expected the answer of a step before it", c.Asks, s.action.Steps[at].Key)
	}
}

// foreign reports a condition as other languages write it, in which the nearest word would be the wrong advice.
func (s *slipping) foreign(i int, step Step, c Condition) bool {
	switch {
	case strings.Contains(step.If, "!"):
		s.wrong(i, "if", "if is %q; expected not before it for the opposite: %q", step.If, "not "+strings.TrimSpace(strings.ReplaceAll(step.If, "!", "")))
	case strings.ContainsAny(strings.TrimSpace(c.Asks+c.Field), " ,&|"):
		s.wrong(i, "if", "if is %q; expected one answer, such as had_projects, or one choice, such as role=admin: a step hangs on one thing alone", step.If)
	default:
		return false
	}
	return true
}

// value holds a condition on a field to a value that the field can have.
func (s *slipping) value(i int, c Condition) {
	f, ok := s.action.Field(c.Field)
	at, asked := s.asked[c.Field]
	switch {
	case !ok && asked:
		s.wrong(i, "if", "%s is what step %s asks, and its answer is yes or no; expected %s, or not %s", c.Field, s.action.Steps[at].Key, c.Field, c.Field)
	case !ok:
		var keys []string
		for _, o := range s.action.Fields {
			keys = append(keys, o.Key)
		}
		s.unknown(i, "if", c.Field, keys, "%s has no field %q", s.action.Key, c.Field)
	case len(f.Choices) == 0:
		s.wrong(i, "if", "%s is a field without choices, and a step can only hang on a choice", c.Field)
	default:
		if _, ok := f.Choice(c.Value); !ok {
			s.unknown(i, "if", c.Value, f.IDs(), "%s has no choice %q", c.Field, c.Value)
		}
	}
}

// answers are what the steps before one ask.
func (s *slipping) answers(i int) (words []string) {
	for _, o := range s.action.Steps[:i] {
		if o.Asks != "" {
			words = append(words, o.Asks)
		}
	}
	return words
}

// places finds places in a step's sentences that nobody fills.
func (s *slipping) places(i int, step Step) {
	filled := []string{PlaceApp, PlaceWho, PlaceEmail, PlaceNumber}
	for _, f := range s.action.Fields {
		filled = append(filled, f.Key)
	}
	for _, part := range []struct {
		name string
		says Words
	}{{"do", step.Do}, {"check", step.Check}, {"remember", step.Remember}} {
		_, list := part.says.Format()
		for _, p := range list {
			if !slices.Contains(filled, strings.TrimRight(p, "+*")) {
				s.unknown(i, part.name, p, filled, "%s has the place {%s}, which nobody fills", part.name, p)
			}
		}
	}
}
