// Package seranking is a typed client of SE Ranking's sub-account API, in both of
// its dialects, with the care for that API that belongs to no single caller.
//
// Its one idea: a call ends in a value, or in an apiclient.Error that says whether
// something may have happened. Around that idea:
//
//   - dialect.go holds the one table of addresses, and finds out which dialect is spoken;
//   - request.go sends: paced, bounded in time and size, repeated only where that is safe;
//   - classify.go turns an answer into a Kind of error, words.go finds the vendor's words in it;
//   - decode.go reads what the vendor really sends, which differs from its documents;
//   - list.go, details.go, create.go, update.go, delete.go, sharing.go, sites.go and
//     profile.go are the operations, access.go the table of access codes;
//   - sharing_form.go knows the three forms of a share, sharing_single.go what can be done, and
//     found out, where the vendor takes one website a request.
//
// What the vendor's habits demand of a sharing or an access change is done here and not
// left to callers. Both are replace-all, so Reshare and Update read, merge, write
// and read back under a lock per account. That lock holds within one Client, among the
// clients of one key where a Pool made them (pool.go), and among processes where Config.Locks
// are shared by them (locks.go). Else two processes on one key can overwrite each other's
// shares, and the Lost field of the result is how one would notice.
//
// Vendor facts in comments come from SE Ranking's documents, from its own published
// clients and from its MCP manifest; where these disagree we accept either.
//
// It stands in the room apiclient and imports nothing else of ours. Package provision
// calls it, and alone decides what an answer means for a request.
package seranking

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/usherbot/usher/apiclient"
)

// DefaultBaseURL is the unified API of 2026. The older one is https://api4.seranking.com.
const DefaultBaseURL = "https://api.seranking.com/v1"

// RequestsPerSecond is the default pace. The vendor allows 5 in any second for each
// key; 4, one at a time, leaves room for a jittery network.
const RequestsPerSecond = 4

const (
	defaultReadTimeout  = 30 * time.Second
	defaultWriteTimeout = 60 * time.Second // as long as the vendor's own client waits
	defaultBodyCap      = 1 << 20
	sitesBodyCap        = 16 << 20 // GET /sites has no pages
)

// Config is what a Client needs. Key, Now and Random are required.
type Config struct {
	BaseURL   string           // "": DefaultBaseURL; https, or http on this machine
	AllowHTTP bool             // take plain http for any host (in-memory networks of tests)
	Key       apiclient.Secret // goes into the Authorization header and nowhere else
	Dialect   Dialect          // "": Auto

	HTTP         *http.Client     // its Transport is used; redirects and cookies are switched off. nil: the default transport
	Pace         apiclient.Pace   // clients of the same key share one through a Pool; nil: 4 a second, burst 1
	Locks        apiclient.Locks  // of accounts, beside the locks of this process; nil: there is no other process
	Now          func() time.Time // for Retry-After dates and deadlines
	Random       io.Reader        // passwords and jitter: crypto/rand.Reader outside tests; used by many goroutines at once
	ReadTimeout  time.Duration    // one try of a read; 0: 30 s
	WriteTimeout time.Duration    // one try of a write; 0: 60 s
	BodyCap      int64            // largest answer in bytes; 0: 1 MiB, and 16 MiB for websites
	Log          *slog.Logger     // nil: none. Addresses are logged without query, bodies never
}

// Client speaks to one SE Ranking account. It may be used by many goroutines at once.
type Client struct {
	base     *url.URL
	key      apiclient.Secret
	http     *http.Client
	pace     apiclient.Pace
	shared   apiclient.Locks
	now      func() time.Time
	random   io.Reader
	log      *slog.Logger
	timeouts map[safety]time.Duration
	bodyCap  int64
	sitesCap int64
	dialect  *finder
	accounts *locks
}

// New returns a Client. Its errors are mistakes of configuration; no network is touched.
func New(cfg Config) (*Client, error) {
	if cfg.BaseURL == "" {
		cfg.BaseURL = DefaultBaseURL
	}
	base, err := apiclient.BaseURL(cfg.BaseURL, cfg.AllowHTTP)
	if err != nil {
		return nil, err
	}
	if err := cfg.check(); err != nil {
		return nil, err
	}
	cfg.fill()
	return &Client{
		base: base, key: cfg.Key, http: plainHTTP(cfg.HTTP), pace: cfg.Pace, shared: cfg.Locks,
		now: cfg.Now, random: cfg.Random, log: cfg.Log,
		timeouts: map[safety]time.Duration{read: cfg.ReadTimeout, repeatable: cfg.WriteTimeout, once: cfg.WriteTimeout},
		bodyCap:  orDefault(cfg.BodyCap, defaultBodyCap),
		sitesCap: orDefault(cfg.BodyCap, sitesBodyCap),
		dialect:  newFinder(cfg.Dialect),
		accounts: newLocks(),
	}, nil
}

// Address is the base URL that this client speaks to.
func (c *Client) Address() string { return c.base.String() }

func (cfg *Config) check() error {
	switch key := cfg.Key.Reveal(); {
	case key == "":
		return errors.New("read key: it is empty")
	case strings.ContainsFunc(key, notHeaderSafe):
		return errors.New("read key: it has white space or characters that no key has")
	}
	switch cfg.Dialect {
	case "", Auto, Unified, Legacy:
	default:
		return errors.New("read dialect: expected auto, unified or legacy")
	}
	if cfg.Now == nil || cfg.Random == nil {
		return errors.New("set up client: Now and Random are required")
	}
	return nil
}

func (cfg *Config) fill() {
	cfg.ReadTimeout = orDefault(cfg.ReadTimeout, defaultReadTimeout)
	cfg.WriteTimeout = orDefault(cfg.WriteTimeout, defaultWriteTimeout)
	if cfg.Pace == nil {
		cfg.Pace = rate.NewLimiter(RequestsPerSecond, 1)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{}
	}
}

// plainHTTP follows no redirect, whatever the call: on a write it could repeat or
// lose the deed, and to another host it would carry the key.
func plainHTTP(from *http.Client) *http.Client {
	return &http.Client{
		Transport:     from.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func notHeaderSafe(r rune) bool { return r <= ' ' || r >= 0x7f }

func orDefault[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}
