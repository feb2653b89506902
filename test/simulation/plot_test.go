package simulation

import (
	"time"

	"github.com/usherbot/usher/approvals"
)

// plot is what a seed's company does: how Usher is configured there, what is there, what happens, how a history is brought to its
// end, and what holds then.
type plot struct {
	byHand              bool
	config              func(setting) string
	furnish, calm, laws func(*simulation)
	// begin is what is done once the program runs; nil: nothing.
	begin func(*simulation)
	// pings is how often connections are pinged; 0: as often as they are.
	pings time.Duration
	// observe holds what is so while it happens, beside the states of requests.
	observe    func(*simulation, []approvals.Request)
	happenings []happening
}

// happening is one kind of thing that happens, and how often.
type happening struct {
	weight int
	do     func(s *simulation)
}

// plotOf is the company of a seed: mostly a vendor's API sets their seats up, in every fourth people carry everything out, and every
// sixteenth is about who leaves and who comes, and every thirty-second about what reports say.
func plotOf(seed uint64) plot {
	switch {
	case seed%4 == 3:
		return office
	case seed%16 == 5:
		return turnover
	case seed%32 == 13:
		return readership
	}
	return agency
}
