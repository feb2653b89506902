// Package watch is what machines may ask a running Usher over HTTP: `usher run --listen HOST:PORT`.
//
//	GET /metrics   its numbers, as `usher metrics` prints them
//	GET /healthz   200: the process lives
//	GET /readyz    200: it hears Slack, its store answers, and nothing is long overdue; else 503, and a line for each thing that isn't so
//
// Nothing else is served, and nothing can be decided or changed here: whoever reaches the address may read what it
// says, so it says numbers and kinds, and never a person or a request. The way in that decides is another one, and
// private (control).
//
// A process that is deaf to Slack lives all the same. Whoever kills what isn't ready would restart every Usher with each
// hour that Slack has: that is why there are two questions.
//
// The address is opened before the store is, and closed after it. In between a life may make way for the next (a
// configuration that was read again); Watch says whose numbers are shown, and nil that nobody's are. This room
// knows no other: app hands it what to ask.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"

	"github.com/usherbot/usher/terminal"
)

const (
	// answerWithin is how long one look may take; scrapers give up after ten seconds by themselves.
	answerWithin = 8 * time.Second
	// atOnce is how many looks are taken at a time, and mostConnections how many callers are let in: however many ask,
	// people are served.
	atOnce          = 2
	mostConnections = 64
	// farewell is how long callers in hand may take at the end.
	farewell = 500 * time.Millisecond
)

// Subject is one life of Usher, as it can be asked how it is.
type Subject struct {
	// Metrics writes the numbers in Format, or nothing where one can't be read.
	Metrics func(ctx context.Context, w io.Writer) error
	Format  string
	// Unready says in words what isn't as it has to be; nothing: all is.
	Unready func(ctx context.Context) []string
}

// Server answers at the address. Its zero value, and nil, serve nothing.
type Server struct {
	listener net.Listener
	server   *http.Server
	served   sync.WaitGroup
	subject  atomic.Pointer[Subject]
	stopping atomic.Bool
	looks    chan struct{}
	log      *slog.Logger
}

// Address is nil for what can be listened on: a host that is named, and a port. Without a host everybody would be
// served, and nobody would have said so.
func Address(addr string) error {
	if host, port, err := net.SplitHostPort(addr); err == nil && host != "" && port != "" {
		return nil
	}
	return terminal.Wrong(fmt.Sprintf("usher: --listen is %s; expected HOST:PORT, as in 127.0.0.1:9090, or 0.0.0.0:9090 for other machines too", terminal.Quoted(addr)))
}

// Open listens at addr, and says in the log where; "": nowhere.
func Open(addr string, log *slog.Logger) (*Server, error) {
	if addr == "" {
		return nil, nil
	}
	if err := Address(addr); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("serve metrics and health (--listen takes another address): %w", err)
	}
	s := &Server{listener: l, looks: make(chan struct{}, atOnce), log: log}
	s.server = &http.Server{Handler: s.handler(addr), ReadTimeout: 5 * time.Second, WriteTimeout: answerWithin + 5*time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	s.served.Go(func() {
		if err := s.server.Serve(netutil.LimitListener(l, mostConnections)); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics and health aren't served any more", "at", addr, "err", err)
		}
	})
	log.Info("metrics and health are served", "at", l.Addr().String())
	return s, nil
}

// Addr is where it listens; "": nowhere.
func (s *Server) Addr() string {
	if s == nil || s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// Watch says who is asked from now on; nil: nobody, because one life ends and the next hasn't begun.
func (s *Server) Watch(who *Subject) {
	if s != nil {
		s.subject.Store(who)
	}
}

// Stopping says that the end has begun: Usher still lives, and isn't ready any more.
func (s *Server) Stopping() {
	if s != nil {
		s.stopping.Store(true)
	}
}

// Close lets nobody in any more, and waits a moment for whoever is.
func (s *Server) Close() error {
	if s == nil || s.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	err := s.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.server.Close()
	}
	s.served.Wait()
	if err != nil {
		return fmt.Errorf("stop serving metrics and health: %w", err)
	}
	return nil
}

// unready is what isn't as it has to be, of Usher as it is now.
func (s *Server) unready(ctx context.Context) []string {
	who := s.subject.Load()
	switch {
	case s.stopping.Load():
		return []string{"Usher is stopping"}
	case who == nil:
		return []string{"Usher is starting"}
	}
	return who.Unready(ctx)
}

// lines are sentences, one under the other.
func lines(list []string) string { return strings.Join(list, "\n") + "\n" }
