package bot

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// repeatFor is how long an envelope is remembered: Slack has been seen to deliver one again after 15 s.
	repeatFor = 10 * time.Minute
	// doubleClick is how close two clicks of one person on one button are one click.
	doubleClick = 2 * time.Second
	// mostHeard bounds the memory; what is forgotten early is kept apart by the desk, only less quietly.
	mostHeard = 8192
	// clickKey begins the key of a click.
	clickKey = "click "
)

// heard remembers what was handled a short while ago, so that the same envelope delivered twice, or a
// double click, is answered once. It spares noise, no more: that one request makes one deed does not
// rest on it, and it may forget everything in a restart.
type heard struct {
	now func() time.Time

	mu   sync.Mutex
	list map[string]*hearing
	// inHand is how many are not acknowledged yet.
	inHand atomic.Int64
}

// hearing is one envelope in hand, or handled.
type hearing struct {
	at   time.Time
	keep time.Duration
	// done is closed once it has been acknowledged, and answer is what its ack bore.
	done   chan struct{}
	once   sync.Once
	inHand *atomic.Int64
	answer any
	// click is its key as a click; "": it is none.
	click string
}

// settle lets repetitions be acknowledged as the first one was. It may be called again, and on nil.
func (h *hearing) settle(answer any) {
	if h != nil {
		h.once.Do(func() { h.answer = answer; close(h.done); h.inHand.Add(-1) })
	}
}

func newHeard(now func() time.Time) *heard { return &heard{now: now, list: map[string]*hearing{}} }

// begin notes that what bears these keys is taken in hand. earlier is what bore one of them before;
// then nothing is noted.
func (h *heard) begin(keys map[string]time.Duration) (mine, earlier *hearing) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	for key := range keys {
		if old := h.list[key]; old != nil && !old.at.After(now) && now.Sub(old.at) < keys[key] {
			return nil, old
		}
	}
	h.forget(now)
	mine = &hearing{at: now, done: make(chan struct{}), inHand: &h.inHand}
	h.inHand.Add(1)
	for key, keep := range keys {
		mine.keep = max(mine.keep, keep)
		h.list[key] = mine
		if strings.HasPrefix(key, clickKey) {
			mine.click = key
		}
	}
	return mine, nil
}

// cameToNothing lets whoever was told to try again do so at once: their next click is no second half of this one.
func (h *heard) cameToNothing(mine *hearing) {
	if mine == nil || mine.click == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.list[mine.click] == mine {
		delete(h.list, mine.click)
	}
}

// forget drops what is old once there is much of it, and everything if that is not enough.
func (h *heard) forget(now time.Time) {
	if len(h.list) < mostHeard {
		return
	}
	for key, e := range h.list {
		if now.Sub(e.at) >= e.keep {
			delete(h.list, key)
		}
	}
	if len(h.list) >= mostHeard {
		clear(h.list)
	}
}

// keysOf are what makes two envelopes the same: the trigger Slack gave out for one act of one person,
// and for a click also who pressed which button.
func keysOf(e *envelope, s said) map[string]time.Duration {
	keys := map[string]time.Duration{}
	if s.trigger != "" {
		keys["trigger "+string(s.who)+" "+s.typ+" "+s.trigger] = repeatFor
	} else {
		keys["envelope "+e.id] = repeatFor
	}
	if s.typ == typeClick && s.opened == "" { // in a form one may change one's mind as fast as one can
		keys[clickKey+string(s.who)+" "+s.channel+" "+s.action+" "+s.value] = doubleClick
	}
	return keys
}

// once handles an envelope unless it repeats another. A repetition is acknowledged as the first one was,
// after it, because an ack means that it is on disk; where the first one came to nothing it is not
// acknowledged either.
func (b *Bot) once(live context.Context, e *envelope, s said, handle func(context.Context, *envelope, said)) {
	mine, earlier := b.heard.begin(keysOf(e, s))
	if earlier == nil {
		e.first = mine
		defer mine.settle(nil) // where its own ack was lost: what it had to say was said another way
		handle(live, e, s)
		return
	}
	b.log.DebugContext(live, "Slack sent something twice; it counts once", "envelope", e.id, "kind", e.kind)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	select {
	case <-earlier.done:
		b.ack(live, e, earlier.answer)
	case <-ctx.Done():
	}
}
