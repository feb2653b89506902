// Package heldlocks has the locks that several processes share, in memory, for tests of those who take them: a map with tokens
// that rise, trouble to be set, and somebody else who takes one. store/postgres has the real ones.
//
//	shared := heldlocks.New()
//	shared.Set("deed/seranking/jane@acme.example", 99) // another process has it
//
// Neighbours: provision and apiclient/seranking, each with an interface of its own that this implements. It holds nothing that is
// paced; the turns that processes share are a fake of apiclient/seranking's own tests.
package heldlocks

import (
	"context"
	"sync"
)

// Locks are locks that several processes share.
type Locks struct {
	mu      sync.Mutex
	held    map[string]int64
	last    int64
	trouble error
	asked   func(name string)
}

// New is locks that nobody holds.
func New() *Locks { return &Locks{held: map[string]int64{}} }

// Lock takes one and gives its token; false: somebody holds it.
func (l *Locks) Lock(_ context.Context, name string) (int64, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[name] != 0 || l.trouble != nil {
		return 0, false, l.trouble
	}
	l.last++
	l.held[name] = l.last
	return l.last, true, nil
}

// Still reports whether a lock is held under a token.
func (l *Locks) Still(_ context.Context, name string, token int64) (bool, error) {
	l.mu.Lock()
	asked := l.asked
	l.mu.Unlock()
	if asked != nil {
		asked(name)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held[name] == token, l.trouble
}

// Unlock lets go of one that is held under a token.
func (l *Locks) Unlock(_ context.Context, name string, token int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[name] == token {
		delete(l.held, name)
	}
	return nil
}

// Set has somebody else take a lock, whoever has it, or (0) let go of it.
func (l *Locks) Set(name string, token int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[name] = token; token == 0 {
		delete(l.held, name)
	}
}

// Lapse ends every lock, as leases end.
func (l *Locks) Lapse() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.held)
}

// Held is how many are held.
func (l *Locks) Held() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.held)
}

// Break has every question answered with trouble; nil: no more.
func (l *Locks) Break(trouble error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trouble = trouble
}

// OnStill has a function called with each question whether a lock still stands; nil: none.
func (l *Locks) OnStill(asked func(name string)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = asked
}
