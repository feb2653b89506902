// Package okta is a typed client of one of Okta's lists: everybody, and how far they are.
//
// Its one idea: the list is whole or it is an error. Okta answers in pages of 200 and names the next page in the header Link; and its
// list of users leaves out those who were deactivated (developer.okta.com, "List all users": "Returns all users that don't have a
// DEPROVISIONED status"). So it is read twice: everybody first, then by a filter those who were deactivated. In this order nobody
// slips through between the two; who stands in both was deactivated meanwhile, and the later says so.
//
//	client.go   the client and its token, which is sent as "SSWS" (an API token carries the rights of the admin who made it)
//	users.go    the list, page by page
//	limits.go   the rate limit, which Okta counts for the whole organization: others live on it too
//
// An address is taken as somebody's where an admin or a verified change put it there: the login and the primary address. The secondary
// address is anybody's own to write, so it proves nothing and isn't read.
//
// It stands in the room apiclient and imports nothing else of ours. It has no rules: what a status means for what somebody holds is for
// its callers.
package okta

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/fetch"
)

// Config is what a Client needs. BaseURL, Token, Now and Random are required.
type Config struct {
	BaseURL   string           // https://acme.okta.com; http on this machine
	AllowHTTP bool             // take plain http for any host (in-memory networks of tests)
	Token     apiclient.Secret // an API token of a read-only admin
	HTTP      *http.Client     // its Transport is used; nil: the default transport
	Now       func() time.Time
	Random    io.Reader
	Timeout   time.Duration // of one try; 0: 30 s
	Log       *slog.Logger  // nil: none
}

// Client reads one organization. It may be used by many goroutines at once.
type Client struct {
	base  *url.URL
	token apiclient.Secret
	read  *fetch.Reader
	now   func() time.Time
}

// New returns a Client. Its errors are mistakes of configuration; no network is touched.
func New(cfg Config) (*Client, error) {
	base, err := apiclient.BaseURL(cfg.BaseURL, cfg.AllowHTTP)
	if err != nil {
		return nil, err
	}
	token := cfg.Token.Reveal()
	switch {
	case token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return nil, errors.New("read token: it is empty or has characters that no token has")
	case cfg.Now == nil || cfg.Random == nil:
		return nil, errors.New("set up client: Now and Random are required")
	}
	return &Client{base: base, token: cfg.Token, now: cfg.Now,
		read: &fetch.Reader{HTTP: fetch.Plain(cfg.HTTP), Now: cfg.Now, Random: cfg.Random, Timeout: cfg.Timeout, Log: cfg.Log}}, nil
}
