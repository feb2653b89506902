package world

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/logging"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
)

// life is one run of the program until it ends. Once it is over nothing of it has any effect: no
// commit is made, no call goes out, no connection is opened or written to.
type life struct {
	mu   sync.Mutex
	dead bool
	// first: it isn't a replica, and is never paused.
	first bool
	// still is closed when it goes on; nil: it isn't paused. last is until when it could do anything.
	still chan struct{}
	last  time.Time
	nets  []*pipenet.Listener
	// lines are its own connections, where others must keep theirs.
	lines []net.Conn
}

var errDead = errors.New("this life of the program is over")

// Strike ends it, as SIGKILL does.
func (l *life) Strike() {
	l.mu.Lock()
	if !l.dead && l.still == nil {
		l.last = time.Now()
	}
	l.dead = true
	lines := l.lines
	l.lines = nil
	l.mu.Unlock()
	for _, n := range l.nets {
		n.Break()
	}
	for _, c := range lines {
		_ = c.Close()
	}
	l.goOn()
}

func (l *life) Over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dead
}

// pause stops it, as SIGSTOP does: what is on its way arrives, nothing new goes out, and nothing is heard.
func (l *life) pause() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.still == nil && !l.dead {
		l.still, l.last = make(chan struct{}), time.Now()
	}
}

// Last implements manystore.Pulse.
func (l *life) Last() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead || l.still != nil {
		return l.last
	}
	return time.Time{}
}

// goOn lets it go on, as SIGCONT does.
func (l *life) goOn() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.still != nil {
		close(l.still)
		l.still = nil
	}
}

// Gate implements manystore.Pulse.
func (l *life) Gate() error {
	for {
		l.mu.Lock()
		still, dead := l.still, l.dead
		l.mu.Unlock()
		if dead {
			return errDead
		}
		if still == nil {
			return nil
		}
		<-still
	}
}

// transport is the way out of one life: each call has a place before it and one after its effect.
type transport struct {
	http.RoundTripper
	life   *life
	points *points
}

func (d transport) RoundTrip(r *http.Request) (*http.Response, error) {
	name := r.Method + " " + r.URL.Path
	if d.life.Over() {
		return nil, errDead
	}
	if d.points.strikes(d.life, name+" before") {
		return nil, errDead
	}
	resp, err := d.RoundTripper.RoundTrip(r)
	d.points.strikes(d.life, name+" after")
	if err == nil && d.life.Over() {
		_ = resp.Body.Close() // nobody is there to read it
		return nil, errDead
	}
	return resp, err
}

// marking is the way to a vendor. What is asked for there has been noted on disk before.
type marking struct {
	http.RoundTripper
	w *World
	p *program
}

func (m marking) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		return m.RoundTripper.RoundTrip(r)
	}
	deeds, err := m.p.app.Store.Intents(r.Context(), approvals.KindDeed+"/")
	ends, err2 := m.p.app.Store.Intents(r.Context(), approvals.KindEnd+"/")
	deeds, err = append(deeds, ends...), errors.Join(err, err2)
	if err != nil || !slices.ContainsFunc(deeds, func(in outbox.Intent) bool { return len(in.Note) > 0 }) {
		m.w.T.Errorf("the vendor is asked without a mark on disk (%v)", err)
	}
	return m.RoundTripper.RoundTrip(r)
}

// program is one life of the program in a world.
type program struct {
	app  *app.App
	life *life
	stop context.CancelFunc
	over chan error
}

// program begins a life of the program; born hears of it before anything of it has an effect.
func (w *World) program(born func(*program)) *program {
	w.T.Helper()
	p := &program{life: &life{}, over: make(chan error, 1)}
	if w.Shared == nil {
		p.life.nets = []*pipenet.Listener{w.N.SlackNet, w.N.VendorNet}
	}
	born(p)
	around := w.around(p)
	log := slog.New(lifeLog{w.Logs, p.life})
	if w.Diary != nil {
		log = logging.New(w.Diary, "info")
	}
	a, err := app.New(context.Background(), w.Cfg, w.env(), around, app.Options{DataDir: w.Dir, Log: log})
	require.NoError(w.T, err)
	ctx, stop := context.WithCancel(context.Background())
	p.app, p.stop = a, stop
	go func() { p.over <- a.Run(ctx) }()
	return p
}

// around is what a life stands in.
func (w *World) around(p *program) app.Surroundings {
	now := p.life
	around := w.N.Surroundings()
	around.Kinds = w.Kinds
	around.Between.Ear = func(c *bot.Config) { c.PingEvery = time.Minute } // days are long enough
	around.SlackHTTP.Transport = transport{around.SlackHTTP.Transport, now, &w.Points}
	around.VendorHTTP.Transport = transport{marking{around.VendorHTTP.Transport, w, p}, now, &w.Points}
	dial := around.SlackDial
	around.SlackDial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if now.Over() {
			return nil, errDead
		}
		return dial(ctx, network, addr)
	}
	around.Store.Hook = func(place string) error {
		if now.Over() {
			return errDead
		}
		if w.Points.strikes(now, place) {
			return errDead
		}
		return nil
	}
	w.reached(&around, now)
	w.traced(&around, now)
	if w.Alter != nil {
		w.Alter(&around)
	}
	if w.Shared != nil {
		w.share(&around, now)
	}
	return around
}

// share has a life keep what others keep too, and lets it be paused.
func (w *World) share(around *app.Surroundings, now *life) {
	database := w.Shared
	around.Opens = func(opt bolt.Options) (store.Store, error) { return database.Open(opt, now) }
	around.SlackHTTP.Transport = gated{around.SlackHTTP.Transport, now}
	around.VendorHTTP.Transport = gated{around.VendorHTTP.Transport, now}
	dial := around.SlackDial
	around.SlackDial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if err := now.Gate(); err != nil {
			return nil, err
		}
		c, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		now.mu.Lock()
		now.lines = append(now.lines, c)
		now.mu.Unlock()
		return gatedConn{c, now}, nil
	}
}

// gated is a way out that is shut while a life is paused: no call is begun, and no answer is heard.
type gated struct {
	http.RoundTripper
	life *life
}

func (g gated) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := g.life.Gate(); err != nil {
		return nil, err
	}
	resp, err := g.RoundTripper.RoundTrip(r)
	if over := g.life.Gate(); over != nil && err == nil {
		_ = resp.Body.Close()
		return nil, over
	}
	return resp, err
}

// gatedConn is a connection on which nothing is heard while a life is paused.
type gatedConn struct {
	net.Conn
	life *life
}

func (c gatedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if over := c.life.Gate(); over != nil {
		return 0, over
	}
	return n, err
}
