// Package otlpsim is an OpenTelemetry receiver as a state machine that polices its protocol: OTLP over HTTP, as protobuf, written
// from the specification (opentelemetry-proto 1.11, OTLP/HTTP) and sharing nothing with whoever sends.
//
// It takes batches at …/v1/traces, keeps each span it has taken, and complains of whatever a strict receiver might: another
// method or type, IDs that are empty or given twice, an end before its beginning, a span without a name or kind, a sender that doesn't say who it is.
// Which attributes may come is told by whoever makes one. It can be slow, refuse, be busy and take half.
package otlpsim

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// Options are what one is told before it begins.
type Options struct {
	// Keys are the attributes that may come.
	Keys []string
	// Violation hears of whatever is against the protocol.
	Violation func(what string)
}

// Answer is how a batch is met; its zero value takes it.
type Answer struct {
	// Status refuses it, and After says when it may come again.
	Status int
	After  string
	// Slow is how long nobody answers.
	Slow time.Duration
	// Rejects is how many of its spans are left out.
	Rejects int
}

// Span is one that was taken.
type Span struct {
	Trace, ID, Parent, Name string
	Kind                    tracepb.Span_SpanKind
	Begun, Ended            time.Time
	Attrs                   map[string]string
	// Events are its events, by name, and EventAttrs what they say, in the same order.
	Events     []string
	EventAttrs []map[string]string
	// Links are where it leads: a trace, a slash and a span.
	Links  []string
	Failed bool
	// By is who sent it.
	By map[string]string
}

// Receiver is one receiver.
type Receiver struct {
	opt Options

	mu     sync.Mutex
	spans  []Span
	seen   map[string]bool
	posts  int
	header http.Header
	meet   func(post int) Answer
}

// New makes a receiver that takes everything.
func New(opt Options) *Receiver {
	return &Receiver{opt: opt, seen: map[string]bool{}, meet: func(int) Answer { return Answer{} }}
}

// Meet says how batches are met from now on, by their number from 1.
func (r *Receiver) Meet(how func(post int) Answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.meet = how
}

// Posts is how many batches have come, and Header what came with the last.
func (r *Receiver) Posts() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.posts
}

// Header is what came with the last batch.
func (r *Receiver) Header() http.Header {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.header.Clone()
}

// Spans are those that were taken, in the order in which they came.
func (r *Receiver) Spans() []Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.spans)
}

// Client reaches the receiver without a network.
func (r *Receiver) Client() *http.Client { return &http.Client{Transport: direct{r}} }

// direct hands a request to the receiver.
type direct struct{ r *Receiver }

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(q *http.Request) (*http.Response, error) {
	if err := q.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	d.r.ServeHTTP(w, q)
	if err := q.Context().Err(); err != nil {
		return nil, err
	}
	answer := w.Result()
	answer.Request = q
	return answer, nil
}

// ServeHTTP implements http.Handler.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return // who sent it has gone
	}
	r.mu.Lock()
	r.posts++
	r.header = q.Header.Clone()
	answer := r.meet(r.posts)
	r.mu.Unlock()
	if answer.Slow > 0 {
		select {
		case <-time.After(answer.Slow):
		case <-q.Context().Done():
			return
		}
	}
	if answer.Status != 0 {
		w.Header().Set("Retry-After", answer.After)
		w.WriteHeader(answer.Status)
		return
	}
	r.take(q, body, answer.Rejects)
	w.Header().Set("Content-Type", "application/x-protobuf")
	_, _ = w.Write(taken(answer.Rejects)) // who has hung up doesn't read it
}

// taken is the receiver's answer: an ExportTraceServiceResponse, with what it left out.
func taken(rejects int) []byte {
	if rejects == 0 {
		return nil
	}
	partial := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(rejects))
	partial = protowire.AppendString(protowire.AppendTag(partial, 2, protowire.BytesType), "some are too old")
	return protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), partial)
}

// wrong complains.
func (r *Receiver) wrong(format string, args ...any) {
	r.opt.Violation("otlp: " + fmt.Sprintf(format, args...))
}

// take reads a batch, and keeps it but for those it rejects.
func (r *Receiver) take(q *http.Request, body []byte, rejects int) {
	if q.Method != http.MethodPost || !strings.HasSuffix(q.URL.Path, "/v1/traces") || q.Header.Get("Content-Type") != "application/x-protobuf" {
		r.wrong("%s %s as %q", q.Method, q.URL.Path, q.Header.Get("Content-Type"))
	}
	var data tracepb.TracesData
	if err := proto.Unmarshal(body, &data); err != nil {
		r.wrong("a batch that can't be read: %v", err)
		return
	}
	var came []Span
	for _, of := range data.ResourceSpans {
		by := r.attrs(of.GetResource().GetAttributes(), nil)
		if by["service.name"] == "" || by["service.instance.id"] == "" {
			r.wrong("a sender that doesn't say who it is: %v", by)
		}
		for _, in := range of.ScopeSpans {
			if in.GetScope().GetName() == "" {
				r.wrong("spans of no scope")
			}
			for _, s := range in.Spans {
				came = append(came, r.span(s, by))
			}
		}
	}
	if len(came) == 0 {
		r.wrong("a batch of nothing")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spans = append(r.spans, came[min(rejects, len(came)):]...)
}

// span reads one, and holds it to the protocol.
func (r *Receiver) span(s *tracepb.Span, by map[string]string) Span {
	out := Span{Trace: hex.EncodeToString(s.TraceId), ID: hex.EncodeToString(s.SpanId), Parent: hex.EncodeToString(s.ParentSpanId), Name: s.Name, Kind: s.Kind, By: by,
		Begun: time.Unix(0, int64(s.StartTimeUnixNano)), Ended: time.Unix(0, int64(s.EndTimeUnixNano)), Attrs: r.attrs(s.Attributes, r.opt.Keys),
		Failed: s.GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR}
	if len(s.TraceId) != 16 || strings.Trim(out.Trace, "0") == "" || len(s.SpanId) != 8 || strings.Trim(out.ID, "0") == "" || len(s.ParentSpanId) != 0 && len(s.ParentSpanId) != 8 {
		r.wrong("%q has the IDs %q, %q and %q", s.Name, out.Trace, out.ID, out.Parent)
	}
	if s.Name == "" || s.Kind == tracepb.Span_SPAN_KIND_UNSPECIFIED || s.StartTimeUnixNano == 0 || s.EndTimeUnixNano < s.StartTimeUnixNano || out.ID == out.Parent {
		r.wrong("%+v", out)
	}
	for _, e := range s.Events {
		out.Events = append(out.Events, e.Name)
		out.EventAttrs = append(out.EventAttrs, r.attrs(e.Attributes, r.opt.Keys))
		if e.Name == "" || e.TimeUnixNano == 0 {
			r.wrong("an event %v of %q", e, s.Name)
		}
	}
	for _, l := range s.Links {
		out.Links = append(out.Links, hex.EncodeToString(l.TraceId)+"/"+hex.EncodeToString(l.SpanId))
	}
	r.once(out)
	return out
}

// once complains of a span that came before: a batch that was answered isn't sent again.
func (r *Receiver) once(s Span) {
	r.mu.Lock()
	twice := r.seen[s.Trace+s.ID]
	r.seen[s.Trace+s.ID] = true
	r.mu.Unlock()
	if twice {
		r.wrong("%q came twice, as %s of %s", s.Name, s.ID, s.Trace)
	}
}

// attrs reads attributes, of which only some may come; nil: any.
func (r *Receiver) attrs(list []*commonpb.KeyValue, may []string) map[string]string {
	out := map[string]string{}
	for _, kv := range list {
		if _, twice := out[kv.Key]; twice || may != nil && !slices.Contains(may, kv.Key) {
			r.wrong("the attribute %q, twice or of a key that isn't told", kv.Key)
		}
		switch v := kv.GetValue().GetValue().(type) {
		case *commonpb.AnyValue_StringValue:
			out[kv.Key] = v.StringValue
		case *commonpb.AnyValue_IntValue:
			out[kv.Key] = fmt.Sprint(v.IntValue)
		case *commonpb.AnyValue_BoolValue:
			out[kv.Key] = fmt.Sprint(v.BoolValue)
		default:
			r.wrong("the attribute %q is a %T", kv.Key, v)
		}
	}
	return out
}
