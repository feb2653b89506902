// Package roster is the people of a company as its directories know them, and how an answer about them goes wrong: what the simulated
// directories (oktasim, entrasim, googlesim) share.
//
//	roster.go   who is there, who was switched off or deleted, and how they are told (whole, empty, half, twice)
//	wire.go     the plan of faults, the pace, the journal, and an answer as bytes
//
// Each simulator polices its vendor's protocol by itself and shares no code with the client of that vendor. What no correct client does
// (a token for another host, a page that was read already, a changed query) is refused and reported to Options.Violation, which in tests
// is t.Errorf's.
//
// It waits only on timers and request contexts and starts no goroutine, so it runs inside testing/synctest.
package roster

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Person is somebody in a directory.
type Person struct {
	ID    string
	Email string
	// Also are further addresses that the company gave them, and Private one that they wrote themselves.
	Also    []string
	Private string
	Created time.Time
	// Off is since when they can't sign in; zero: they can. Suspended says that they only wait.
	Off       time.Time
	Suspended bool
	// Deleted is when they were deleted, and Guest that they are somebody else's.
	Deleted time.Time
	Guest   bool
	// turn is the last change of theirs, and born their first.
	turn, born int
}

// NewSince reports whether they came after a turn.
func (p Person) NewSince(turn int) bool { return p.born > turn }

// Lie is how the people are told while it lasts.
type Lie string

// The lies. Honest is the zero value.
const (
	Honest Lie = ""
	Nobody Lie = "nobody" // a whole answer with nobody in it
	Half   Lie = "half"   // a whole answer that leaves out every second one, and one more
	Twice  Lie = "twice"  // each of them twice
)

// Options are a roster's surroundings.
type Options struct {
	Now func() time.Time
	// Violation hears of what no correct client does; nil: nobody does.
	Violation func(format string, args ...any)
	// PerMinute is how many calls are answered a minute; 0: as many as come.
	PerMinute int
}

// Roster is one company. It may be used by many goroutines at once.
type Roster struct {
	Options
	mu     sync.Mutex
	people map[string]*Person
	turn   int
	lie    Lie
	faults []*Fault
	calls  []Call
}

// New is a roster without anybody.
func New(o Options) *Roster {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Violation == nil {
		o.Violation = func(string, ...any) {}
	}
	return &Roster{Options: o, people: map[string]*Person{}}
}

// Put adds people, each in place of who had their id.
func (r *Roster) Put(people ...Person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range people {
		r.turn++
		p.turn, p.born = r.turn, r.turn
		r.people[p.ID] = &p
	}
}

// Change changes somebody who is there.
func (r *Roster) Change(id string, how func(*Person)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, ok := r.people[id]
	if !ok {
		r.Violation("roster: nobody has the id %s", id)
		return
	}
	how(p)
	r.turn++
	p.turn = r.turn
}

// SwitchOff switches somebody off, as of now.
func (r *Roster) SwitchOff(id string) { r.Change(id, func(p *Person) { p.Off = r.Now() }) }

// Tell says how people are told from now on.
func (r *Roster) Tell(l Lie) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lie = l
}

// Turn is the number of the last change.
func (r *Roster) Turn() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.turn
}

// Changed are those who changed after a turn, by their ids. A lie is about everybody: of changes none would be seen.
func (r *Roster) Changed(after int) (out []Person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.people {
		if p.turn > after {
			out = append(out, *p)
		}
	}
	slices.SortFunc(out, func(a, b Person) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// People are all that are to be told, by their ids.
func (r *Roster) People() []Person {
	out := r.Changed(0)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch r.lie {
	case Nobody:
		return nil
	case Half:
		n := 0
		return slices.DeleteFunc(out, func(Person) bool { n++; return n == 1 || n%2 == 0 })
	case Twice:
		return slices.Concat(out, out)
	}
	return out
}
