package bot

import (
	"context"
	"log/slog"
	"net"
	"time"
)

// DialFunc opens a network connection, as net.Dialer.DialContext does.
type DialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// Config is what the ear needs beside Slack's Web API. Zero values of the numbers mean the defaults.
type Config struct {
	// Dial opens the Socket Mode connections; nil is the network, through the environment's proxy.
	Dial DialFunc
	Now  func() time.Time
	Log  *slog.Logger
	// Connections is how many Socket Mode connections are kept open; Slack allows ten for an app.
	Connections int
	// Others is how many more of these connections are known to be other replicas'; nil: there are none.
	Others func() int
	// Standstill notices that the whole program stood still; nil: it never does.
	Standstill *Standstill
	// Workers is how many envelopes are handled at once in each lane, four times as many in that of commands; Queue how many more may wait there.
	Workers int
	Queue   int
	// PingEvery is how often each connection is pinged; one that brings nothing for three times as long, no answer, no ping
	// of Slack's, no frame, is dead. Slack's own pings are a habit, not a promise, and a proxy may swallow them.
	PingEvery time.Duration
	// Follow is told of each envelope that is taken in hand: of what kind it is, what it says, and when it was heard. With gives a
	// context, now or in another lane, what the log and who traces it go by; done is called once, when there is nothing left
	// to do before its ack. Nil: nobody follows.
	Follow func(kind, typ string, heard time.Time) (with func(context.Context) context.Context, done func(acked bool))
}

// nobody follows.
func nobody(string, string, time.Time) (with func(context.Context) context.Context, done func(bool)) {
	return func(ctx context.Context) context.Context { return ctx }, func(bool) {}
}

// silence is how long a connection may bring nothing.
func (c Config) silence() time.Duration { return 3 * c.PingEvery }

// How many connections there are, and workers and places in each lane, and pings, when Config does not say.
const (
	// DefaultConnections is how many Socket Mode connections are kept open where nobody says.
	DefaultConnections = 2
	defaultWorkers     = 16
	defaultQueue       = 256
	defaultPingEvery   = 5 * time.Second

	// asksAtOnce is how many times as many commands as clicks are in hand at once: a command mostly waits for the commit that it shares with
	// the others.
	asksAtOnce = 4

	// MostConnections is how many Slack allows to all that use the app.
	MostConnections = slackMost
)

func (c Config) withDefaults() Config {
	orDefault(&c.Connections, DefaultConnections)
	orDefault(&c.Workers, defaultWorkers)
	orDefault(&c.Queue, defaultQueue)
	orDefault(&c.PingEvery, defaultPingEvery)
	if c.Others == nil {
		c.Others = func() int { return 0 }
	}
	if c.Follow == nil {
		c.Follow = nobody
	}
	return c
}

func orDefault[N int | time.Duration](n *N, otherwise N) {
	if *n <= 0 {
		*n = otherwise
	}
}
