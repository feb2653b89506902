package traces

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// Asked says what a call asks for: a name for its span, of which there are few, and what else may be told.
type Asked func(r *http.Request) (name string, attrs []Attr)

// Calls is a client of which each call made under an act has a span. What is asked goes out as it is: nobody outside is told of
// traces.
func (t *Tracer) Calls(client *http.Client, asked Asked) *http.Client {
	if t == nil || client == nil {
		return client
	}
	traced := *client
	if traced.Transport == nil {
		traced.Transport = http.DefaultTransport
	}
	traced.Transport = calls{traced.Transport, t, asked}
	return &traced
}

// calls passes on calls, and tells of them.
type calls struct {
	http.RoundTripper
	t     *Tracer
	asked Asked
}

// RoundTrip implements http.RoundTripper.
func (c calls) RoundTrip(r *http.Request) (*http.Response, error) {
	act := Acting(r.Context())
	if act == nil {
		return c.RoundTripper.RoundTrip(r)
	}
	began := c.t.Now()
	answer, err := c.RoundTripper.RoundTrip(r)
	name, attrs := c.asked(r)
	span := &tracepb.Span{SpanId: c.t.newID(), Name: plain(name), Kind: tracepb.Span_SPAN_KIND_CLIENT, StartTimeUnixNano: nanos(began),
		EndTimeUnixNano: max(nanos(c.t.Now()), nanos(began))}
	attrs = append(attrs, Text(Method, r.Method), Text(Host, r.URL.Hostname()))
	switch {
	case err != nil:
		attrs = append(attrs, Text(Trouble, trouble(err)))
	default:
		attrs = append(attrs, Number(Status, int64(answer.StatusCode)))
		if after, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil {
			attrs = append(attrs, Number(Later, int64(after)))
		}
	}
	if err != nil || answer.StatusCode >= http.StatusBadRequest {
		span.Status = &tracepb.Status{Code: tracepb.Status_STATUS_CODE_ERROR}
	}
	span.Attributes = values(attrs)
	act.called(span)
	return answer, err
}

// trouble is the kind of an error; its words may bear an address with a key in it.
func trouble(err error) string {
	var slow interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return "timeout"
	}
	return "no answer"
}

// mostSegment is how long a word in a path may be that isn't somebody's or something's own.
const mostSegment = 32

// Template is a path with what may name somebody or something in it taken out: whatever isn't a short word of letters, or a
// version.
func Template(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if !isWord(s) {
			segments[i] = "{id}"
		}
	}
	return strings.Join(segments, "/")
}

// isWord reports whether a segment is one of an API's own words: small letters, and digits only in a version.
func isWord(s string) bool {
	if len(s) > mostSegment {
		return false
	}
	if v, ok := strings.CutPrefix(s, "v"); ok && strings.Trim(v, "0123456789.") == "" {
		return true
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.") == ""
}
