package bot

import (
	"log/slog"
	"net/http"
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
)

// gate stands before every HTTP call of one connection. slack-go opens a new connection the moment
// Slack ends one, and never says why Slack did: told "too many connections" it would ask hundreds of
// times a second. The gate lets it ask only after a pause that doubles with each connection that did
// not last. Failures to open a connection at all are spaced by slack-go itself.
type gate struct {
	http *http.Client
	log  *slog.Logger
	now  func() time.Time

	mu     sync.Mutex
	opened bool // since the last pause
	hello  time.Time
	short  int // connections in a row that did not last
}

// Do waits out the pause before apps.connections.open and makes the request.
func (g *gate) Do(r *http.Request) (*http.Response, error) {
	if isOpenSocket(r) {
		pause := g.pause()
		if pause >= holdOffWarn {
			g.log.Warn("Slack keeps ending connections at once; perhaps too many are open", "pause", pause)
		}
		if err := sleep(r.Context(), pause); err != nil {
			return nil, err
		}
	}
	return g.http.Do(r)
}

// pause is how long to hold off, judged by how the connection before ended.
func (g *gate) pause() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.opened {
		return 0
	}
	lasted := !g.hello.IsZero() && g.now().Sub(g.hello) >= lasting
	g.opened, g.hello = false, time.Time{}
	if lasted {
		g.short = 0
		return 0
	}
	g.short++
	return outbox.Backoff(g.short-1, holdOffFirst, holdOffMost)
}

func (g *gate) dialed() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.opened = true
}

func (g *gate) greeted() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hello = g.now()
}
