package catalog

import "slices"

// Step is one thing that a person does where no program can carry an action out. A task shows them in this order, and keeps
// them as they were when it was approved: fields may be added, never renamed or retyped.
type Step struct {
	// Key is what ticks are kept under, and what a company overrides it by.
	Key string `json:"key"`
	// Do says what to do, in one sentence; Where says where to click, as the vendor's screen says it now.
	Do    Words  `json:"do"`
	Where string `json:"where,omitempty"`
	// Labels are all the names that the vendor's screen has had for that place, the present one first.
	Labels []string `json:"labels,omitempty"`
	// Check says what to see before it counts as done, and Remember what must not be forgotten; "": nothing.
	Check    Words `json:"check,omitempty"`
	Remember Words `json:"remember,omitempty"`
	// Proof is what it takes to be done.
	Proof Proof `json:"proof,omitempty"`
	// If is when it applies: the Asks of an earlier step ("had_projects"), or a field with its value ("role=admin"); with
	// "not " before it, when that is not so. "": always.
	If string `json:"if,omitempty"`
	// Asks is what its answer, yes or no, is known under to later steps; "": it is done or not, and answers nothing.
	Asks string `json:"asks,omitempty"`
	// Marks is the fact that is so once it is done; "": none.
	Marks Mark `json:"marks,omitempty"`
}

// Proof is what shows that a step was done.
type Proof string

// The proofs. Where none is asked for, one may still be given.
const (
	NoProof Proof = ""
	Note    Proof = "note"
	Link    Proof = "link"
	File    Proof = "file"
)

// Mark is a fact with a date of its own, beside a request's state.
type Mark string

// The marks. Who can no longer get in may still be paid for.
const (
	AccessRemoved Mark = "access removed"
	SeatReleased  Mark = "seat released"
)

// ByHand says that the action is carried out by a person, step by step.
func (a Action) ByHand() bool { return len(a.Steps) > 0 }

// Step finds a step by its key.
func (a Action) Step(key string) (Step, bool) {
	i := slices.IndexFunc(a.Steps, func(s Step) bool { return s.Key == key })
	if i < 0 {
		return Step{}, false
	}
	return a.Steps[i], true
}
