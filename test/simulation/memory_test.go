package simulation

import (
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// memory is what the test remembers of what was said and acknowledged, to hold the program against.
type memory struct {
	dealings
	// fresh are the seats that no wish was about yet, by verb.
	fresh map[approvals.Action][]seat
	// furnished are the websites that a new seat is asked with, by its address: those that its words mean at first.
	furnished map[string][]string
	// heard is how many private answers each person may have got at most.
	heard  map[string]int
	last   *slacksim.Delivery
	lastBy string
	lastAt time.Time
	misfortunes
}

// dealings are what was asked of the present database, and what it acknowledged. Its requests go by their numbers.
type dealings struct {
	wishes []*wish
	// votes are how often somebody pressed for a yes or no that, if they may decide, counts.
	votes map[ballot]int
	// taken are requests whose taking back was acknowledged.
	taken map[int64]bool
	// counted are votes that must have counted.
	counted map[ballot]bool
	// wrote is what was written in forms for questions and answers, and whether it was acknowledged as taken.
	wrote map[string]bool
	// edited are the names that were written in forms to edit a request, and whether that was acknowledged.
	edited map[string]bool
	// shortened are for how long such a form said, by the name in it, of what is asked for a time.
	shortened map[string]time.Duration
	// seen is the last state of each request, closed when it was first seen closed by time.
	seen map[int64]approvals.State
	// nudged are requests of which a nudge was acknowledged, and called what the log says of reminders, by the message's key.
	nudged map[int64]bool
	// followed is who was told that they follow a request.
	followed map[ballot]bool
	called   map[string]reminder
	// opened is whose Home shows, or will, what is so: an opening of theirs was acknowledged, and they have not left since.
	opened map[string]bool
	// sent is what was asked by forms that were taken.
	sent []*wish
	// absences are what was typed of being away and back.
	absences []absent
	// reported is how often an admin asked for a report.
	reported int
	// posts says that they have had one posted that they were shown alone.
	posts bool
	// pressed is when somebody pressed a button last: a double click is silent.
	pressed time.Time
}

func newDealings() dealings {
	return dealings{votes: map[ballot]int{}, taken: map[int64]bool{}, counted: map[ballot]bool{}, wrote: map[string]bool{}, edited: map[string]bool{}, shortened: map[string]time.Duration{}, nudged: map[int64]bool{}, followed: map[ballot]bool{}, called: map[string]reminder{}, opened: map[string]bool{}, seen: map[int64]approvals.State{}}
}

// wish is one /access command that may open a request.
type wish struct {
	who, text string
	target    string
	at        time.Time
}

type ballot struct {
	n   int64
	who string
	yes bool
}
