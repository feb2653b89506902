package joiners

import (
	"maps"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// together is within which time leaving one group and joining another is one move.
const together = 24 * time.Hour

// stands is how long what was offered is remembered for who leaves the group again: longer than most policies let it wait.
const stands = 60 * 24 * time.Hour

// agrees is how long after a reading that is held back another one may confirm it.
const agrees = time.Hour

// Rolls is who was where when that was last read. It is stored as JSON: fields may be added, never renamed.
type Rolls struct {
	// Last is the number that a coming got last.
	Last int64 `json:"last,omitempty"`
	// Of is who was in each group, and under approvals.Workspace everybody who was an active full member.
	Of map[approvals.GroupID]Roll `json:"of,omitempty"`
	// Went are those who left a group lately, and Came those who joined one, each with the coming.
	Went []Going `json:"went,omitempty"`
	Came []Going `json:"came,omitempty"`
	// Open are those who were offered something for joining a group, with the coming, until they leave it again or long after.
	Open []Going `json:"open,omitempty"`
}

// Roll is who was in one group.
type Roll struct {
	At     time.Time            `json:"at"`
	People []approvals.PersonID `json:"people"`
	// Doubt is a reading in which too many came or went at once to be believed by itself; nil: none is.
	Doubt *Doubt `json:"doubt,omitempty"`
}

// Doubt is a reading that waits for another one that says the same.
type Doubt struct {
	At     time.Time            `json:"at"`
	People []approvals.PersonID `json:"people"`
}

// Going is that somebody left a group or joined one.
type Going struct {
	Person approvals.PersonID `json:"person"`
	Group  approvals.GroupID  `json:"group"`
	At     time.Time          `json:"at"`
	Coming int64              `json:"coming,omitempty"`
}

// clone copies what a change may alter.
func (r Rolls) clone() Rolls {
	r.Of, r.Went, r.Came, r.Open = maps.Clone(r.Of), slices.Clone(r.Went), slices.Clone(r.Came), slices.Clone(r.Open)
	if r.Of == nil {
		r.Of = map[approvals.GroupID]Roll{}
	}
	return r
}

// comings are those of somebody of which something may still be asked or wait.
func (r Rolls) comings(who approvals.PersonID) (numbers []int64) {
	for _, g := range append(slices.Clone(r.Came), r.Open...) {
		if g.Person == who && g.Coming != 0 && !slices.Contains(numbers, g.Coming) {
			numbers = append(numbers, g.Coming)
		}
	}
	return numbers
}

// forget drops who came and went longer ago than makes one move.
func (r *Rolls) forget(now time.Time) {
	old := func(g Going) bool { return now.Sub(g.At) > together }
	r.Went, r.Came = slices.DeleteFunc(r.Went, old), slices.DeleteFunc(r.Came, old)
	r.Open = slices.DeleteFunc(r.Open, func(g Going) bool { return now.Sub(g.At) > stands })
}

// wentFrom is the group that somebody left last for another one; "": none, as far as is known.
func (r Rolls) wentFrom(who approvals.PersonID, into approvals.GroupID) (from approvals.GroupID) {
	for _, g := range r.Went {
		if g.Person == who && g.Group != into {
			from = g.Group
		}
	}
	return from
}

// read is what a reading says of a group: who came, who went, and the roll to keep. doubted: too many did at once, and nothing is
// believed until another reading an hour later says the same.
func (r Roll) read(people []approvals.PersonID, most int, now time.Time) (is Roll, came, went []approvals.PersonID, doubted bool) {
	people = slices.Clone(people)
	slices.Sort(people)
	came, went = without(people, r.People), without(r.People, people)
	if len(came) <= most && len(went) <= most || r.Doubt != nil && slices.Equal(r.Doubt.People, people) && now.Sub(r.Doubt.At) >= agrees {
		return Roll{At: now, People: people}, came, went, false
	}
	if r.Doubt == nil || !slices.Equal(r.Doubt.People, people) {
		r.Doubt = &Doubt{At: now, People: people}
		return r, nil, nil, true
	}
	return r, nil, nil, false // it was said before, and the hour isn't over
}

// without are those of some sorted people who aren't among others.
func without(some, others []approvals.PersonID) (out []approvals.PersonID) {
	for _, id := range some {
		if _, there := slices.BinarySearch(others, id); !there {
			out = append(out, id)
		}
	}
	return out
}
