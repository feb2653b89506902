package traces

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// scope is what made the spans.
const scope = "github.com/usherbot/usher/traces"

const (
	// timeout bounds one batch on its way, as in OpenTelemetry's own exporters, and mostAnswer how much of an answer is read.
	timeout    = 10 * time.Second
	mostAnswer = 64 << 10
)

// errRejected is a receiver's that took a batch and left out some of it.
var errRejected = errors.New("the receiver didn't take some of them")

// outwards is a client that follows nobody elsewhere: the headers may hold a secret.
func outwards(from *http.Client) *http.Client {
	c := &http.Client{Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if from != nil {
		c.Transport = from.Transport
	}
	return c
}

// encode is a batch as it is sent. TracesData is what a receiver's own request is on the wire; that type alone would bring
// all of gRPC.
func encode(from *resourcepb.Resource, batch []*tracepb.Span) ([]byte, error) {
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{{Resource: from,
		ScopeSpans: []*tracepb.ScopeSpans{{Scope: &commonpb.InstrumentationScope{Name: scope}, Spans: batch}}}}})
	if err != nil {
		return nil, fmt.Errorf("encode spans: %w", err)
	}
	return body, nil
}

// post sends a batch once. rejected is how many of it the receiver left out. With an error, again is how long the receiver wants
// to be left alone, and negative where it is of no use to send the same once more.
func (s *Sender) post(ctx context.Context, body []byte) (rejected int, again time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.cfg.URL, bytes.NewReader(body))
	if err != nil {
		return 0, -1, fmt.Errorf("make a batch of spans: %w", err)
	}
	for name, value := range *s.headers.Load() {
		r.Header.Set(name, value.Reveal())
	}
	r.Header.Set("Content-Type", "application/x-protobuf")
	r.Header.Set("User-Agent", "usher")
	answer, err := s.http.Do(r)
	if err != nil {
		if in, ok := errors.AsType[*url.Error](err); ok {
			err = in.Err // the address may bear a key
		}
		return 0, 0, fmt.Errorf("send spans: %w", err)
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, mostAnswer)) // what of it came is enough
	switch {
	case answer.StatusCode/100 == 2:
		return rejectedIn(said), 0, nil
	case isPassing(answer.StatusCode):
		after, _ := strconv.Atoi(answer.Header.Get("Retry-After")) // none: as soon as it would be anyway
		return 0, time.Duration(max(after, 0)) * time.Second, fmt.Errorf("send spans: the receiver answered %d", answer.StatusCode)
	}
	return 0, -1, fmt.Errorf("send spans: the receiver answered %d", answer.StatusCode)
}

// isPassing reports whether OTLP lets a batch be sent again after such an answer.
func isPassing(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// rejectedIn is how many spans a receiver says it left out: the first field of its answer's first, where it has one.
func rejectedIn(answer []byte) int {
	partial := fieldOne(answer, protowire.BytesType)
	inner, n := protowire.ConsumeBytes(partial)
	if n < 0 {
		return 0
	}
	count, n := protowire.ConsumeVarint(fieldOne(inner, protowire.VarintType))
	if n < 0 {
		return 0
	}
	return int(min(count, mostAtOnce))
}

// fieldOne is what follows the tag of a message's first field; nil where that isn't its field 1 of this type.
func fieldOne(message []byte, of protowire.Type) []byte {
	number, typ, n := protowire.ConsumeTag(message)
	if n < 0 || number != 1 || typ != of {
		return nil
	}
	return message[n:]
}
