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
	// Workers is how many envelopes are handled at once in each lane, Queue how many more may wait there.
	Workers int
	Queue   int
}

// How many connections there are, and workers and places in each lane, when Config does not say.
const (
	defaultConnections = 2
	defaultWorkers     = 16
	defaultQueue       = 256
)

func (c Config) withDefaults() Config {
	orDefault(&c.Connections, defaultConnections)
	orDefault(&c.Workers, defaultWorkers)
	orDefault(&c.Queue, defaultQueue)
	return c
}

func orDefault(n *int, otherwise int) {
	if *n <= 0 {
		*n = otherwise
	}
}
