package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/logging"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// talkWorld is the whole program beside its simulated neighbours, in one synctest bubble: real
// Socket Mode frames, a real bbolt file, real cron slots, and time that passes when everybody waits.
type talkWorld struct {
	t    examiner
	n    *demo.Neighbours
	cfg  *config.Config
	dir  string
	logs *errorLog
	// diary is where the log of every life from now on goes, as an operator reads it; nil: errors go to logs.
	diary *lockedBuffer
	// alter changes the surroundings of every life that begins from now on; nil: nothing.
	alter func(*app.Surroundings)

	points points
	// One life of the program.
	app  *app.App
	life *life
	stop context.CancelFunc
	over chan error
}

// examiner is what a world reports to: a test, or a recorder that lets a test demand a failure.
type examiner interface {
	require.TestingT
	Helper()
	Fatalf(format string, args ...any)
}

// life is one run of the program until it ends. Once it is over nothing of it has any effect: no
// commit is made, no call goes out, no connection is opened or written to.
type life struct {
	mu   sync.Mutex
	dead bool
	nets []*pipenet.Listener
}

var errDead = errors.New("this life of the program is over")

// strike ends it, as SIGKILL does.
func (l *life) strike() {
	l.mu.Lock()
	l.dead = true
	l.mu.Unlock()
	for _, n := range l.nets {
		n.Break()
	}
}

func (l *life) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dead
}

// points counts the places at which a life may be struck, in the order in which they are passed.
type points struct {
	mu   sync.Mutex
	n    int
	at   int // the place to strike at, from 1; 0: none
	hit  string
	seen []string
}

// pass notes a place, and reports whether to strike there.
func (p *points) pass(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	p.seen = append(p.seen, name)
	if p.n == p.at {
		p.hit = name
	}
	return p.n == p.at
}

// transport is the way out of one life: each call has a place before it and one after its effect.
type transport struct {
	http.RoundTripper
	life   *life
	points *points
}

func (d transport) RoundTrip(r *http.Request) (*http.Response, error) {
	name := r.Method + " " + r.URL.Path
	if d.life.over() {
		return nil, errDead
	}
	if d.points.pass(name + " before") {
		d.life.strike()
		return nil, errDead
	}
	resp, err := d.RoundTripper.RoundTrip(r)
	if d.points.pass(name + " after") {
		d.life.strike()
	}
	if err == nil && d.life.over() {
		_ = resp.Body.Close() // nobody is there to read it
		return nil, errDead
	}
	return resp, err
}

// marking is the way to a vendor. What is asked for there has been noted on disk before.
type marking struct {
	http.RoundTripper
	w *talkWorld
}

func (m marking) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		return m.RoundTripper.RoundTrip(r)
	}
	deeds, err := m.w.app.Store.Intents(r.Context(), approvals.KindDeed+"/")
	if err != nil || !slices.ContainsFunc(deeds, func(in outbox.Intent) bool { return len(in.Note) > 0 }) {
		m.w.t.Errorf("the vendor is asked without a mark on disk (%v)", err)
	}
	return m.RoundTripper.RoundTrip(r)
}

// inTalk runs f in a bubble with the neighbours seeded and the program not yet started.
func inTalk(t *testing.T, config string, f func(w *talkWorld)) { inScene(t, t, config, f) }

// inScene is inTalk with another examiner than the test itself.
func inScene(t *testing.T, ex examiner, yml string, f func(w *talkWorld)) {
	synctest.Test(t, func(t *testing.T) {
		cfg, problems := config.Parse("usher.yml", []byte(yml))
		require.Empty(t, problems)
		w := &talkWorld{t: ex, cfg: cfg, dir: ramdisk.Folder(t), logs: &errorLog{}}
		complain := func(s string) { ex.Errorf("violation: %s", s) }
		w.n = demo.NewNeighbours(slacksim.Options{Violation: complain, Scopes: web.Scopes()}, vendorsim.Options{Seats: 25, Violation: complain})
		w.n.Slack.SeedDemo()
		defer func() {
			w.end()
			require.NoError(t, w.n.Close())
			synctest.Wait()
		}()
		defer forgive()
		f(w)
	})
}

// start begins a life of the program and waits until it hears.
func (w *talkWorld) start() {
	w.t.Helper()
	w.begin()
	for range 300 {
		if w.n.Slack.Connections() >= 2 || w.life.over() {
			break
		}
		w.pass(100 * time.Millisecond)
	}
	if w.n.Slack.Connections() < 1 && !w.life.over() {
		w.t.Fatalf("the bot is not connected")
	}
}

func (w *talkWorld) begin() {
	w.t.Helper()
	w.life = &life{nets: []*pipenet.Listener{w.n.SlackNet, w.n.VendorNet}}
	now := w.life
	around := w.n.Surroundings()
	around.SlackHTTP.Transport = transport{around.SlackHTTP.Transport, now, &w.points}
	around.VendorHTTP.Transport = transport{marking{around.VendorHTTP.Transport, w}, now, &w.points}
	dial := around.SlackDial
	around.SlackDial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if now.over() {
			return nil, errDead
		}
		return dial(ctx, network, addr)
	}
	around.Store.Hook = func(place string) error {
		if now.over() {
			return errDead
		}
		if w.points.pass(place) {
			now.strike()
			return errDead
		}
		return nil
	}
	if w.alter != nil {
		w.alter(&around)
	}
	log := slog.New(lifeLog{w.logs, now})
	if w.diary != nil {
		log = logging.New(w.diary, "info")
	}
	a, err := app.New(w.cfg, w.n.Env(), around, app.Options{DataDir: w.dir, Log: log})
	require.NoError(w.t, err)
	ctx, stop := context.WithCancel(context.Background())
	w.app, w.stop, w.over = a, stop, make(chan error, 1)
	go func() { w.over <- a.Run(ctx) }()
}

// end stops the program as SIGTERM does.
func (w *talkWorld) end() {
	if w.app == nil {
		return
	}
	w.stop()
	if err := <-w.over; err != nil && !w.life.over() {
		w.t.Errorf("the program ended badly: %v", err)
	}
	w.app = nil
}

// crash stops it as SIGKILL does: nothing that was under way has any effect from now on.
func (w *talkWorld) crash() {
	w.life.strike()
	w.end()
}

// lose takes the data folder away. The next life makes a fresh one.
func (w *talkWorld) lose() {
	w.end()
	require.NoError(w.t, os.RemoveAll(w.dir))
}

// pass lets time go by.
func (w *talkWorld) pass(d time.Duration) { <-time.After(d); synctest.Wait() }

// check holds the database to its invariants.
func (w *talkWorld) check() {
	w.t.Helper()
	if w.app == nil {
		w.start()
	}
	require.NoError(w.t, w.app.Store.Check(context.Background()))
}

// recorder is an examiner that remembers failures instead of failing.
type recorder struct {
	mu    sync.Mutex
	wrong []string
}

type gaveUp struct{}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wrong = append(r.wrong, strings.TrimSpace(fmt.Sprintf(format, args...)))
}

// FailNow ends the scene, which the bubble's own function catches.
func (r *recorder) FailNow() { panic(gaveUp{}) }

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	r.FailNow()
}

func (r *recorder) findings() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.wrong
}

// forgive ends a scene that a recorder gave up.
func forgive() {
	if p := recover(); p != nil {
		if _, ours := p.(gaveUp); !ours {
			panic(p)
		}
	}
}

// errorLog collects lines of level error, for the law that an error nobody announced fails a talk.
type errorLog struct {
	mu     sync.Mutex
	errors []string
}

// Enabled implements slog.Handler.
func (l *errorLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }

// WithAttrs implements slog.Handler.
func (l *errorLog) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup implements slog.Handler.
func (l *errorLog) WithGroup(string) slog.Handler { return l }

// Handle implements slog.Handler.
func (l *errorLog) Handle(ctx context.Context, r slog.Record) error {
	var b bytes.Buffer
	if err := slog.NewTextHandler(&b, nil).Handle(ctx, r); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.errors = append(l.errors, strings.TrimSpace(b.String()))
	return nil
}

// lifeLog is the log of one life; what a life says after its end is not heard.
type lifeLog struct {
	*errorLog
	life *life
}

// Handle implements slog.Handler.
func (l lifeLog) Handle(ctx context.Context, r slog.Record) error {
	if l.life.over() {
		return nil
	}
	return l.errorLog.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (l lifeLog) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup implements slog.Handler.
func (l lifeLog) WithGroup(string) slog.Handler { return l }

// take returns the lines collected since it was last called.
func (l *errorLog) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.errors
	l.errors = nil
	return out
}

// aim sets the place, from now on, at which the life is struck; 0 is none.
func (p *points) aim(ahead int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = 0
	if ahead > 0 {
		p.at = p.n + ahead
	}
}

func (p *points) aimed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at > p.n
}
