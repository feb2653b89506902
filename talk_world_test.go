package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store"
)

// talkWorld is the whole program beside its simulated neighbours, in one synctest bubble: real
// Socket Mode frames, a real bbolt file, real cron slots, and time that passes when everybody waits.
type talkWorld struct {
	t    *testing.T
	n    *neighbours
	cfg  *Config
	dir  string
	logs *errorLog

	// One life of the program. dead makes every commit and every outward call of it fail, as the
	// end of a process does.
	app  *app
	stop context.CancelFunc
	over chan error
	dead *deadline
}

// deadline is the moment a life of the program ends: after it nothing of that life has any effect.
type deadline struct {
	mu   sync.Mutex
	dead bool
}

var errDead = errors.New("this life of the program is over")

func (d *deadline) strike() { d.mu.Lock(); d.dead = true; d.mu.Unlock() }

func (d *deadline) passed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dead
}

// deadTransport lets nothing out once the deadline has passed.
type deadTransport struct {
	http.RoundTripper
	life *deadline
}

func (d deadTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if d.life.passed() {
		return nil, errDead
	}
	return d.RoundTripper.RoundTrip(r)
}

// inTalk runs f in a bubble with the neighbours seeded and the program not yet started.
func inTalk(t *testing.T, config string, f func(w *talkWorld)) {
	synctest.Test(t, func(t *testing.T) {
		cfg, problems := ParseConfig("usher.yml", []byte(config))
		require.Empty(t, problems)
		w := &talkWorld{t: t, cfg: cfg, dir: t.TempDir(), logs: &errorLog{}}
		complain := func(s string) { t.Error("violation: " + s) }
		w.n = newNeighbours(slacksim.Options{Violation: complain}, vendorsim.Options{Seats: 25, Violation: complain})
		w.n.slack.SeedDemo()
		defer func() {
			w.end()
			require.NoError(t, w.n.close())
			synctest.Wait()
		}()
		f(w)
	})
}

// start begins a life of the program and waits until it hears.
func (w *talkWorld) start() {
	w.t.Helper()
	w.dead = &deadline{}
	life := w.dead
	around := w.n.surroundings()
	around.SlackHTTP.Transport = deadTransport{around.SlackHTTP.Transport, life}
	around.VendorHTTP.Transport = deadTransport{around.VendorHTTP.Transport, life}
	around.Store = store.Options{Hook: func(point string) error {
		if life.passed() {
			return errDead
		}
		return nil
	}}
	a, err := newApp(w.cfg, w.n.env(), around, Options{DataDir: w.dir, Log: slog.New(w.logs)})
	require.NoError(w.t, err)
	ctx, stop := context.WithCancel(context.Background())
	w.app, w.stop, w.over = a, stop, make(chan error, 1)
	go func() { w.over <- a.run(ctx) }()
	for range 100 {
		if w.n.slack.Connections() >= 2 {
			break
		}
		w.pass(100 * time.Millisecond)
	}
	require.GreaterOrEqual(w.t, w.n.slack.Connections(), 2, "the bot is connected")
}

// end stops the program as SIGTERM does.
func (w *talkWorld) end() {
	w.t.Helper()
	if w.app == nil {
		return
	}
	w.stop()
	require.NoError(w.t, <-w.over)
	w.app = nil
}

// crash stops it as SIGKILL does: nothing that was under way has any effect from now on.
func (w *talkWorld) crash() {
	w.t.Helper()
	w.dead.strike()
	w.logs.deafen(true)
	w.n.slackNet.Break()
	w.n.vendorNet.Break()
	w.stop()
	<-w.over
	w.app = nil
	w.logs.deafen(false)
}

// pass lets time go by.
func (w *talkWorld) pass(d time.Duration) { <-time.After(d); synctest.Wait() }

// check holds the database to its invariants.
func (w *talkWorld) check() {
	w.t.Helper()
	if w.app == nil {
		w.start()
	}
	require.NoError(w.t, w.app.store.Check(context.Background()))
}

// errorLog collects lines of level error and warn, for the law that an error nobody announced fails a talk.
type errorLog struct {
	mu     sync.Mutex
	errors []string
	deaf   bool
}

func (l *errorLog) deafen(yes bool) { l.mu.Lock(); l.deaf = yes; l.mu.Unlock() }

func (l *errorLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }
func (l *errorLog) WithAttrs([]slog.Attr) slog.Handler               { return l }
func (l *errorLog) WithGroup(string) slog.Handler                    { return l }
func (l *errorLog) Handle(ctx context.Context, r slog.Record) error {
	var b bytes.Buffer
	if err := slog.NewTextHandler(&b, nil).Handle(ctx, r); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.deaf {
		l.errors = append(l.errors, strings.TrimSpace(b.String()))
	}
	return nil
}

// take returns the lines collected since it was last called.
func (l *errorLog) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.errors
	l.errors = nil
	return out
}
