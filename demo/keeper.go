package demo

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/usherbot/usher/control"
)

const (
	// moment is how long a bot stays away that has ended by itself or was killed, and longest the most where one life after another is
	// shorter than brief.
	moment, longest, brief = 500 * time.Millisecond, 10 * time.Second, time.Second
	// rest is how long a bot may take to end in order: less than the demo itself may.
	rest = 8500 * time.Millisecond
)

// holds is what keeps lives from beginning: a jump in time, somebody who took the bot down until it's mended, or both.
type holds struct{ jump, down bool }

// errNoRest is what comes of a bot that takes longer.
var errNoRest = errors.New("the bot didn't come to rest in time and was stopped; the next start picks up where this one left off")

// keeper sees to it that one bot lives: it begins it again whenever it ends by itself, until ctx of keep ends.
type keeper struct {
	begin Begin
	log   *slog.Logger

	mu    sync.Mutex
	birth Birth
	life  Life // nil: between two
	// gate is closed while lives may begin: nothing holds them up.
	gate  chan struct{}
	holds holds
	// lived counts lives, and killed those that were ended at once.
	lived, killed int
	// full: there's no room on its disk.
	full bool
}

func newKeeper(begin Begin, birth Birth, log *slog.Logger) *keeper {
	k := &keeper{begin: begin, birth: birth, log: log, gate: make(chan struct{})}
	close(k.gate)
	return k
}

// first begins the first life, and waits until it's ready: what keeps it from that is what keeps the demo from beginning.
func (k *keeper) first(ctx context.Context) error {
	life, err := k.born()
	if err != nil {
		return err
	}
	select {
	case <-life.Ready():
		return nil
	case <-life.Over():
	case <-ctx.Done():
	}
	return errors.Join(ended(life), ctx.Err())
}

// born begins a life, unless lives are held up.
func (k *keeper) born() (Life, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !isClosed(k.gate) {
		return nil, nil
	}
	life, err := k.begin(k.birth)
	if err != nil {
		return nil, err
	}
	k.life = life
	k.lived++
	if err := k.room(k.full); err != nil {
		k.log.Warn("the bot has room on its disk again, which was to be full", "err", err)
	}
	return life, nil
}

func (k *keeper) isDown() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.holds.down
}

// folder is where its socket is, and with what it shares what it keeps.
func (k *keeper) folder() control.Folder {
	k.mu.Lock()
	defer k.mu.Unlock()
	return control.Folder{Dir: k.birth.Data, Database: k.birth.Database}
}

// state is how it is, as a page shows it.
func (k *keeper) state(number int) Bot {
	k.mu.Lock()
	defer k.mu.Unlock()
	return Bot{Number: number, Alive: k.life != nil && isClosed(k.life.Ready()), Lived: k.lived, Killed: k.killed, Down: k.holds.down}
}

func (k *keeper) isFull() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.full
}

// errNoProcess is what comes of limiting a bot that has no process of its own.
var errNoProcess = errors.New("the bot runs in the demo's own process here, which can't be limited alone")

// room limits what the life there is can write, or no more. It needs the lock.
func (k *keeper) room(full bool) error {
	switch {
	case k.life == nil || !full && !k.full:
		return nil
	case k.life.Process() == 0:
		return errNoProcess
	}
	return setRoom(k.life.Process(), full)
}

// keep keeps it, from the life that has begun to the end of ctx, and says how the last one ended.
func (k *keeper) keep(ctx context.Context) error {
	pause := moment
	for {
		life, began := k.living(), time.Now()
		if life != nil && !k.attend(ctx, life) {
			return ended(life)
		}
		if time.Since(began) > brief {
			pause = moment
		}
		if !k.waits(ctx, life, pause) {
			return nil
		}
		pause = min(2*pause, longest)
		if _, err := k.born(); err != nil {
			k.log.ErrorContext(ctx, "cannot start the bot; trying again", "err", err)
		}
	}
}

// attend is beside a life until it's over; false: until ctx is.
func (k *keeper) attend(ctx context.Context, life Life) bool {
	select {
	case <-ctx.Done():
		return false
	case <-life.Over():
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.life = nil
	k.birth.Anew = k.birth.Anew && !isClosed(life.Ready()) // what a demo begins with is there
	return true
}

// waits lets a pause pass after a life that ended by itself; false: ctx ended meanwhile. Where lives are held up, it's the end of that
// which is waited for.
func (k *keeper) waits(ctx context.Context, life Life, pause time.Duration) bool {
	gate := k.through()
	if isClosed(gate) {
		if life != nil {
			k.log.WarnContext(ctx, "the bot's process has ended and is started again", "in", pause, "err", life.Err())
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	select {
	case <-gate:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

func (k *keeper) living() Life {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.life
}

func (k *keeper) through() chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.gate
}

// kill ends the life there is at once, and reports whether there was one. Down: none begins until up, also where there was none.
func (k *keeper) kill(down bool) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if down {
		k.shut(holds{k.holds.jump, true})
	}
	if k.life == nil {
		return down
	}
	k.life.Kill()
	k.killed++
	return true
}

// up takes back that it's down.
func (k *keeper) up() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.shut(holds{k.holds.jump, false})
}

// shut sets what holds lives up. It needs the lock.
func (k *keeper) shut(by holds) {
	switch was, is := k.holds != (holds{}), by != (holds{}); {
	case is && !was:
		k.gate = make(chan struct{})
	case was && !is:
		close(k.gate)
	}
	k.holds = by
}

// hold ends the life there is in order and lets none begin until the other half is called, with what is to be changed of its birth.
func (k *keeper) hold() (release func(change func(*Birth))) {
	k.mu.Lock()
	life := k.life
	k.shut(holds{true, k.holds.down})
	k.mu.Unlock()
	if life != nil {
		if err := ended(life); err != nil {
			k.log.Warn("the bot was to end in order, and didn't", "err", err)
		}
	}
	return func(change func(*Birth)) {
		k.mu.Lock()
		defer k.mu.Unlock()
		change(&k.birth)
		k.shut(holds{false, k.holds.down})
	}
}

// ended ends a life in order, or, where that takes too long, at once.
func ended(life Life) error {
	life.Stop()
	select {
	case <-life.Over():
		return life.Err()
	case <-time.After(rest):
	}
	life.Kill()
	<-life.Over()
	return errNoRest
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
