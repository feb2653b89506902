package leavers

import (
	"maps"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Roster is who has left and who is leaving. It is stored as JSON: fields may be added, never renamed.
type Roster struct {
	// Last is the number that a leaving got last.
	Last int64 `json:"last,omitempty"`
	// Of is the leaving of everybody who has left, or is leaving, and was not seen back since.
	Of map[approvals.PersonID]int64 `json:"of,omitempty"`
	// AsOf is as of when that is known of each, and that somebody is back: when Slack had last changed what it shows of them, by its own clock.
	AsOf map[approvals.PersonID]time.Time `json:"as_of,omitempty"`
	// Lately are those whom Slack showed deactivated within the hour before the last of them.
	Lately []Sighting `json:"lately,omitempty"`
	// Holds counts how often too many left at once, and Hold is that this is so now; nil: it isn't.
	Holds int   `json:"holds,omitempty"`
	Hold  *Hold `json:"hold,omitempty"`
	// Words are what admins said of the last holds.
	Words []Word `json:"words,omitempty"`
}

// Sighting is that somebody was first seen deactivated.
type Sighting struct {
	Leaving int64     `json:"leaving"`
	At      time.Time `json:"at"`
}

// Hold is that too many left at once, and that an admin is asked about them.
type Hold struct {
	Number int       `json:"number"`
	Since  time.Time `json:"since"`
	// Leavings are those that wait, in their order.
	Leavings []int64 `json:"leavings"`
}

// Word is what an admin said of a hold; Usher's is that all of them are back.
type Word struct {
	Hold int             `json:"hold"`
	Left bool            `json:"left"`
	By   approvals.Actor `json:"by"`
	At   time.Time       `json:"at"`
	// Since and Leavings are those of the hold.
	Since    time.Time `json:"since"`
	Leavings []int64   `json:"leavings"`
}

// Say is that in words.
func (w Word) Say() string {
	if w.Left {
		return "that they really left"
	}
	return "that it's a mistake"
}

// word is what was said of a hold; its zero value: nothing.
func (r Roster) word(hold int) Word {
	for _, w := range r.Words {
		if w.Hold == hold {
			return w
		}
	}
	return Word{}
}

// outdates reports whether what is kept of somebody is newer than a sight of them.
func (r *Roster) outdates(s Sight) bool { return !s.AsOf.IsZero() && s.AsOf.Before(r.AsOf[s.Person]) }

// asOf keeps of when a sight is that is believed.
func (r *Roster) asOf(s Sight) {
	if !s.AsOf.IsZero() {
		r.AsOf[s.Person] = s.AsOf
	}
}

// clone copies what a change may alter.
func (r Roster) clone() Roster {
	of, asOf := map[approvals.PersonID]int64{}, map[approvals.PersonID]time.Time{}
	maps.Copy(of, r.Of)
	maps.Copy(asOf, r.AsOf)
	r.Of, r.AsOf, r.Lately, r.Words = of, asOf, slices.Clone(r.Lately), slices.Clone(r.Words)
	if r.Hold != nil {
		h := *r.Hold
		h.Leavings = slices.Clone(h.Leavings)
		r.Hold = &h
	}
	return r
}

// drop takes somebody off the roster, among the active: whoever has once been active is in one of both from then on. Who is in neither
// would leave unnoticed, where Slack's word of it is missed.
func (r *Roster) drop(tx Tx, id approvals.PersonID) error {
	delete(r.Of, id)
	active, err := tx.Active()
	if err != nil || active.has(id) {
		return err
	}
	active.People = append(slices.Clone(active.People), id)
	slices.Sort(active.People)
	return tx.KeepActive(active)
}

// Active is whom the last reading of everybody showed active and who was taken off the roster since, sorted.
type Active struct {
	At     time.Time            `json:"at,omitzero"`
	People []approvals.PersonID `json:"people,omitempty"`
}

// has reports whether somebody was active.
func (a Active) has(id approvals.PersonID) bool {
	_, found := slices.BinarySearch(a.People, id)
	return found
}
