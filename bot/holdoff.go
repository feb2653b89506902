package bot

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/usherbot/usher/outbox"
)

const (
	// lasting is how long a connection must have lived after its hello to count as a good one.
	lasting = 5 * time.Second
	// The hold-off after connections that ended at once, without jitter: there are few of us.
	holdOffFirst = 500 * time.Millisecond
	holdOffMost  = time.Minute
	holdOffWarn  = 4 * time.Second
	// The hold-off after connections that fell silent within an hour of each other: each leaves a dead
	// one at Slack, which goes away by itself if they do not become too many.
	silenceFirst = 15 * time.Second
	silenceMost  = 5 * time.Minute
	silenceCount = time.Hour
	// deafFor is the longest hold-off while no other connection hears.
	deafFor = 15 * time.Second
)

// gate stands before every HTTP call of one connection. slack-go opens a new connection the moment
// Slack ends one, and never says why Slack did: told "too many connections" it would ask hundreds of
// times a second. The gate lets it ask only after a pause that doubles with each connection that did
// not last, or after a connection that fell silent soon after another did: what goes silent stays
// registered at Slack for a while and takes its share of envelopes, and each one more makes it worse.
// Failures to open a connection at all are spaced by slack-go itself.
type gate struct {
	http *http.Client
	log  *slog.Logger
	now  func() time.Time
	// pace is the clocks of all connections: a limit that one of them hears of holds for the others.
	pace *pace
	// others counts the connections that are open beside this one.
	others func() int
	// ours reports whether an address for a connection is Slack's.
	ours func(address string) bool

	mu     sync.Mutex
	opened bool // since the last pause
	hello  time.Time
	short  int  // connections in a row that did not last
	silent bool // the last one ended by falling silent
	quiet  int  // so many did, each within an hour of the one before
	since  time.Time
}

// Do waits out the pause before apps.connections.open and makes the request.
func (g *gate) Do(r *http.Request) (*http.Response, error) {
	if isOpenSocket(r) {
		pause, why := g.pause()
		if pause >= holdOffWarn {
			g.log.Warn(why, "pause", pause)
		}
		if err := g.holdOff(r.Context(), pause); err != nil {
			return nil, err
		}
		if err := sleep(r.Context(), g.pace.held(methodOpenSocket)); err != nil {
			return nil, err
		}
	}
	resp, err := g.http.Do(r)
	if err != nil || !isOpenSocket(r) {
		return resp, err
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		g.pace.hold(methodOpenSocket, retryAfter(resp.Header))
	}
	if err := fitSocket(resp, g.ours); err != nil {
		return nil, err
	}
	return resp, nil
}

// retryAfter is for how long Slack wants to be left alone.
func retryAfter(h http.Header) time.Duration {
	if s, err := strconv.Atoi(h.Get("Retry-After")); err == nil && s > 0 {
		return time.Duration(s) * time.Second
	}
	return limitedFor
}

// holdOff waits, but not long while nobody else hears.
func (g *gate) holdOff(ctx context.Context, pause time.Duration) error {
	const step = time.Second
	for waited := time.Duration(0); waited < pause; waited += step {
		if waited >= deafFor && g.alone() {
			break
		}
		if err := sleep(ctx, min(step, pause-waited)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// alone reports whether no connection is open.
func (g *gate) alone() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.silent && g.others() == 0
}

// pause is how long to hold off, judged by how the connection before ended, and why.
func (g *gate) pause() (pause time.Duration, why string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.opened {
		return 0, ""
	}
	if g.silent {
		return g.hush(), "connections to Slack keep falling silent, and leave dead ones behind"
	}
	lasted := !g.hello.IsZero() && g.now().Sub(g.hello) >= lasting
	g.opened, g.hello = false, time.Time{}
	if lasted {
		g.short = 0
		return 0, ""
	}
	g.short++
	return outbox.Backoff(g.short-1, holdOffFirst, holdOffMost), "Slack keeps ending connections at once; perhaps too many are open"
}

// hush is how long to hold off after silence: not at all the first time.
func (g *gate) hush() time.Duration {
	g.opened, g.hello = false, time.Time{}
	if g.quiet < 2 {
		return 0
	}
	return outbox.Backoff(g.quiet-2, silenceFirst, silenceMost)
}

// silenced hears that the connection was given up for its silence.
func (g *gate) silenced() {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if now.Sub(g.since) > silenceCount {
		g.quiet = 0
	}
	g.silent, g.since = true, now
	g.quiet++
}

func (g *gate) dialed() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.opened, g.silent = true, false
}

func (g *gate) greeted() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hello = g.now()
}
