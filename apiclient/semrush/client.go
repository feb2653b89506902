// Package semrush asks Semrush one free question: how many API units are left.
//
// Its one idea: a balance is a number that the vendor wrote, or it is not known.
// The address answers plain text, and what comes instead of a number (a login page, an
// error line such as "ERROR 132 :: API UNITS BALANCE IS ZERO", nothing) must never be read as one:
// a public client that keeps every digit it finds takes that line for 132 units.
//
// The key stands in the query, because the vendor knows no other way here. So no address ever
// reaches an error or a log, redirects are not followed, and the address is https although the
// vendor's documents print http.
//
// It stands in the room apiclient and imports nothing else of ours. One question makes one
// request: whoever polls asks again later, and keeps the last balance and its age meanwhile.
//
// Who asks is provision/semrush, for package units, where an app's units are watched. Seats there are not in reach
// of any program, because Semrush has no API of its users: a request for one is a task for a person.
package semrush

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/usherbot/usher/apiclient"
)

// DefaultBaseURL is the host of the balance, which is not the host of the API.
const DefaultBaseURL = "https://www.semrush.com"

const (
	balancePath    = "users/countapiunits.html"
	defaultTimeout = 30 * time.Second
	bodyCap        = 64 << 10 // a balance has a dozen characters; this holds the head of a web page
)

// Config is what a Client needs. Key is required.
type Config struct {
	BaseURL   string           // "": DefaultBaseURL; https, or http on this machine
	AllowHTTP bool             // take plain http for any host (in-memory networks of tests)
	Key       apiclient.Secret // a key of API version 3
	HTTP      *http.Client     // its Transport is used; nil: the default transport
	Timeout   time.Duration    // of one question; 0: 30 s
}

// Client asks for one key's balance. It may be used by many goroutines at once.
type Client struct {
	base    *url.URL
	key     apiclient.Secret
	http    *http.Client
	timeout time.Duration
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
	key := cfg.Key.Reveal()
	if key == "" || strings.ContainsAny(key, " \t\r\n") {
		return nil, errors.New("read key: it is empty or has white space in it")
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{}
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = defaultTimeout
	}
	return &Client{base: base, key: cfg.Key, http: plainHTTP(cfg.HTTP), timeout: cfg.Timeout}, nil
}

// plainHTTP follows no redirect: the next address could carry the key elsewhere, and what
// this address redirects to is a login page.
func plainHTTP(from *http.Client) *http.Client {
	return &http.Client{
		Transport:     from.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// EndOfVersion3 is the last day of the API version that the balance belongs to, as announced when it was deprecated on
// Deprecated: "end of 2027". The exact day is to be announced three months ahead.
var (
	Deprecated    = time.Date(2026, time.November, 16, 0, 0, 0, 0, time.UTC)
	EndOfVersion3 = time.Date(2027, time.December, 31, 0, 0, 0, 0, time.UTC)
)

// KeyWarning returns a sentence for the operator if the key looks like one of API version 4,
// which this address does not take, and "" otherwise. The shape is reported by third
// parties only, so it warns and does not refuse.
func KeyWarning(key apiclient.Secret) string {
	if strings.HasPrefix(key.Reveal(), "semrtkn-") {
		return "this looks like a Semrush key of API version 4; the unit balance needs the version 3 key (Subscription info > API units)"
	}
	return ""
}

// Units returns the API units left. Asking costs none. Its errors are apiclient.Errors: NotAllowed
// for a key that is not taken, LimitReached where the vendor says that the balance is zero or a limit is used up, Temporary
// where nothing readable came. An error is never a balance of 0.
func (c *Client) Units(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	u := c.base.JoinPath(balancePath)
	u.RawQuery = url.Values{"key": {c.key.Reveal()}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return 0, c.fail(apiclient.Rejected, 0, "", err)
	}
	req.Header.Set("User-Agent", "usher")
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, c.fail(apiclient.Temporary, 0, "", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, bodyCap))
	if err != nil {
		return 0, c.fail(apiclient.Temporary, resp.StatusCode, "", err)
	}
	return c.judge(resp.StatusCode, string(body))
}

func (c *Client) fail(k apiclient.Kind, status int, words string, cause error) error {
	return &apiclient.Error{
		Op: "read unit balance", Kind: k, Status: status,
		Words: apiclient.Redact(words, c.key), Err: apiclient.Clean(cause, c.key),
	}
}

// judge reads the body first and the status second: the vendor was seen to send the same
// error line with 200 and with 403.
func (c *Client) judge(status int, body string) (int64, error) {
	if line, ok := errorLine(body); ok {
		return 0, c.fail(kindOfLine(line), status, line, nil)
	}
	if words, ok := newerForm(body); ok {
		return 0, c.fail(cmp.Or(kindOfRefusal(status), apiclient.Rejected), status, words, ErrNewer)
	}
	if status != http.StatusOK {
		return 0, c.fail(kindOfStatus(status), status, "", fmt.Errorf("expected a balance, got %s", http.StatusText(status)))
	}
	units, err := parseUnits(body)
	if err != nil {
		return 0, c.fail(apiclient.Temporary, status, "", err)
	}
	return units, nil
}
