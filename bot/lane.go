package bot

import (
	"context"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/usherbot/usher/approvals"
)

// lane is a line of errands before workers of its own. What is slow in one lane is not felt in another, and
// within a lane one person holds no more than a share, of the workers and of the places before them: whoever
// wants more waits, or is told to, and nobody else is. It never holds more than it has room for.
type lane struct {
	width, room int
	log         *slog.Logger

	mu      sync.Mutex
	ready   *sync.Cond
	waiting []*errand // oldest first
	// inLine and inHand count what each person has waiting and has begun.
	inLine, inHand map[approvals.PersonID]int
	shut           bool
	// hands are the workers, and leaving what is being taken out of the line.
	hands, leaving sync.WaitGroup
}

// errand is something to be done for one person.
type errand struct {
	who approvals.PersonID
	do  func(live context.Context)
}

func newLane(width, room int, log *slog.Logger) *lane {
	l := &lane{width: width, room: room, log: log, inLine: map[approvals.PersonID]int{}, inHand: map[approvals.PersonID]int{}}
	l.ready = sync.NewCond(&l.mu)
	return l
}

// share is what one person may hold of so many: four people of ill will are needed to fill a lane.
func share(of int) int { return max(of/4, 1) }

// open lets the workers begin; live ends when they must stop at once.
func (l *lane) open(live context.Context) {
	for range l.width {
		l.hands.Go(func() { l.work(live) })
	}
}

// close takes nothing more in, and returns when everything that waited is done.
func (l *lane) close() {
	l.mu.Lock()
	l.shut = true
	l.mu.Unlock()
	l.ready.Broadcast()
	l.hands.Wait()
	l.leaving.Wait()
}

// put lets an errand wait its turn, and never waits itself. nil: there is no room for this person.
func (l *lane) put(who approvals.PersonID, do func(live context.Context)) *errand {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) >= l.room || l.inLine[who] >= share(l.room) {
		return nil
	}
	return l.join(who, do)
}

// putLast is put for what is said in place of all there was no room for. The caller sees to it that each person has
// one of these at most.
func (l *lane) putLast(who approvals.PersonID, do func(live context.Context)) *errand {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.join(who, do)
}

// join puts an errand at the end of the line; nil: the lane has closed. The caller holds mu.
func (l *lane) join(who approvals.PersonID, do func(live context.Context)) *errand {
	if l.shut {
		return nil
	}
	e := &errand{who, do}
	l.waiting = append(l.waiting, e)
	l.inLine[who]++
	l.ready.Signal()
	return e
}

// expire takes an errand that nobody has begun out of the line and does something else instead.
func (l *lane) expire(e *errand, instead func()) {
	l.mu.Lock()
	i := slices.Index(l.waiting, e)
	if i < 0 {
		l.mu.Unlock()
		return
	}
	l.take(i)
	l.leaving.Add(1)
	l.mu.Unlock()
	defer l.leaving.Done()
	instead()
}

// idle reports whether nothing waits.
func (l *lane) idle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting) == 0
}

func (l *lane) work(live context.Context) {
	for e := l.next(); e != nil; e = l.next() {
		l.carry(live, e)
		l.done(e)
	}
}

// next is the oldest errand of somebody who has workers left, once there is one; nil: the lane has closed.
func (l *lane) next() *errand {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		i := slices.IndexFunc(l.waiting, func(e *errand) bool { return l.inHand[e.who] < share(l.width) })
		if i >= 0 {
			e := l.take(i)
			l.inHand[e.who]++
			return e
		}
		if l.shut && len(l.waiting) == 0 {
			return nil
		}
		l.ready.Wait()
	}
}

// take removes what waits in a place; the caller holds mu. Who closes the lane waits for the last.
func (l *lane) take(i int) *errand {
	e := l.waiting[i]
	l.waiting = slices.Delete(l.waiting, i, i+1)
	less(l.inLine, e.who)
	if l.shut && len(l.waiting) == 0 {
		l.ready.Broadcast()
	}
	return e
}

func (l *lane) done(e *errand) {
	l.mu.Lock()
	defer l.mu.Unlock()
	less(l.inHand, e.who)
	l.ready.Signal()
}

// less counts one down, and remembers nobody who has nothing any more.
func less(count map[approvals.PersonID]int, who approvals.PersonID) {
	if count[who]--; count[who] == 0 {
		delete(count, who)
	}
}

// carry does an errand. One that panics ends alone.
func (l *lane) carry(live context.Context, e *errand) {
	defer func() {
		if p := recover(); p != nil {
			l.log.ErrorContext(live, "something went wrong and was caught", "user", e.who, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	e.do(live)
}
