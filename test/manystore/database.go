// Package manystore is a database that several programs have open at once, in memory: a file of store/bolt, which keeps everything, and
// beside it what one file has no need of, whose each claim is and how long their lease runs.
//
// Its one idea: what several replicas do to each other can be played by the thousand where time is simulated, and no server can be there.
// It passes the suite that store/postgres passes (store/conform), with the rules of several stores.
//
//	Database ── Store (a program, with an owner) ── Store ── Store
//	    │
//	    └─ the file, and the leases by the database's own clock
//
// The clock of leases is the database's (Options.Now), whatever a program's shows. A program that runs tells of itself all the time, and
// what it has claimed stays its own for as long. It can be killed and paused (Pulse) as a process can: then it doesn't tell of itself,
// and once the lease is over whoever else is there takes over what it had begun.
//
// Its neighbours: test/world opens it for the replicas of a simulation.
package manystore

import (
	"sync"
	"time"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/bolt"
)

// Options are what a Database needs to know.
type Options struct {
	// Now is the database's clock, and Lease how long a program's claims are its own after it was last heard of.
	Now   func() time.Time
	Lease time.Duration
}

// Database is what several programs keep together.
type Database struct {
	opt Options
	dir string

	mu   sync.Mutex
	file *bolt.Store
	// open is how many stores have it open.
	open int
	// holds says whose each claim is, by its key.
	holds map[string]hold
}

// Pulse is how a program fares.
type Pulse interface {
	// Gate waits while it is paused; an error: it is over.
	Gate() error
	// Last is until when it could do anything; zero: it still can.
	Last() time.Time
}

// running is a program to which nothing happens.
type running struct{}

// Gate implements Pulse.
func (running) Gate() error { return nil }

// Last implements Pulse.
func (running) Last() time.Time { return time.Time{} }

// hold is a claim.
type hold struct {
	by    *Store
	token int64
	// lapsed: its lease was let run out, and hasn't begun anew.
	lapsed bool
}

// New is a database that lies in a folder.
func New(dir string, opt Options) *Database {
	return &Database{opt: opt, dir: dir, holds: map[string]hold{}}
}

// Lapse lets every lease run out, as time does where nobody is heard of.
func (d *Database) Lapse() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key, h := range d.holds {
		h.lapsed = true
		d.holds[key] = h
	}
}

// elsewhere reports whether somebody else than a store holds a promise. One that was dropped and made anew nobody holds. The caller has
// the lock.
func (d *Database) elsewhere(s *Store, in outbox.Intent) bool {
	h, held := d.holds[in.Key]
	if !held || h.by == s || h.token != in.Token || h.lapsed {
		return false
	}
	last := h.by.pulse.Last()
	return last.IsZero() || d.opt.Now().Before(last.Add(d.opt.Lease))
}

// take opens the file, if nobody has it open.
func (d *Database) take(opt bolt.Options) (*bolt.Store, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.file == nil {
		opt.Hook = nil   // each program has its own
		opt.Patience = 0 // nor does a database wait for another program's commit
		file, err := bolt.Open(d.dir, opt)
		if err != nil {
			return nil, err
		}
		d.file = file
	}
	d.open++
	return d.file, nil
}

// leave closes it, if nobody else has it open.
func (d *Database) leave() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open--; d.open > 0 {
		return nil
	}
	file := d.file
	d.file = nil
	return file.Close()
}
