package approvals

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/catalog"
)

// Where no program can carry out what was approved, a person does it, step by step:
//
//	approved ──► the steps are pinned ──► running: somebody's, ticked step by step ──► the last step: done
//	                                        ├─ put back, handed over, taken: another's
//	                                        └─ could not be done: failed ──(retry by an admin)──► running
//
// The approval pins the steps and owes "deed/12", as every deed is. Whoever carries that out finds whose turn it is
// (task_turn.go) and keeps it with the turn, in one transaction. The promise stays as long as the task does: it is how a task
// is never left with nobody, after a crash, an absence, or somebody's leaving. Each tick is one transaction with its entry
// (task_desk.go), and so is each reminder (task_due.go). What was given for a time is taken away by another task of the same
// request (task_end.go).

// Task is the work of a person that an approved request became.
type Task struct {
	Steps []TaskStep `json:"steps"`
	// Action is the action whose steps take away what the request gave for a time; "": they are those of its own.
	Action Action `json:"action,omitempty"`
	// Owner is whose it is since Since; "": nobody's, and whoever may tick may take it.
	Owner PersonID  `json:"owner,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Stand says that it went to an admin because none of the app's owners can do it now.
	Stand bool `json:"stand,omitempty"`
	// Had are all whose it ever was: their messages follow it.
	Had []PersonID `json:"had,omitempty"`
	// Put is who put it back, and Free when.
	Put  PersonID  `json:"put,omitempty"`
	Free time.Time `json:"free,omitzero"`
	// Due is when it should be done, Span the time that was given for it, Rounds how many reminders are past, and Past how
	// many there were before it was begun anew, or before this task.
	Due    time.Time     `json:"due,omitzero"`
	Span   time.Duration `json:"span,omitempty"`
	Rounds int           `json:"rounds,omitempty"`
	Past   int           `json:"past,omitempty"`
}

// TaskStep is one step of a task: how it was when its request was approved, and what became of it.
type TaskStep struct {
	catalog.Step
	// Confirms says that a second person confirms with it what was taken away.
	Confirms bool      `json:"confirms,omitempty"`
	Tick     *Tick     `json:"tick,omitempty"`
	Notes    []Remnant `json:"notes,omitempty"`
}

// Tick is that a step is done, or does not apply.
type Tick struct {
	By      Actor     `json:"by"`
	At      time.Time `json:"at"`
	Surface string    `json:"surface"`
	// Skipped says that it does not apply; Answer is "yes" or "no", of a step that asks.
	Skipped bool   `json:"skipped,omitempty"`
	Answer  string `json:"answer,omitempty"`
	Evidence
	// Task is which of a request's tasks is meant (Request.TaskIs); "": the present one. It is not kept.
	Task string `json:"-"`
}

// Evidence is what shows that a step was done.
type Evidence struct {
	Note string    `json:"note,omitempty"`
	Link string    `json:"link,omitempty"`
	File *Attached `json:"file,omitempty"`
}

// Attached is a file that somebody gave as evidence. It stays where it was given: only what it is called is kept.
type Attached struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size,omitempty"`
	// Hash is of its bytes, where they were read, and Link leads to it.
	Hash string `json:"hash,omitempty"`
	Link string `json:"link,omitempty"`
}

// Remnant is what somebody noted beside a step; Undid says that they undid it with that.
type Remnant struct {
	By      Actor     `json:"by"`
	At      time.Time `json:"at"`
	Surface string    `json:"surface"`
	Undid   bool      `json:"undid,omitempty"`
	Evidence
	// Task is which of a request's tasks is meant, as of a Tick.
	Task string `json:"-"`
}

// Marked is a fact with a date of its own: who can no longer get in may still be paid for.
type Marked struct {
	Mark catalog.Mark
	// At is since when it is so; zero: it is not yet. By is who said so.
	At time.Time
	By Actor
	// Never says that its step does not apply.
	Never bool
}

// confirmKey is the key of the step with which a second person confirms what was taken away.
const confirmKey = "confirm"

// pinSteps makes a task of what was approved, where a person carries it out. Keys, order, conditions and proofs stay as
// they are then, whatever becomes of the configuration.
func (r *Request) pinSteps() {
	if form := r.Form(); form.ByHand() && r.Task == nil {
		r.Task = r.taskOf(form)
		r.pinRemoval(form)
	}
}

// taskOf is a task of an action's steps, with one for a second person where the app has what was taken away confirmed.
func (r Request) taskOf(form catalog.Action) *Task {
	t := &Task{}
	removes := false
	for _, s := range form.Steps {
		t.Steps = append(t.Steps, TaskStep{Step: s})
		removes = removes || s.Marks != ""
	}
	if removes && r.App.Confirms {
		t.Steps = append(t.Steps, TaskStep{Confirms: true, Step: catalog.Step{Key: confirmKey,
			Do: "Look once more: is what was to be taken away really gone?", Check: "somebody else than who took it away sees that it's gone"}})
	}
	return t
}

// ByHand reports whether a person carries out the request, or is to.
func (r Request) ByHand() bool { return r.Task != nil }

// TaskSteps are the steps of a task in the words of now: an app whose steps are worded better words them so in open tasks
// too. A step that is configured no more keeps its own.
func (r Request) TaskSteps() []TaskStep {
	if r.Task == nil {
		return nil
	}
	form, out := r.taskForm(), slices.Clone(r.Task.Steps)
	for i, s := range out {
		if now, ok := form.Step(s.Key); ok && !s.Confirms {
			out[i].Do, out[i].Where, out[i].Labels, out[i].Check, out[i].Remember = now.Do, now.Where, now.Labels, now.Check, now.Remember
		}
	}
	return out
}

// StepNamed is the step of a task by its number, as people count, or its key, counted from 0; -1: there is none.
func (r Request) StepNamed(name string) int {
	if r.Task == nil {
		return -1
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(r.Task.Steps) {
		return n - 1
	}
	return slices.IndexFunc(r.Task.Steps, func(s TaskStep) bool { return s.Key == name })
}

// Words is a sentence of a step with its places filled.
func (r Request) Words(w catalog.Words) Text { return Fill(w, r.common) }

// Applies answers whether a step, counted from 0, applies: Unknown while the answer that it hangs on is not there.
func (r Request) Applies(i int) Held {
	cond, not := strings.CutPrefix(strings.TrimSpace(r.Task.Steps[i].If), "not ")
	cond = strings.TrimSpace(cond)
	if cond == "" {
		return Holds
	}
	is := r.answers(i, cond)
	if key, want, named := strings.Cut(cond, "="); named {
		is = held(slices.Contains(r.chosen(strings.TrimSpace(key)), strings.TrimSpace(want)))
	}
	switch {
	case is == Unknown || !not:
		return is
	case is == Holds:
		return Fails
	}
	return Holds
}

// answers is what an earlier step than the i-th answered to what it asks; one that does not apply answers no.
func (r Request) answers(i int, asks string) Held {
	for j := range i {
		s := r.Task.Steps[j]
		switch {
		case s.Asks != asks:
		case s.Tick != nil:
			return held(s.Tick.Answer == "yes")
		default:
			if r.Applies(j) == Fails {
				return Fails
			}
			return Unknown
		}
	}
	return Fails
}

// left are the steps, counted from 0, that are to be done yet, as far as is known.
func (r Request) left() (out []int) {
	for i, s := range r.Task.Steps {
		if s.Tick == nil && r.Applies(i) != Fails {
			out = append(out, i)
		}
	}
	return out
}

// Progress is how many steps of a task are done, and how many there are, of those that apply as far as is known.
func (r Request) Progress() (done, of int) {
	for i := range r.Task.Steps {
		if r.Applies(i) != Fails {
			of++
		}
	}
	return of - len(r.left()), of
}

// Marks are the facts that the task is to bring about, each with its date, in the order of its steps.
func (r Request) Marks() (out []Marked) {
	if r.Task == nil {
		return nil
	}
	for i, s := range r.Task.Steps {
		if s.Marks == "" || slices.ContainsFunc(out, func(m Marked) bool { return m.Mark == s.Marks && !m.Never }) {
			continue
		}
		out = slices.DeleteFunc(out, func(m Marked) bool { return m.Mark == s.Marks })
		m := Marked{Mark: s.Marks, Never: r.Applies(i) == Fails}
		if s.Tick != nil {
			if m.Never = s.Tick.Skipped; !m.Never {
				m.At, m.By = s.Tick.At, s.Tick.By
			}
		}
		out = append(out, m)
	}
	return out
}

// Working reports whether a request is somebody's task now, or nobody's.
func (r Request) Working() bool {
	return r.Task != nil && (r.State == Running || r.Removing() && r.State == Ending && r.End.Working)
}

// Overdue reports whether a task should be done by now.
func (r Request) Overdue(now time.Time) bool {
	return r.Working() && !r.Task.Due.IsZero() && !now.Before(r.Task.Due)
}

// handing says how a task stands, as part of a sentence.
func (r Request) handing() Text {
	done, of := r.Progress()
	whose := Sayf("it waits for somebody to take it")
	switch {
	case r.Task.Owner != "" && r.Removing():
		whose = Sayf("%v is removing it by hand", r.Task.Owner)
	case r.Task.Owner != "":
		whose = Sayf("%v is doing it by hand", r.Task.Owner)
	}
	if r.Task.Due.IsZero() {
		return Sayf("%v, %v of %v steps done", whose, done, of)
	}
	return Sayf("%v, %v of %v steps done, due %v", whose, done, of, r.Task.Due)
}

// clone copies what Step may alter.
func (t *Task) clone() *Task {
	if t == nil {
		return nil
	}
	c := *t
	c.Steps, c.Had = slices.Clone(t.Steps), slices.Clone(t.Had)
	return &c
}
