package seranking

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/apiclient"
)

var (
	// errWebPage: something other than the API answered, a gateway or a login page.
	errWebPage = errors.New("a web page came instead of an answer")
	// errShape: whole JSON that says something else than asked. Asking again would not change it.
	errShape = errors.New("the answer has an unexpected shape")
)

// fail makes the error of an operation that got no answer worth quoting.
func (c *Client) fail(op string, k apiclient.Kind, cause error) *apiclient.Error {
	return &apiclient.Error{Op: op, Kind: k, Err: apiclient.Clean(cause, c.key)}
}

// lost is the error of a call whose answer did not come or could not be read: for a
// write the deed may be done, unless nothing of it was ever sent.
func (c *Client) lost(q call, unsent bool, cause error) *apiclient.Error {
	e := c.fail(q.op, apiclient.OutcomeUnknown, apiclient.Clean(cause, q.password))
	if unsent || q.safety == read {
		e.Kind = apiclient.Temporary
	}
	return e
}

// judge says what an answer means; nil: the call succeeded. bodyErr is what reading the
// body ended in.
func (c *Client) judge(q call, resp *http.Response, body []byte, bodyErr error) *failure {
	page := isWebPage(body)
	if resp.StatusCode/100 == 2 {
		return c.accept(q, resp.StatusCode, body, page, bodyErr)
	}
	words, _ := vendorWords(body)
	e := &apiclient.Error{
		Op: q.op, Status: resp.StatusCode, Words: apiclient.Redact(words, c.key, q.password),
		Kind: kindOf(resp.StatusCode, words, page, q.safety != read),
	}
	switch {
	case page:
		e.Err = errWebPage
	case resp.StatusCode/100 == 3:
		e.Err = fmt.Errorf("the vendor redirects to %s; base_url may be wrong", orDefault(host(resp), "nowhere"))
		e.Words = ""
	}
	if e.Kind == apiclient.RateLimited || resp.StatusCode == http.StatusServiceUnavailable {
		e.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), c.now())
	}
	return &failure{err: e, final: page && resp.StatusCode < 500 && e.Kind != apiclient.RateLimited}
}

// kindOf reads status and words together, because the vendor uses 403 alike for a bad
// key, a plan that does not cover the call and a quota that is used up. A 404 counts as "not there"
// only when the API itself says so: taking a gateway's 404 page for it would call accounts deleted.
func kindOf(status int, words string, page, write bool) apiclient.Kind {
	lostKind := apiclient.Temporary
	if write {
		lostKind = apiclient.OutcomeUnknown
	}
	said := strings.ToLower(words)
	switch {
	case status == http.StatusTooManyRequests:
		return apiclient.RateLimited
	case status >= 500, status < 300, status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return lostKind
	case status < 400 && write:
		return lostKind
	case strings.Contains(said, "limit reached"), strings.Contains(said, "insufficient funds"), status == http.StatusPaymentRequired:
		return apiclient.LimitReached
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return apiclient.NotAllowed
	case status == http.StatusNotFound, status == http.StatusGone:
		if page {
			return lostKind
		}
		return apiclient.NotFound
	}
	return apiclient.Rejected
}

// accept judges an answer of 2xx. Writes other than create count as accepted whatever the
// body is, even one that broke off: the vendor prints {[]} there, and their proof is a read
// afterwards. A web page is no answer of the API, though, and proves nothing.
func (c *Client) accept(q call, status int, body []byte, page bool, bodyErr error) *failure {
	cause := bodyErr
	switch {
	case page:
		cause = errWebPage
	case q.safety == repeatable:
		return nil
	case cause == nil:
		cause = q.decode(body)
	}
	if cause == nil {
		return nil
	}
	if bodyErr == nil && json.Valid(body) {
		cause = fmt.Errorf("%w: %w", errShape, cause)
	}
	e := c.lost(q, false, apiclient.Clean(cause, q.password))
	e.Status = status
	words, code := vendorWords(body)
	if !page && bodyErr == nil && (code >= 400 || saysError(body)) {
		e.Words = apiclient.Redact(words, c.key, q.password)
	}
	if q.safety == read && e.Words != "" && code >= 400 {
		e.Kind = kindOf(code, words, false, false)
	}
	return &failure{err: e, final: page || errors.Is(cause, errTooLarge) || errors.Is(cause, errShape)}
}

// retryAfter reads seconds or an HTTP date; 0 when there is neither, at most 60 s.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if n, err := strconv.ParseUint(header, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, maxRetryAfter)
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}

// host is where a redirect leads, without path or query.
func host(resp *http.Response) string {
	to, err := resp.Location()
	if err != nil {
		return ""
	}
	return to.Host
}
