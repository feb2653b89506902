// Package entra is a typed client of one of Microsoft Graph's lists: everybody in a tenant of Entra ID, and what changed since.
//
// Its one idea: a delta is only worth something behind a whole. Graph's users/delta begins with everybody, page by page, and ends with a
// deltaLink; asked by that it answers with what changed since (learn.microsoft.com/graph/delta-query-users). So what is read is either
// the whole (Changes.Full) or changes of a whole that the caller has kept; and where Graph has forgotten the link (410 Gone, or
// syncStateNotFound: it keeps one for seven days), everybody is read anew.
//
//	client.go   the client and its token, by client credentials, new for each reading
//	users.go    the list: pages, changes, removals
//	refused.go  what Graph's errors mean
//
// An address is taken as somebody's where the tenant gave it: the user principal name, mail, and the smtp: addresses of
// proxyAddresses. otherMails are anybody's own to write and aren't read. When somebody was switched off Graph doesn't say; it is known from
// the day on which it was first seen. Managers aren't read: a delta can't expand them.
//
// It stands in the room apiclient and imports nothing else of ours. It has no rules.
package entra

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/fetch"
)

// The hosts of the global service. National clouds have others.
const (
	DefaultBaseURL  = "https://graph.microsoft.com"
	DefaultLoginURL = "https://login.microsoftonline.com"
)

// Config is what a Client needs. Tenant, ClientID, Secret, Now and Random are required.
type Config struct {
	BaseURL, LoginURL string // "": the global service
	AllowHTTP         bool   // take plain http for any host (in-memory networks of tests)
	Tenant            string // the directory's id, or a domain of it
	ClientID          string
	Secret            apiclient.Secret // of an app with the application permission User.Read.All
	HTTP              *http.Client     // its Transport is used; nil: the default transport
	Now               func() time.Time
	Random            io.Reader
	Timeout           time.Duration // of one try; 0: 30 s
	Log               *slog.Logger  // nil: none
}

// Client reads one tenant. It may be used by many goroutines at once.
type Client struct {
	base    *url.URL
	login   clientcredentials.Config
	secret  apiclient.Secret
	http    *http.Client
	read    *fetch.Reader
	now     func() time.Time
	timeout time.Duration
}

// New returns a Client. Its errors are mistakes of configuration; no network is touched.
func New(cfg Config) (*Client, error) {
	base, err := apiclient.BaseURL(orDefault(cfg.BaseURL, DefaultBaseURL), cfg.AllowHTTP)
	if err != nil {
		return nil, err
	}
	login, err := apiclient.BaseURL(orDefault(cfg.LoginURL, DefaultLoginURL), cfg.AllowHTTP)
	if err != nil {
		return nil, err
	}
	odd := func(s string) bool {
		return s == "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
	}
	switch {
	case odd(cfg.Tenant) || strings.ContainsAny(cfg.Tenant, "/?#%\\") || strings.Trim(cfg.Tenant, ".") == "":
		return nil, errors.New("read tenant: it is empty or no tenant's id or domain")
	case odd(cfg.ClientID), odd(cfg.Secret.Reveal()):
		return nil, errors.New("read client: its id or its secret is empty or has characters that none has")
	case cfg.Now == nil || cfg.Random == nil:
		return nil, errors.New("set up client: Now and Random are required")
	}
	plain := fetch.Plain(cfg.HTTP)
	return &Client{base: base, secret: cfg.Secret, http: plain, now: cfg.Now, timeout: orDefault(cfg.Timeout, 30*time.Second),
		login: clientcredentials.Config{ClientID: cfg.ClientID, ClientSecret: cfg.Secret.Reveal(), Scopes: []string{base.Scheme + "://" + base.Host + "/.default"},
			TokenURL: login.JoinPath(cfg.Tenant, "oauth2/v2.0/token").String(), AuthStyle: oauth2.AuthStyleInParams},
		read: &fetch.Reader{HTTP: plain, Now: cfg.Now, Random: cfg.Random, Timeout: cfg.Timeout, Log: cfg.Log}}, nil
}

// token asks for one. It lasts an hour, and a reading takes minutes, so each has its own.
func (c *Client) token(ctx context.Context) (apiclient.Secret, error) {
	return c.read.Token(ctx, fetch.Ask{Op: "sign in to Entra ID", Secrets: []apiclient.Secret{c.secret}, Source: c.login.TokenSource})
}

func orDefault[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}
