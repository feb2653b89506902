package web

import (
	"context"
	"sync"
	"time"
)

const (
	// spacing is Slack's one message a second and channel.
	spacing = time.Second
	// patience is how long a call waits for its turn; beyond it the caller comes back by itself.
	patience = 3 * time.Second
	// maxClocks bounds the memory for channels that were written to.
	maxClocks = 4096
)

// pace is the clocks of the Web API: one for each method that answered 429, one for each channel that
// is posted to. Whoever would wait too long is told when to come back, each caller at a time of its
// own, so that a queue of messages costs each of them one refusal and not one a round.
//
// Where several processes post for one app, the turns are shared: each asks whose it is, and where that can't be asked nothing is
// posted. A method by itself has no turns, only holds: those are shared too, and where they can't be asked after, what
// this process knows of them is enough.
type pace struct {
	now func() time.Time
	// shared is nil where this process is alone.
	shared Turns

	mu    sync.Mutex
	holds map[string]span
	next  map[string]span // by channel: when the next message may go
	tails map[string]time.Time
	// kept is when each who was told to come back may: whoever comes earlier, with something newer to say, is told so again. A second one
	// would be missing from the others' turns, and nobody would use the first.
	kept map[string]time.Time
}

// span is a wait and when it was set; a clock that was put back behind that moment ends it.
type span struct{ set, until time.Time }

func (s span) left(now time.Time) time.Duration {
	if now.Before(s.set) {
		return 0
	}
	return s.until.Sub(now)
}

func newPace(now func() time.Time, shared Turns) *pace {
	return &pace{now: now, shared: shared, holds: map[string]span{}, next: map[string]span{}, tails: map[string]time.Time{}, kept: map[string]time.Time{}}
}

// holdHere is hold, of which nobody else is told.
func (p *pace) holdHere(method string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	p.holds[method] = span{now, now.Add(d)}
}

// wait returns when a call may go. channel is set for posts only, and who says whose they are; "": anybody's. A turn further off than patience is
// an Error that is Limited and says when to come back.
func (p *pace) wait(ctx context.Context, method, channel, who string) error {
	d, ok, err := p.among(ctx, method, channel, who)
	if err != nil {
		return &Error{Method: method, Fault: NotSent, Code: "it isn't known whose turn it is", Cause: err}
	}
	if !ok {
		return &Error{Method: method, Fault: Limited, Code: "held back", After: d}
	}
	if err := Pause(ctx, d); err != nil {
		return &Error{Method: method, Fault: NotSent, Code: "gave up waiting", Cause: err}
	}
	// Somebody else may have been told to slow down meanwhile.
	if d := p.held(method); d > 0 {
		return &Error{Method: method, Fault: Limited, Code: "held back", After: d}
	}
	return nil
}

func (p *pace) held(method string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.holds[method].left(p.now())
}

// turn takes the next turn and says how far off it is, or, without taking one, when to come back.
func (p *pace) turn(method, channel, who string) (d time.Duration, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	d = max(p.holds[method].left(now), p.next[channel].left(now), 0)
	if d > patience {
		return p.later(now, now.Add(d), method+" "+channel, who), false
	}
	if channel != "" {
		p.trim()
		delete(p.kept, method+" "+channel+" "+who)
		p.next[channel] = span{now, now.Add(d + spacing)}
	}
	return d, true
}

// later gives each caller that must come back a second of its own.
func (p *pace) later(now, first time.Time, line, who string) time.Duration {
	if at, has := p.kept[line+" "+who]; has && !at.Before(first) && at.Sub(now) < time.Hour {
		return at.Sub(now)
	}
	at := first
	if tail, ok := p.tails[line]; ok && tail.After(at) && tail.Sub(now) < time.Hour {
		at = tail
	}
	p.tails[line] = at.Add(spacing)
	if who != "" {
		p.kept[line+" "+who] = at
	}
	return at.Sub(now)
}

// trim forgets everything once there is too much of it: the worst that follows is a 429.
func (p *pace) trim() {
	if len(p.next) >= maxClocks || len(p.kept) >= maxClocks {
		p.next, p.tails, p.kept = map[string]span{}, map[string]time.Time{}, map[string]time.Time{}
	}
}

// Pause waits for d, or returns why ctx ended.
func Pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
