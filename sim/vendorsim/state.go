package vendorsim

import "slices"

// recentCalls is how many rows of the journal a State holds.
const recentCalls = 50

// State is a snapshot of everything, for a page beside the demo and for programs that drive the simulator: a deep copy,
// free of keys, passwords and guest links.
type State struct {
	SeatsBought int       `json:"seats_bought"` // 0: unlimited
	SeatsUsed   int       `json:"seats_used"`
	Units       int64     `json:"units"`
	Accounts    []Account `json:"accounts"`
	Sites       []Site    `json:"sites"`
	Members     []Member  `json:"members"` // Semrush's
	Calls       []Call    `json:"calls"`   // the last 50, oldest first
	Served      int       `json:"served"`  // requests so far
	Faults      []Fault   `json:"faults"`
	Quirks      Quirks    `json:"quirks"`
	Violations  []string  `json:"violations"`
}

// State returns the present state, all of one moment.
func (v *Vendor) State() State {
	v.mu.Lock()
	defer v.mu.Unlock()
	return State{
		SeatsBought: v.seats, SeatsUsed: len(v.accounts), Units: v.units,
		Accounts: v.sortedAccounts(), Sites: v.sortedSites(), Members: v.sortedMembers(),
		Calls: copyCalls(v.calls[max(0, len(v.calls)-recentCalls):]), Served: v.served,
		Faults: v.liveFaults(), Quirks: v.quirks.clone(), Violations: slices.Concat([]string{}, v.violations),
	}
}
