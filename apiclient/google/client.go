// Package google is a typed client of one of Google Workspace's lists: everybody in an account, by the Directory API of the Admin SDK.
//
// Its one idea: the list is whole or it is an error. Google gives up to 500 a page and names the next by a pageToken; and an account with
// nobody in it leaves out the member "users" altogether. So what says that it is a list of users (its kind) is one, and nothing else is.
// Those who were deleted are a list of their own (showDeleted; Google keeps them for 20 days), read behind the other.
//
//	client.go   the client and its token: a service account signs for an admin (domain-wide delegation), anew for each reading
//	users.go    the list, page by page
//	refused.go  what Google's errors mean: 403 is both "you may not" and "too fast"
//
// An address is taken as somebody's where the account gave it: the primary address and the aliases. The addresses that people wrote into
// their profile ("emails") prove nothing; only what is needed is asked for at all (fields). Since when somebody is suspended Google
// doesn't say.
//
// It stands in the room apiclient and imports nothing else of ours. It has no rules.
package google

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2/jwt"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/fetch"
)

// The addresses of the service, and the one scope that is asked for.
const (
	DefaultBaseURL  = "https://admin.googleapis.com"
	DefaultTokenURL = "https://oauth2.googleapis.com/token"
	Scope           = "https://www.googleapis.com/auth/admin.directory.user.readonly"
)

// Config is what a Client needs. Key, Subject, Now and Random are required.
type Config struct {
	BaseURL, TokenURL string           // "": Google's
	AllowHTTP         bool             // take plain http for any host (in-memory networks of tests)
	Key               apiclient.Secret // the JSON key file of a service account
	Subject           string           // the admin for whom it reads
	Domain            string           // one domain of the account alone; "": all of them
	HTTP              *http.Client     // its Transport is used; nil: the default transport
	Now               func() time.Time
	Random            io.Reader
	Timeout           time.Duration // of one try; 0: 30 s
	Log               *slog.Logger  // nil: none
}

// Client reads one account. It may be used by many goroutines at once.
type Client struct {
	base   *url.URL
	domain string
	login  jwt.Config
	key    apiclient.Secret
	read   *fetch.Reader
}

// Account is who signs, out of a key file. The token endpoint that such a file names is not used: it would be told where to send
// what the key signs.
type Account struct {
	Type  string `json:"type"`
	Email string `json:"client_email"`
	KeyID string `json:"private_key_id"`
	Key   string `json:"private_key"`
}

// ReadKey reads the JSON key file of a service account. Its errors show nothing of it.
func ReadKey(key apiclient.Secret) (Account, error) {
	var a Account
	if json.Unmarshal([]byte(key.Reveal()), &a) != nil {
		return a, errors.New("read key: it is no JSON; expected the key file of a service account")
	}
	if a.Type != "service_account" || !strings.Contains(a.Email, "@") {
		return a, errors.New("read key: it is none of a service account")
	}
	block, _ := pem.Decode([]byte(a.Key))
	if block == nil {
		return a, errors.New("read key: its private key can't be read")
	}
	if _, err := x509.ParsePKCS8PrivateKey(block.Bytes); err != nil {
		if _, err := x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
			return a, errors.New("read key: its private key can't be read")
		}
	}
	return a, nil
}

// New returns a Client. Its errors are mistakes of configuration; no network is touched.
func New(cfg Config) (*Client, error) {
	if cfg.BaseURL == "" {
		cfg.BaseURL = DefaultBaseURL
	}
	if cfg.TokenURL == "" {
		cfg.TokenURL = DefaultTokenURL
	}
	base, err := apiclient.BaseURL(cfg.BaseURL, cfg.AllowHTTP)
	if err != nil {
		return nil, err
	}
	token, err := apiclient.BaseURL(cfg.TokenURL, cfg.AllowHTTP)
	if err != nil {
		return nil, err
	}
	account, err := ReadKey(cfg.Key)
	switch {
	case err != nil:
		return nil, err
	case !strings.Contains(cfg.Subject, "@"):
		return nil, errors.New("read subject: it is no address of an admin")
	case cfg.Now == nil || cfg.Random == nil:
		return nil, errors.New("set up client: Now and Random are required")
	}
	plain := fetch.Plain(cfg.HTTP)
	return &Client{base: base, domain: cfg.Domain, key: cfg.Key,
		login: jwt.Config{Email: account.Email, PrivateKey: []byte(account.Key), PrivateKeyID: account.KeyID, Subject: cfg.Subject, Scopes: []string{Scope},
			TokenURL: token.String(), Audience: token.String()},
		read: &fetch.Reader{HTTP: plain, Now: cfg.Now, Random: cfg.Random, Timeout: cfg.Timeout, Log: cfg.Log}}, nil
}

// token signs for one.
func (c *Client) token(ctx context.Context) (apiclient.Secret, error) {
	return c.read.Token(ctx, fetch.Ask{Op: "sign in to Google Workspace", Secrets: []apiclient.Secret{c.key}, Source: c.login.TokenSource})
}
