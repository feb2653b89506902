package web

import (
	"encoding/json"
	"log/slog"
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

// SlackConfig is what it takes to reach a workspace.
type Config struct {
	BotToken Token
	AppToken Token
	// APIURL is the root of the Web API, ending in a slash; "" is Slack's own.
	APIURL string
	// HTTP must time out by itself; 10 s is what the design asks for.
	HTTP *http.Client
	// Profiles says that managers are read from profiles, which takes a scope of its own.
	Profiles bool
	// Files says that people add files to forms, which takes one too.
	Files bool
	// Turns are shared with other processes of this app; nil: there are none.
	Turns Turns
	Now   func() time.Time
	Log   *slog.Logger
}

func (c Config) withDefaults() Config {
	if c.APIURL == "" {
		c.APIURL = "https://slack.com/api/"
	}
	if !strings.HasSuffix(c.APIURL, "/") {
		c.APIURL += "/"
	}
	c.HTTP = unled(c.HTTP)
	return c
}
