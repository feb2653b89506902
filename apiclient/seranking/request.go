package seranking

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/usherbot/usher/apiclient"
)

// safety says what repeating a call would do.
type safety int

const (
	read       safety = iota // changes nothing
	repeatable               // a write whose repetition ends in the same state: update, delete, set shares
	once                     // a write that would happen twice: create
)

const (
	maxTries      = 5
	firstPause    = time.Second // then 2, 4 and 8 s, as the vendor suggests, each 20 % more or less
	maxRetryAfter = time.Minute
)

// call is one operation on its way to the vendor.
type call struct {
	op         string // verb and noun, opens every error
	method     string
	safety     safety
	path       string // below the base URL, no query
	query      url.Values
	account    int64 // the account that the address must name; 0: none
	body       []byte
	password   apiclient.Secret // in the body; hidden from whatever the vendor echoes
	cap        int64            // of the answer; 0: the client's
	goneIsDone bool             // a delete: 404 after a lost answer of our own is success

	decode func([]byte) error // of reads and of create; other writes are never parsed
}

// failure is an error of one try; final ones are not worth another.
type failure struct {
	err   *apiclient.Error
	final bool
}

// send tries a call until it succeeds, is refused, may not be repeated or has been tried
// five times. A write that nobody answered is not repeated: it may still be on its way, and would
// undo whatever is written after it. Once any try of a write has lost its answer the whole call ends in success or in
// OutcomeUnknown: a later refusal says nothing of what the earlier try did.
func (c *Client) send(ctx context.Context, q call) error {
	u, err := c.url(q)
	if err != nil {
		return err
	}
	doubt := false
	for try := 1; ; try++ {
		f := c.try(ctx, u, q)
		if f == nil || doubt && q.goneIsDone && f.err.Kind == apiclient.NotFound {
			return nil
		}
		doubt = doubt || f.err.Kind == apiclient.OutcomeUnknown
		if f.final || try == maxTries || !q.mayRepeat(f.err) || !apiclient.Pause(ctx, c.now(), c.delay(f.err, try)) {
			if doubt {
				f.err.Kind = apiclient.OutcomeUnknown
			}
			return f.err
		}
		c.log.DebugContext(ctx, "asking SE Ranking again", "op", q.op, "try", try+1, "after", f.err)
	}
}

// fetch sends a call and returns what decode makes of the answer.
func fetch[T any](ctx context.Context, c *Client, q call, decode func([]byte) (T, error)) (T, error) {
	var out, none T
	q.decode = func(body []byte) (err error) {
		out, err = decode(body)
		return err
	}
	if err := c.send(ctx, q); err != nil {
		return none, err
	}
	return out, nil
}

func (q call) mayRepeat(e *apiclient.Error) bool {
	switch e.Kind {
	case apiclient.RateLimited, apiclient.Temporary:
		return q.safety != once
	case apiclient.OutcomeUnknown:
		return q.safety != once && e.Answered()
	}
	return false
}

// url builds the address of a call and looks at it once more before anything is sent.
func (c *Client) url(q call) (*url.URL, error) {
	u := c.base.JoinPath(q.path)
	u.RawQuery = q.query.Encode()
	if !carriesAccount(u, q.account) {
		return nil, c.fail(q.op, apiclient.Rejected, errors.New("the address built for it does not name the account"))
	}
	return u, nil
}

func (c *Client) try(ctx context.Context, u *url.URL, q call) *failure {
	if err := c.pace.Wait(ctx); err != nil {
		return &failure{err: c.fail(q.op, apiclient.Temporary, err), final: true}
	}
	limited, cancel := context.WithTimeout(ctx, c.timeouts[q.safety])
	defer cancel()
	var line connection
	req, err := c.newRequest(line.watch(limited), u, q)
	if err != nil {
		return &failure{err: c.fail(q.op, apiclient.Rejected, err), final: true}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return &failure{err: c.lost(q, line.neverMade(err), err), final: ctx.Err() != nil}
	}
	defer resp.Body.Close()
	body, err := readCapped(resp.Body, orDefault(q.cap, c.bodyCap))
	c.log.DebugContext(ctx, "SE Ranking answered", "op", q.op, "method", q.method, "path", u.Path, "status", resp.StatusCode)
	f := c.judge(q, resp, body, err)
	if all, ok := c.pace.(interface {
		Hold(context.Context, time.Duration)
	}); ok && f != nil && f.err.Kind == apiclient.RateLimited {
		all.Hold(ctx, cmp.Or(f.err.RetryAfter, firstPause))
	}
	if f != nil && ctx.Err() != nil {
		f.final = true
	}
	return f
}

func (c *Client) newRequest(ctx context.Context, u *url.URL, q call) (*http.Request, error) {
	var body io.Reader
	if q.body != nil {
		body = bytes.NewReader(q.body)
	}
	req, err := http.NewRequestWithContext(ctx, q.method, u.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Token "+c.key.Reveal())
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "usher")
	if q.body != nil { // some endpoints answer 400 to a Content-Type without content
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// connection watches whether net/http ever had a connection to send on.
type connection struct{ wanted, had atomic.Bool }

func (l *connection) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { l.wanted.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { l.had.Store(true) },
	})
}

// neverMade reports whether it is certain that nothing was sent. A transport that is not
// net/http's does not call the trace; then only a dialing error is certain.
func (l *connection) neverMade(err error) bool {
	if l.had.Load() {
		return false
	}
	op, ok := errors.AsType[*net.OpError](err)
	return l.wanted.Load() || ok && op.Op == "dial"
}

// delay is the wait before the next try.
func (c *Client) delay(e *apiclient.Error, try int) time.Duration {
	if e.RetryAfter > 0 {
		return e.RetryAfter
	}
	pause := firstPause << (try - 1)
	var b [8]byte
	if _, err := io.ReadFull(c.random, b[:]); err != nil {
		return pause
	}
	fifth := uint64(pause / 5)
	return pause - time.Duration(fifth) + time.Duration(binary.BigEndian.Uint64(b[:])%(2*fifth+1))
}

var errTooLarge = errors.New("the answer is larger than this client reads")

func readCapped(r io.Reader, most int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, most+1))
	if int64(len(body)) > most {
		return body[:most], errTooLarge
	}
	return body, err
}
