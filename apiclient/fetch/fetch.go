// Package fetch reads what a vendor has in pages: one request after the other, paced, bounded in time and size, and asked
// again only where that can help.
//
// Its one idea: a reading is whole or it is an error. A list of people that broke off half way, or a web page in its place,
// must never look like a shorter list: whoever is missing in it would look as if they had left. So each answer is judged before
// anything of it is used, and every page must come.
//
//	fetch.go   a Reader and its calls
//	token.go   what a token endpoint's refusal means
//	pages.go   following pages: to the same host, none twice, and not for ever
//
// It only ever reads. So what could not be answered is asked for again without a look first, and no error of it is
// apiclient.OutcomeUnknown.
//
// Neighbours: the clients of directories (okta, entra, google) build on it. It stands in the room apiclient and imports nothing
// else of ours.
package fetch

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/apiclient"
)

const (
	maxTries     = 5
	firstPause   = time.Second // then 2, 4 and 8 s, each up to half more
	slowPause    = 15 * time.Second
	mostWait     = time.Minute
	defaultTime  = 30 * time.Second
	defaultBytes = 8 << 20
)

// Reader sends reads to one vendor, one after the other. HTTP, Now and Random are required.
type Reader struct {
	// HTTP is what calls are sent with; Plain makes one that follows no redirect.
	HTTP *http.Client
	Now  func() time.Time
	// Random spreads what is asked again: crypto/rand.Reader outside tests.
	Random io.Reader
	// Timeout is of one try; 0: 30 s. BodyCap is the largest answer in bytes; 0: 8 MiB.
	Timeout time.Duration
	BodyCap int64
	// Log may be nil: nothing is logged. Addresses are logged without query, bodies never.
	Log *slog.Logger
}

// Call is one read.
type Call struct {
	Op  string // verb and noun, opens every error
	URL *url.URL
	// Token goes into the header Authorization behind Scheme, and nowhere else.
	Scheme string
	Token  apiclient.Secret
	// Judge says what an answer means that is no web page; nil: it is what was asked for. It leaves Op to the Reader.
	Judge func(Answer) *apiclient.Error
}

// Answer is what came.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Plain follows no redirect: to another host it would carry the token.
func Plain(from *http.Client) *http.Client {
	if from == nil {
		from = &http.Client{}
	}
	return &http.Client{Transport: from.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Get asks until an answer is taken, is refused for good, or was asked for five times.
func (r *Reader) Get(ctx context.Context, c Call) (Answer, error) {
	for try := 1; ; try++ {
		a, failed := r.try(ctx, c)
		if failed == nil {
			return a, nil
		}
		failed.Op = c.Op
		again := failed.Kind == apiclient.Temporary || failed.Kind == apiclient.RateLimited
		if !again || errors.Is(failed, errPage) || try == maxTries || ctx.Err() != nil || !r.Pause(ctx, r.delay(failed, try)) {
			return Answer{}, failed
		}
	}
}

var (
	errPage  = errors.New("a web page came instead of an answer")
	errLarge = errors.New("the answer is larger than this client reads")
)

func (r *Reader) try(ctx context.Context, c Call) (Answer, *apiclient.Error) {
	limited, cancel := context.WithTimeout(ctx, orDefault(r.Timeout, defaultTime))
	defer cancel()
	req, err := http.NewRequestWithContext(limited, http.MethodGet, c.URL.String(), nil)
	if err != nil {
		return Answer{}, Failed(apiclient.Rejected, err, c.Token)
	}
	req.Header.Set("Authorization", c.Scheme+" "+c.Token.Reveal())
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "usher")
	resp, err := r.HTTP.Do(req)
	if err != nil {
		return Answer{}, Failed(apiclient.Temporary, err, c.Token)
	}
	defer resp.Body.Close()
	most := orDefault(r.BodyCap, defaultBytes)
	body, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	if r.Log != nil {
		r.Log.DebugContext(ctx, "a directory answered", "op", c.Op, "path", c.URL.Path, "status", resp.StatusCode)
	}
	if err == nil && int64(len(body)) > most {
		err = errLarge
	}
	return r.judge(c, Answer{resp.StatusCode, resp.Header, body}, err)
}

// judge looks at what every answer must be before the client's own Judge does.
func (r *Reader) judge(c Call, a Answer, cut error) (Answer, *apiclient.Error) {
	var failed *apiclient.Error
	switch {
	case cut != nil && a.Status/100 == 2:
		failed = Failed(apiclient.Temporary, cut, c.Token)
	case strings.HasPrefix(strings.TrimLeft(string(a.Body[:min(len(a.Body), 64)]), "\ufeff \t\r\n"), "<"):
		failed = Failed(KindOf(a.Status), errPage, c.Token)
	default:
		failed = c.Judge(a)
	}
	if failed == nil {
		return a, nil
	}
	failed.Status, failed.Words = a.Status, apiclient.Redact(failed.Words, c.Token)
	failed.Err = apiclient.Clean(failed.Err, c.Token)
	if failed.RetryAfter == 0 {
		failed.RetryAfter = RetryAfter(a.Header.Get("Retry-After"), r.Now())
	}
	return Answer{}, failed
}

// Failed is an error whose cause names no address and no secret.
func Failed(k apiclient.Kind, cause error, secrets ...apiclient.Secret) *apiclient.Error {
	return &apiclient.Error{Kind: k, Err: apiclient.Clean(cause, secrets...)}
}

// KindOf is what a status means by itself, for a read.
func KindOf(status int) apiclient.Kind {
	switch {
	case status == http.StatusTooManyRequests:
		return apiclient.RateLimited
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return apiclient.NotAllowed
	case status == http.StatusNotFound:
		return apiclient.NotFound
	case status >= 300 && status < 500 && status != http.StatusRequestTimeout:
		return apiclient.Rejected
	}
	return apiclient.Temporary
}

// RetryAfter reads seconds or an HTTP date; 0 when there is neither, at most a minute.
func RetryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if n, err := strconv.ParseUint(header, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, mostWait)
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), mostWait)
}

func (r *Reader) delay(e *apiclient.Error, try int) time.Duration {
	pause := firstPause << (try - 1)
	switch {
	case e.RetryAfter > 0:
		pause = e.RetryAfter
	case e.Kind == apiclient.RateLimited: // limits are counted by the minute
		pause = min(slowPause<<(try-1), mostWait)
	}
	var b [8]byte
	if _, err := io.ReadFull(r.Random, b[:]); err != nil {
		return pause
	}
	return pause + time.Duration(binary.BigEndian.Uint64(b[:])%uint64(pause/2+1))
}

// Pause waits for d, a minute at most. It reports false at once when the context would end sooner.
func (r *Reader) Pause(ctx context.Context, d time.Duration) bool {
	return apiclient.Pause(ctx, r.Now(), min(d, mostWait+mostWait/2))
}

func orDefault[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}
