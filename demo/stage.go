package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/sim/wire"
	"github.com/usherbot/usher/store/postgres"
)

// Setting is what a demo begins with.
type Setting struct {
	// Addr is where its page is served, as HOST:PORT; "": at the first port from 3000 on that is free.
	Addr string
	// Data is the folder in which the bot keeps everything; "": a fresh one, which goes when the demo ends.
	Data string
	// Database is the address of a PostgreSQL database, empty or a demo's own: there are three bots then, each a process of its own, that share it,
	// and Data has their sockets alone. "": one bot, with a file.
	Database apiclient.Secret
	// Own are apps of another configuration: those that people set up can be asked for too.
	Own []config.AppConfig
	Log *slog.Logger
	// Bot begins the bot's lives; nil: in this process.
	Bot Begin
}

// Stage is a demo under way.
type Stage struct {
	Slack  *slacksim.Server
	Vendor *vendorsim.Vendor

	log      *slog.Logger
	clock    *clock
	listener net.Listener
	crowded  bool   // it isn't the port that it would have been
	folder   string // to be removed at the end; "": none
	database apiclient.Secret
	passed   *wire.Log
	servers  []*http.Server
	serving  sync.WaitGroup
	bots     bots
	began    time.Time   // by the demo's clock
	down     atomic.Bool // the vendor, until all is mended
	jumping  sync.Mutex  // one at a time
	own      []config.AppConfig
	staff    []string
}

// Run is `usher demo`: the bot beside its neighbours, and a page to use it with, until ctx ends.
func Run(ctx context.Context, setting Setting, out io.Writer) error {
	s, err := Open(ctx, setting)
	if err != nil {
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return nil // told to end before it had begun
		}
		return err
	}
	welcome(out, s.listener.Addr().String(), s.crowded)
	if s.database != "" {
		fmt.Fprintf(out, "Three bots share %s. Kill any of them at http://%s/break\n", postgres.Name(s.database), s.listener.Addr())
	}
	return s.Serve(ctx)
}

// Open begins a demo: the neighbours, then the bot, which is there once this returns, and hears. Serve has to follow.
func Open(ctx context.Context, setting Setting) (*Stage, error) {
	s := &Stage{log: setting.Log, clock: &clock{}, began: time.Now()}
	s.passed = wire.New(s.clock.Now)
	cfg, err := configured(nil)
	if err != nil {
		return nil, err
	}
	s.own = offered(cfg.Apps, setting.Own)
	if s.listener, s.crowded, err = listen(setting.Addr); err != nil {
		return nil, err
	}
	if setting.Data == "" {
		if s.folder, err = os.MkdirTemp("", "usher-demo-"); err != nil {
			return nil, s.without(fmt.Errorf("make a folder for the demo: %w", err))
		}
		setting.Data = s.folder
	}
	if s.database = setting.Database; s.database != "" {
		if err := takeUp(ctx, s.database, s.began, setting.Log); err != nil {
			return nil, s.without(err)
		}
	}
	birth := Birth{Data: setting.Data, Anew: true}
	if birth.Slack, birth.Vendor, err = s.settle(); err != nil {
		return nil, s.without(err)
	}
	if setting.Bot == nil {
		setting.Bot = inside(setting.Own, setting.Log)
	}
	s.bots = s.hire(setting, birth)
	err = s.bots.first(ctx)
	if err == nil {
		err = s.firstHears(ctx)
	}
	if err != nil {
		s.bots.end()
		return nil, s.without(err)
	}
	return s, nil
}

// hears waits until bots hear what people say: as many connections as there are to be bots.
func (s *Stage) hears(ctx context.Context) error {
	changed, stop := s.Slack.Subscribe()
	defer stop()
	for s.Slack.Connections() < s.bots.up() {
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// firstHears is hears of the first life, whose end is the demo's.
func (s *Stage) firstHears(ctx context.Context) error {
	listening, stop := context.WithCancel(ctx)
	defer stop()
	life := s.bots[0].living()
	go func() {
		select {
		case <-life.Over():
			stop()
		case <-listening.Done():
		}
	}()
	if err := s.hears(listening); err != nil {
		return errors.Join(ended(life), ctx.Err())
	}
	return nil
}

// settle has the neighbours move in, and says where they can be called.
func (s *Stage) settle() (slack, vendor string, err error) {
	s.Slack = slacksim.New(slacksim.Options{Scopes: web.Scopes(), Events: web.Events(), // as manifest.yml has it
		Now: s.clock.Now, Wire: s.passed, Seed: rand.Uint64()}) // another run's ids would look like redeliveries of what the folder holds
	s.Vendor = vendorsim.New(vendorsim.Options{Seats: 25, Now: s.clock.Now, Wire: s.passed})
	s.Slack.SeedDemo()
	s.Slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Name: "Team leads", Users: []string{"U0BOB", "U0ERIN", "U0ADMIN"}}) // Carol decides what Bob asks for
	s.staff = moveIn(s.Slack)
	chat(s.Slack)
	vendorsim.SeedDemo(s.Vendor)
	if err := s.Vendor.LoadMembers(members); err != nil {
		return "", "", err
	}
	if slack, err = s.serveAt(loopback, onlyAs(slackHost, s.Slack)); err != nil {
		return "", "", fmt.Errorf("serve the demo's Slack: %w", err)
	}
	if vendor, err = s.serveAt(loopback, onlyAs(vendorHost, s.Vendor)); err != nil {
		return "", "", fmt.Errorf("serve the demo's vendor: %w", err)
	}
	return slack, vendor, nil
}

// serveAt listens at an address and serves there.
func (s *Stage) serveAt(address string, h http.Handler) (at string, err error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	s.serve(l, h)
	return l.Addr().String(), nil
}

func (s *Stage) serve(l net.Listener, h http.Handler) {
	web := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	s.servers = append(s.servers, web)
	s.serving.Go(func() { _ = web.Serve(l) }) // it ends with close
}

// Address is where the page is.
func (s *Stage) Address() string { return "http://" + s.listener.Addr().String() }

// Serve has the page there and the bot alive until ctx ends. The bot goes before its neighbours, of whom it may still want something.
func (s *Stage) Serve(ctx context.Context) error {
	s.serve(s.listener, s.door())
	return s.without(s.bots.keep(ctx))
}

// without is err, after all that there is of the demo has ended.
func (s *Stage) without(err error) error {
	if s.Slack != nil {
		s.Slack.Close()
	}
	for _, web := range s.servers {
		err = errors.Join(err, web.Close())
	}
	if closed := s.listener.Close(); !errors.Is(closed, net.ErrClosed) { // as it is where it was served at
		err = errors.Join(err, closed)
	}
	s.serving.Wait()
	if s.folder != "" {
		err = errors.Join(err, os.RemoveAll(s.folder))
	}
	return err
}
