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
// The clock of leases is the database's (Options.Now), whatever a program's shows. A program tells of itself every third of a lease, and
// what it has claimed stays its own for as long. It can be killed (Options.Hook) and paused (Options.Gate) as a process can:
// paused, it doesn't tell of itself, and whoever else is there takes over what it had begun.
//
// Its neighbours: test/world opens it for the replicas of a simulation.
package manystore

import (
	"context"
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
	// holds says whose each claim is, by its key, and heard when each owner was last heard of.
	holds map[string]hold
	heard map[string]time.Time
}

// hold is a claim.
type hold struct {
	owner string
	token int64
	at    time.Time
}

// New is a database that lies in a folder.
func New(dir string, opt Options) *Database {
	return &Database{opt: opt, dir: dir, holds: map[string]hold{}, heard: map[string]time.Time{}}
}

// Lapse lets every lease run out, as time does where nobody is heard of.
func (d *Database) Lapse() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.heard)
	for key, h := range d.holds {
		h.at = time.Time{}
		d.holds[key] = h
	}
}

// elsewhere reports whether somebody else than an owner holds a promise. One that was dropped and made anew nobody holds. The caller has
// the lock.
func (d *Database) elsewhere(owner string, in outbox.Intent) bool {
	h, held := d.holds[in.Key]
	if !held || h.owner == owner || h.token != in.Token {
		return false
	}
	last := h.at
	if heard := d.heard[h.owner]; heard.After(last) {
		last = heard
	}
	return d.opt.Now().Before(last.Add(d.opt.Lease))
}

// take opens the file, if nobody has it open.
func (d *Database) take(opt bolt.Options) (*bolt.Store, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.file == nil {
		opt.Hook = nil // each program has its own
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
func (d *Database) leave(owner string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.heard, owner)
	if d.open--; d.open > 0 {
		return nil
	}
	file := d.file
	d.file = nil
	return file.Close()
}

// renewing tells of an owner every third of a lease until ctx ends.
func (d *Database) renewing(ctx context.Context, owner string, gate func() error) {
	tick := time.NewTicker(d.opt.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if gate() != nil || ctx.Err() != nil {
			continue
		}
		d.mu.Lock()
		d.heard[owner] = d.opt.Now()
		d.mu.Unlock()
	}
}
