package simulation

import "github.com/usherbot/usher/approvals"

// plot is what a seed's company does: how Usher is configured there, what is there, what happens, how a history is brought to its
// end, and what holds then.
type plot struct {
	byHand              bool
	config              func(setting) string
	furnish, calm, laws func(*simulation)
	// observe holds what is so while it happens, beside the states of requests.
	observe    func(*simulation, []approvals.Request)
	happenings []happening
}

// happening is one kind of thing that happens, and how often.
type happening struct {
	weight int
	do     func(s *simulation)
}

// plotOf is the company of a seed: three of four have a vendor's API set their seats up, in the fourth people carry everything out.
func plotOf(seed uint64) plot {
	if seed%4 == 3 {
		return office
	}
	return agency
}
