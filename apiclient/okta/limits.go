package okta

import (
	"net/http"
	"strconv"
	"time"
)

// Okta says with each answer how many calls are left, and when there are as many as ever again: X-Rate-Limit-Limit, -Remaining and
// -Reset, the last in seconds of Unix time (developer.okta.com, "Rate limits"). What is left is the whole organization's, and people sign
// in by it; so a tenth of it is left to others.

// spare is how long to leave the rest of the limit to others; 0: there is enough, or Okta doesn't say.
func (c *Client) spare(h http.Header) time.Duration {
	limit, err := strconv.Atoi(h.Get("X-Rate-Limit-Limit"))
	left, err2 := strconv.Atoi(h.Get("X-Rate-Limit-Remaining"))
	if err != nil || err2 != nil || limit <= 0 || left > limit/10 {
		return 0
	}
	return c.untilReset(h)
}

// untilReset is how long it is until the limit is whole again, a minute at most; 0: Okta doesn't say. A clock that is ahead of Okta's would
// make it nothing, so a second is the least.
func (c *Client) untilReset(h http.Header) time.Duration {
	at, err := strconv.ParseInt(h.Get("X-Rate-Limit-Reset"), 10, 64)
	if err != nil {
		return 0
	}
	return min(max(time.Unix(at, 0).Sub(c.now())+time.Second, time.Second), time.Minute)
}
