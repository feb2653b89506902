package toyapp

import (
	"slices"
	"strconv"
	"sync"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/catalog"
)

// Vendor is the planner, simulated.
type Vendor struct {
	mu      sync.Mutex
	members []member
	last    int
	// down says that it can't be read; lost that the answer to the next write is lost after it was carried out.
	down, lost bool
	// Writes are how many writes had an effect.
	Writes int
}

type member struct {
	id, email, role, team string
	boards                []string
}

// boards are all there are.
var boards = []catalog.Item{{ID: "b-1", Name: "Q1 launch", Nameless: "board"}, {ID: "b-2", Name: "Hiring", Nameless: "board"}}

// list is who is a member.
func (v *Vendor) list() ([]member, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.down {
		return nil, &apiclient.Error{Op: "list members", Kind: apiclient.Temporary, Status: 503}
	}
	return slices.Clone(v.members), nil
}

// write alters the members. A lost answer leaves it down, until it is healed.
func (v *Vendor) write(alter func([]member) []member) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.members = alter(v.members)
	v.Writes++
	if v.lost {
		v.lost, v.down = false, true
		return &apiclient.Error{Op: "write members", Kind: apiclient.OutcomeUnknown}
	}
	return nil
}

func (v *Vendor) invite(m member) error {
	return v.write(func(all []member) []member {
		v.last++
		m.id = "m-" + strconv.Itoa(v.last)
		return append(all, m)
	})
}

func (v *Vendor) dismiss(id string) error {
	return v.write(func(all []member) []member {
		return slices.DeleteFunc(slices.Clone(all), func(m member) bool { return m.id == id })
	})
}

// trouble sets what is wrong with it.
func (v *Vendor) trouble(down, lost bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.down, v.lost = down, lost
}
