package slacksim

import (
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/sim/wire"
)

// Options shape a simulated workspace. The zero value is a strict one: every
// rule of the real Slack that can be switched off is on.
type Options struct {
	// Now is the clock by which messages are stamped and tickets expire; nil is
	// the real one. Waiting always uses timers of package time, so that inside a
	// testing/synctest bubble both agree.
	Now func() time.Time
	// Seed chooses the ids and which connection gets which envelope.
	Seed uint64
	// BotToken and AppToken are the only tokens accepted, until others are issued.
	// Defaults: xoxb-slacksim, xapp-slacksim.
	BotToken, AppToken string
	// Scopes are those of the bot token; nil is every scope that a method asks for.
	Scopes []string
	// AppScopes are those of the app token; nil is connections:write.
	AppScopes []string
	// Commands that are installed; nil is /access with should_escape.
	Commands []Command
	// Shortcuts that are installed; nil is a global one, request, and one for messages, request_for_author.
	Shortcuts []Shortcut
	// Events the app subscribed to; nil is app_home_opened, app_mention, message.im.
	Events []string
	// Violation hears of each breach of the protocol by the app. It is called
	// with the simulator's lock held and must not call back.
	Violation func(string)

	// PostBurst is how many messages a channel takes at once before the rule of
	// one a second holds; 0 is 3. NoPostLimit switches the rule off.
	PostBurst   int
	NoPostLimit bool
	// AckDeadline is how long an envelope may stay unacknowledged; 0 is 3 s.
	AckDeadline time.Duration
	// AcceptAckAnywhere honours an ack that comes on another connection than the
	// envelope went out on. Nobody knows what Slack does; the default ignores it.
	AcceptAckAnywhere bool
	// PingEvery is how often each connection is pinged; 0 is 10 s, negative is never: a server, or a proxy
	// before one, that leaves that to the client.
	PingEvery time.Duration
	// ConnectionLife is how long a connection lives before Slack recycles it;
	// 0 is 18060 s as Slack says in its hello, negative is for ever.
	ConnectionLife time.Duration
	// GhostLife is how long a half-open connection stays registered; 0 is 5 min
	// (a guess: Slack does not say).
	GhostLife time.Duration
	// CloseTCP closes the TCP connection after the WebSocket's close handshake.
	// The real Slack leaves that to the client.
	CloseTCP bool
	// HomeDisabled switches the App Home tab off.
	HomeDisabled bool
	// KeepsAll is a workspace whose compliance exports let nobody delete a message.
	KeepsAll bool
	// Wire keeps every call and every frame as they passed; nil: nothing is kept.
	Wire *wire.Log
}

// Command is a slash command as the app's manifest declares it.
type Command struct {
	Command      string `json:"command"` // with its slash
	Description  string `json:"description"`
	UsageHint    string `json:"usage_hint"`
	ShouldEscape bool   `json:"should_escape"` // mentions arrive as <@U1|name>
}

// Server is one simulated workspace with one app installed. It is safe for
// concurrent use.
type Server struct {
	mu   sync.Mutex
	opts Options
	rng  *rand.Rand
	done chan struct{} // closed by Close
	wg   sync.WaitGroup

	workspace
	socket
	promises
	faults
	journal
	tokens   map[string]token
	watchers map[chan struct{}]struct{}
	rev      uint64
	servers  []*http.Server
	closed   bool
	handler  http.Handler // everything that Slack answers, as Options.Wire hears it
}

// New makes a workspace with the app's bot user and nobody else in it.
func New(opts Options) *Server {
	s := &Server{opts: withDefaults(opts), done: make(chan struct{}), watchers: map[chan struct{}]struct{}{}}
	s.rng = rand.New(rand.NewPCG(s.opts.Seed, 0x51ac))
	s.handler = s.opts.Wire.Handler(s.heardAs, http.HandlerFunc(s.serve))
	s.workspace = newWorkspace()
	s.socket = newSocket()
	s.promises = newPromises()
	s.faults = newFaults()
	s.tokens = map[string]token{s.opts.BotToken: {kind: botToken}, s.opts.AppToken: {kind: appToken}}
	s.users[BotUser] = &User{ID: BotUser, Name: "usher", RealName: "Usher", DisplayName: "Usher", TZ: "UTC", Bot: true}
	return s
}

func withDefaults(o Options) Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	setDefault(&o.BotToken, "xoxb-slacksim")
	setDefault(&o.AppToken, "xapp-slacksim")
	setDefault(&o.PostBurst, 3)
	setDefault(&o.AckDeadline, 3*time.Second)
	setDefault(&o.PingEvery, 10*time.Second)
	setDefault(&o.ConnectionLife, 18060*time.Second)
	setDefault(&o.GhostLife, 5*time.Minute)
	if o.Scopes == nil {
		o.Scopes = AllScopes()
	}
	if o.AppScopes == nil {
		o.AppScopes = []string{"connections:write"}
	}
	if o.Commands == nil {
		o.Commands = []Command{{Command: "/access", Description: "Ask for a seat, or see who has one",
			UsageHint: "create EMAIL FIRST because …", ShouldEscape: true}}
	}
	if o.Shortcuts == nil {
		o.Shortcuts = []Shortcut{{Name: "Ask for access", Type: GlobalShortcut, CallbackID: "request", Description: "Ask for a seat, for you or somebody else"},
			{Name: "Ask for their access", Type: MessageShortcut, CallbackID: "request_for_author", Description: "Ask for a seat for whoever wrote this"}}
	}
	if o.Events == nil {
		o.Events = []string{"app_home_opened", "app_mention", "message.im"}
	}
	return o
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// ServeHTTP answers everything Slack answers: the Web API under /api/, Socket
// Mode's connections under /link/, uploads, and response URLs.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// heardAs names this Slack to the wire; "" for a path at which it has nothing.
func (s *Server) heardAs(r *http.Request) string {
	for _, begins := range []string{"/api/", "/link/", "/upload/v1/", "/files-pri/", "/commands/", "/actions/"} {
		if strings.HasPrefix(r.URL.Path, begins) {
			return "slack"
		}
	}
	return ""
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat)) // which apps go by
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/api/"):
		s.serveAPI(w, r)
	case strings.HasPrefix(path, "/link/"):
		s.serveLink(w, r)
	case strings.HasPrefix(path, "/upload/v1/"):
		s.serveUpload(w, r)
	case strings.HasPrefix(path, "/files-pri/"):
		s.serveDownload(w, r)
	case strings.HasPrefix(path, "/commands/"), strings.HasPrefix(path, "/actions/"):
		s.serveResponseURL(w, r)
	default:
		http.NotFound(w, r)
	}
}

// Serve answers on l in the background until Close.
func (s *Server) Serve(l net.Listener) {
	srv := &http.Server{Handler: s, ErrorLog: log.New(io.Discard, "", 0)}
	s.mu.Lock()
	s.servers = append(s.servers, srv)
	s.mu.Unlock()
	s.wg.Go(func() {
		if err := srv.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			s.mu.Lock()
			s.violation("serving ended: %v", err)
			s.mu.Unlock()
		}
	})
}

// Close ends every connection, timer and goroutine of the simulator. The state
// can still be read afterwards.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	close(s.done)
	s.stopDeliveries()
	links := s.everyLink()
	servers := s.servers
	s.mu.Unlock()
	for _, l := range links {
		l.hangUp()
	}
	for _, srv := range servers {
		_ = srv.Close() // closing what is already closed is no fault
	}
	s.wg.Wait()
}

// violation notes a breach of the protocol by the app under test.
func (s *Server) violation(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.violations = append(s.violations, text)
	if s.opts.Violation != nil {
		s.opts.Violation(text)
	}
}

// pause waits for d, or less if the caller hangs up or the simulator closes.
// It is called without the lock.
func (s *Server) pause(r *http.Request, d time.Duration) (whole bool) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.done:
	}
	return false
}

// baseURL is the scheme, host and port the request came to: every URL handed
// out carries it, as clients refuse to send a token anywhere else.
func baseURL(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
