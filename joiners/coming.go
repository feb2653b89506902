package joiners

import (
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// State is where a coming stands.
type State string

// The states of a coming.
const (
	// Waiting: it was seen, and settles before anything is asked.
	Waiting State = "waiting"
	// Offered: what is theirs to have is asked about.
	Offered State = "offered"
	// Nothing: there was nothing to ask, for the reason in Why.
	Nothing State = "nothing asked"
	// CalledOff: they went again, or are nobody to whom anything is offered.
	CalledOff State = "called off"
)

// Coming is that somebody is new in a user group, or in the workspace. It is stored as JSON: fields may be added, never renamed.
type Coming struct {
	Number int64 `json:"number"`
	// Nonce tells it from every other of its number, in whatever database or life.
	Nonce  string             `json:"nonce,omitempty"`
	Person approvals.PersonID `json:"person"`
	// Into is where they are new, and From the group that they left for it; "": none is known.
	Into approvals.GroupID `json:"into"`
	From approvals.GroupID `json:"from,omitempty"`
	At   time.Time         `json:"at"`
	// Before is the coming of theirs that this one takes the place of, because more is known by now; 0: none.
	Before int64 `json:"before,omitempty"`
	State  State `json:"state"`
	// Gone says that they left the group again after it was offered, and Left that they leave for good: what nobody has decided of it
	// is taken back.
	Gone bool `json:"gone,omitempty"`
	Left bool `json:"left,omitempty"`
	// Requests are those that were asked, and Why is why none were.
	Requests []int64 `json:"requests,omitempty"`
	Why      string  `json:"why,omitempty"`
}

// Key names a coming to what is asked about it: asked under it again, the same is found.
func (c Coming) Key() string { return fmt.Sprintf("coming/%d/%s", c.Number, c.Nonce) }

// open reports whether something is still to be asked for them, or to be taken back.
func (c Coming) open() bool { return c.State == Waiting || c.State == Offered && (c.Gone || c.Left) }

func (c Coming) clone() Coming {
	c.Requests = slices.Clone(c.Requests)
	return c
}
