// Package bottest is what the tests of bot's rooms share: a simulated Slack beside the room that is tested, and
// where they need one, a desk with a real store behind it. All of it stands in one bubble of testing/synctest, so
// that days pass in a moment.
//
//	Slack ──► the Web API and Socket Mode, in memory, and the log of whoever calls them
//	World ──► a Slack, a store, a desk, an outbox whose deeds are done at once, a vendor of two accounts
//
// It imports none of bot's rooms, so that each of them can use it in the tests inside it: whoever builds a World
// joins the rooms that the test is about.
package bottest

import (
	"bytes"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/slacksim"
)

// The people and places of slacksim's demo workspace.
const (
	Alice, Bob, Carol, Dave, Erin = "U0ALICE", "U0BOB", "U0ADMIN", "U0DAVE", "U0ERIN"
	Cards                         = "C0APPROVE"
	General                       = "C0GENERAL"
)

// Where the simulated Slack is, and the tokens it takes.
const (
	APIURL   = "http://slack.test/api/"
	BotToken = "xoxb-slacksim"
	AppToken = "xapp-slacksim"
)

// Slack is a simulated workspace, and the log of those who call it.
type Slack struct {
	*slacksim.Server
	T    *testing.T
	Wire *pipenet.Listener
	Log  *Logbook
}

// Open begins to serve a demo workspace, until the test ends. Breaches of its protocol fail the test, unless it is lenient.
func Open(t *testing.T, opt slacksim.Options, lenient bool) *Slack {
	t.Helper()
	s := &Slack{T: t, Wire: pipenet.Listen("slack"), Log: &Logbook{}}
	opt.Violation = func(text string) {
		if !lenient {
			t.Errorf("breach of Slack's protocol: %s", text)
		}
	}
	s.Server = slacksim.New(opt)
	s.SeedDemo()
	s.Serve(s.Wire)
	t.Cleanup(func() {
		s.Close()
		s.Wire.Break()
		if t.Failed() {
			t.Log(s.Log)
		}
	})
	return s
}

// HTTP is a client whose every call goes to the workspace.
func (s *Slack) HTTP() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: s.Wire.DialContext, DisableKeepAlives: true}, Timeout: 10 * time.Second}
}

// Pass lets time pass, and everything that then happens happen.
func (s *Slack) Pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// Applied counts the calls of a method that took effect.
func (s *Slack) Applied(method string) int {
	n := 0
	for _, c := range s.CallsOf(method) {
		if c.Applied {
			n++
		}
	}
	return n
}

// Logbook keeps a log; its zero value is ready.
type Logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *Logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is all that was logged.
func (l *Logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Logger writes into the book, of every level.
func (l *Logbook) Logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
