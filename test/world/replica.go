package world

import (
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/test/manystore"
)

// Lease is how long what a replica has begun is its own when it is heard of no more.
const Lease = 15 * time.Second

// Share has all programs that begin from now on keep one database together.
func (w *World) Share() {
	w.Shared = manystore.New(w.Dir, manystore.Options{Now: time.Now, Lease: Lease})
}

// Replica is another program in a world, over the same database as the first.
type Replica struct {
	w *World
	p *program
}

// Join begins a replica, and waits for nothing.
func (w *World) Join() *Replica {
	w.T.Helper()
	return &Replica{w, w.program(func(*program) {})}
}

// Over reports whether it was struck.
func (r *Replica) Over() bool { return r.p.life.Over() }

// App is its rooms.
func (r *Replica) App() *app.App { return r.p.app }

// Pause stops it, as SIGSTOP does, and GoOn lets it go on.
func (r *Replica) Pause() { r.p.life.pause() }

// GoOn lets it go on, as SIGCONT does.
func (r *Replica) GoOn() { r.p.life.goOn() }

// Crash strikes it, as SIGKILL does.
func (r *Replica) Crash() {
	r.p.life.Strike()
	r.End()
}

// End stops it as SIGTERM does.
func (r *Replica) End() {
	r.GoOn()
	r.p.stop()
	if err := <-r.p.over; err != nil && !r.Over() {
		r.w.T.Errorf("a replica ended badly: %v", err)
	}
}

// Last is until when it could do anything; zero: it still can.
func (r *Replica) Last() time.Time { return r.p.life.Last() }

// Still reports whether it is paused.
func (r *Replica) Still() bool { return !r.Over() && !r.p.life.Last().IsZero() }

// AimStill sets the place, from now on, at which a replica is paused; what it has begun there still happens.
func (p *points) AimStill(ahead int) {
	p.Aim(ahead)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stills = true
}

// strikes notes that a life passes a place, and strikes it or pauses it where it is to. True: it is over.
func (p *points) strikes(l *life, name string) bool {
	if !p.Pass(name) {
		return false
	}
	p.mu.Lock()
	stills := p.stills
	if stills && l.first {
		p.at = p.n + 1 // the next one's
	}
	p.mu.Unlock()
	switch {
	case !stills:
		l.Strike()
	case !l.first:
		l.pause()
	}
	return !stills
}
