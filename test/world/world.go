// Package world is the whole program beside its simulated neighbours, for the tests of the packages around it: real
// Socket Mode frames, a real bbolt file, real cron slots, in one synctest bubble where time passes when
// everybody waits.
//
//	world.go      one bubble, and in it one life of the program after another; the places where a life may be struck
//	program.go    how a life begins, what is around it, and how it is struck or paused; replica.go: others beside it
//	scenario.go   one kind of request from the asking to its end, played by people who try again what visibly did
//	              not work, and the promises that hold whatever happened (late, lost, deciders, sharing: its parts)
//	faults.go     what can go wrong on the way, and people.go what somebody does and hears
//	directories.go  a directory of people beside Slack
//	shown.go      what a message shows, and whose promise it is
//	payloads.go   what passes between Usher and Slack, written down to be held against Slack's types
//	traced.go     who takes traces of it, and what no trace may tell
//	commandline.go, wait.go, pace.go, log.go: commands in the test's own process, waiting for what happens, -every, and
//	what is logged as an error
//
// It holds hardly a test of its own. The packages beside it say by their names what they show.
package world

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/otlpsim"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/manystore"
)

// World is the whole program beside its simulated neighbours, in one synctest bubble: real
// Socket Mode frames, a real bbolt file, real cron slots, and time that passes when everybody waits.
type World struct {
	// Kinds are kinds of app beside those that the program has.
	Kinds []app.Kind
	T     examiner
	N     *demo.Neighbours
	Cfg   *config.Config
	// yml is what Cfg was read from.
	yml  string
	Dir  string
	Logs *ErrorLog
	// diary is where the log of every life from now on goes, as an operator reads it; nil: errors go to logs.
	Diary *LockedBuffer
	// Spans takes the traces of what is done (Trace); nil: nobody watches. untrace ends those of a life.
	Spans   *otlpsim.Receiver
	untrace func()
	// alter changes the surroundings of every life that begins from now on; nil: nothing.
	Alter func(*app.Surroundings)

	Points points
	// elsewhere is a directory beside Slack; nil: there is none.
	elsewhere *elsewhere
	// Shared is what several programs keep together (Join); nil: there is one, and it has a file.
	Shared *manystore.Database
	// One life of the program.
	App  *app.App
	Life *life
	stop context.CancelFunc
	over chan error
}

// examiner is what a world reports to: a test, or a recorder that lets a test demand a failure.
type examiner interface {
	require.TestingT
	Helper()
	Fatalf(format string, args ...any)
}

// points counts the places at which a life may be struck, in the order in which they are passed.
type points struct {
	mu   sync.Mutex
	n    int
	at   int // the place to strike at, from 1; 0: none
	Hit  string
	seen []string
	// stills: it isn't struck there but paused.
	stills bool
}

// Pass notes a place, and reports whether to strike there.
func (p *points) Pass(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	p.seen = append(p.seen, name)
	if p.n == p.at {
		p.Hit = name
	}
	return p.n == p.at
}

// In runs f in a bubble with the neighbours seeded and the program not yet started.
func In(t *testing.T, config string, f func(w *World)) { InScene(t, t, config, f) }

// InScene is In with another examiner than the test itself, and with kinds of app beside those that the program has.
func InScene(t *testing.T, ex examiner, yml string, f func(w *World), kinds ...app.Kind) {
	synctest.Test(t, func(t *testing.T) {
		var entries []*catalog.Entry
		for _, k := range kinds {
			entries = append(entries, k.Entry)
		}
		cfg, problems := config.Parse("usher.yml", []byte(yml), entries...)
		require.Empty(t, problems)
		w := &World{Kinds: kinds, T: ex, Cfg: cfg, yml: yml, Dir: ramdisk.Folder(t), Logs: &ErrorLog{}}
		complain := func(s string) { ex.Errorf("violation: %s", s) }
		w.N = demo.NewNeighbours(slacksim.Options{Violation: complain, Scopes: web.Scopes(), Events: web.Events(), PingEvery: time.Minute, Wire: payloads(t)}, vendorsim.Options{Seats: 25, Violation: complain})
		w.N.Slack.SeedDemo()
		fell := w.raise(func(format string, args ...any) { ex.Errorf("violation: "+format, args...) })
		defer func() {
			w.End()
			fell()
			require.NoError(t, w.N.Close())
			synctest.Wait()
		}()
		defer Forgive()
		f(w)
	})
}

// Start begins a life of the program and waits until it hears.
func (w *World) Start() {
	w.T.Helper()
	w.Begin()
	for range 300 {
		if w.N.Slack.Connections() >= 2 || w.Life.Over() {
			break
		}
		w.Pass(100 * time.Millisecond)
	}
	if w.N.Slack.Connections() < 1 && !w.Life.Over() {
		w.T.Fatalf("the bot is not connected")
	}
}

// Reconfigure ends this life and begins another under a configuration in which one stretch is another, as SIGHUP does.
func (w *World) Reconfigure(was, is string) {
	w.T.Helper()
	require.Contains(w.T, w.yml, was)
	w.yml = strings.Replace(w.yml, was, is, 1)
	cfg, problems := config.Parse("usher.yml", []byte(w.yml))
	require.Empty(w.T, problems)
	w.End()
	w.Cfg = cfg
	w.Start()
}

// Begin begins a life of the program, and waits for nothing.
func (w *World) Begin() {
	w.T.Helper()
	p := w.program(func(p *program) { w.Life, p.life.first = p.life, true })
	w.App, w.stop, w.over = p.app, p.stop, p.over
}

// End stops the program as SIGTERM does.
func (w *World) End() {
	if w.App == nil {
		return
	}
	w.stop()
	if err := <-w.over; err != nil && !w.Life.Over() {
		w.T.Errorf("the program ended badly: %v", err)
	}
	w.App = nil
	if w.untrace != nil {
		w.untrace()
		w.untrace = nil
	}
}

// Crash stops it as SIGKILL does: nothing that was under way has any effect from now on.
func (w *World) Crash() {
	w.Life.Strike()
	w.End()
}

// Lose takes the data folder away. The next life makes a fresh one.
func (w *World) Lose() {
	w.End()
	require.NoError(w.T, os.RemoveAll(w.Dir))
}

// Pass lets time go by.
func (w *World) Pass(d time.Duration) { <-time.After(d); synctest.Wait() }

// Check holds the database to its invariants.
func (w *World) Check() {
	w.T.Helper()
	if w.App == nil {
		w.Start()
	}
	require.NoError(w.T, w.App.Store.Check(context.Background()))
	wrong, err := Demanded(w.App.Desk)
	require.NoError(w.T, err)
	require.Empty(w.T, wrong)
}

// Recorder is an examiner that remembers failures instead of failing.
type Recorder struct {
	mu    sync.Mutex
	wrong []string
}

type gaveUp struct{}

// Helper implements examiner.
func (r *Recorder) Helper() {}

// Errorf remembers a failure.
func (r *Recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wrong = append(r.wrong, strings.TrimSpace(fmt.Sprintf(format, args...)))
}

// FailNow ends the scene, which the bubble's own function catches.
func (r *Recorder) FailNow() { panic(gaveUp{}) }

// Fatalf remembers a failure and ends the scene.
func (r *Recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	r.FailNow()
}

// Findings are the failures so far.
func (r *Recorder) Findings() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.wrong
}

// Forgive ends a scene that a recorder gave up.
func Forgive() {
	if p := recover(); p != nil {
		if _, ours := p.(gaveUp); !ours {
			panic(p)
		}
	}
}

// Aim sets the place, from now on, at which the life is struck; 0 is none.
func (p *points) Aim(ahead int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.stills = 0, false
	if ahead > 0 {
		p.at = p.n + ahead
	}
}

func (p *points) Aimed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at > p.n
}
