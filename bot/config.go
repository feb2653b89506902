package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// Token is a Slack token; it prints as [secret].
type Token string

const secret = "[secret]"

// String is [secret].
func (Token) String() string { return secret }

// GoString is [secret].
func (Token) GoString() string { return secret }

// LogValue is [secret].
func (Token) LogValue() slog.Value { return slog.StringValue(secret) }

// MarshalJSON is "[secret]".
func (Token) MarshalJSON() ([]byte, error) { return json.Marshal(secret) }

// DialFunc opens a network connection, as net.Dialer.DialContext does.
type DialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// Config is what it takes to reach a workspace. Zero values of the numbers mean the defaults.
type Config struct {
	BotToken Token
	AppToken Token
	// APIURL is the root of the Web API, ending in a slash; "" is Slack's own.
	APIURL string
	// HTTP must time out by itself; 10 s is what the design asks for.
	HTTP *http.Client
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

func (c Config) withDefaults() Config {
	if c.APIURL == "" {
		c.APIURL = "https://slack.com/api/"
	}
	if !strings.HasSuffix(c.APIURL, "/") {
		c.APIURL += "/"
	}
	c.HTTP = unled(c.HTTP)
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
