package traces

import (
	"sync"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// mostCalls is how many calls are held until it's known in whose trace they stand.
const mostCalls = 64

// Concern is a request that something is about.
type Concern struct {
	Trace   ID
	Request int64
	// Opens: it begins with this.
	Opens bool
}

// Act is one thing that Usher does. It may turn out only on the way which requests it is about; its span stands in the trace
// of each of them, and what it asked of others in that of the first.
type Act struct {
	t *Tracer

	mu    sync.Mutex
	span  *tracepb.Span
	of    []*place
	calls []*tracepb.Span
	// unnoted is how many calls there was no room for.
	unnoted uint32
	over    bool
}

// place is an act in one trace.
type place struct {
	Concern
	id     []byte
	events []*tracepb.Span_Event
}

// root reports whether the trace begins with it: it opens a request, or is about none.
func (p *place) root() bool { return p.Opens || p.Request == 0 }

// parent is what it stands below; nil: nothing.
func (p *place) parent() []byte {
	if p.root() {
		return nil
	}
	return p.Trace.root()
}

// Concerns says that the act is about a request.
func (a *Act) Concerns(c Concern) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.place(c)
}

// place is the act's in a trace. The caller holds mu.
func (a *Act) place(c Concern) *place {
	for _, p := range a.of {
		if p.Trace == c.Trace {
			return p
		}
	}
	p := &place{Concern: c, id: a.t.newID()}
	if p.Opens {
		p.id = c.Trace.root()
	}
	a.of = append(a.of, p)
	if len(a.of) == 1 {
		for _, call := range a.calls {
			a.below(call)
		}
		a.calls = nil
	}
	return p
}

// below tells of a call, in the trace of what the act is about first. The caller holds mu.
func (a *Act) below(call *tracepb.Span) {
	call.TraceId, call.ParentSpanId = a.of[0].Trace[:], a.of[0].id
	a.t.Out.put(call)
}

// called takes a call that was made as part of the act.
func (a *Act) called(call *tracepb.Span) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case len(a.of) > 0:
		a.below(call)
	case a.over: // what it belonged to wasn't worth telling
	case len(a.calls) < mostCalls:
		a.calls = append(a.calls, call)
	default:
		a.unnoted++
	}
}

// Step tells of a step of a request, kept at a moment: as part of the act, or, where nothing is under way or that has ended, by a
// span of its own.
func (t *Tracer) Step(a *Act, c Concern, what string, at time.Time, attrs ...Attr) {
	if t == nil {
		return
	}
	if a == nil || !a.kept(c, what, at, attrs) {
		t.alone(c, what, at, attrs)
	}
}

// alone is Step by a span of its own.
func (t *Tracer) alone(c Concern, what string, at time.Time, attrs []Attr) {
	p := place{Concern: c, id: t.newID()}
	if p.Opens {
		p.id = c.Trace.root()
	}
	t.Out.put(&tracepb.Span{TraceId: c.Trace[:], SpanId: p.id, ParentSpanId: p.parent(), Name: plain(what), Kind: tracepb.Span_SPAN_KIND_INTERNAL,
		StartTimeUnixNano: nanos(at), EndTimeUnixNano: nanos(at), Attributes: append(values(attrs), ofRequest(c.Request)...)})
}

// kept is Step as part of the act; false: that has ended.
func (a *Act) kept(c Concern, what string, at time.Time, attrs []Attr) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over {
		return false
	}
	p := a.place(c)
	p.events = append(p.events, &tracepb.Span_Event{Name: plain(what), TimeUnixNano: nanos(at), Attributes: values(attrs)})
	return true
}

// End tells of the act, in the trace of each request that it was about. One that was about none has a trace of its own, unless it
// is of a kind that says nothing then (quiet).
func (a *Act) End(at time.Time, failed, quiet bool, attrs ...Attr) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.over = true
	if len(a.of) == 0 {
		if quiet {
			a.calls = nil
			return
		}
		a.place(Concern{Trace: a.t.Fresh()})
	}
	a.span.EndTimeUnixNano = max(nanos(at), a.span.StartTimeUnixNano)
	a.span.Attributes = append(a.span.Attributes, values(attrs)...)
	if failed {
		a.span.Status = &tracepb.Status{Code: tracepb.Status_STATUS_CODE_ERROR}
	}
	for _, p := range a.of {
		a.t.Out.put(a.at(p))
	}
}

// at is the act's span in one trace; beside the first of them it leads there. The caller holds mu.
func (a *Act) at(p *place) *tracepb.Span {
	s := &tracepb.Span{TraceId: p.Trace[:], SpanId: p.id, ParentSpanId: p.parent(), Name: a.span.Name, Kind: a.span.Kind, StartTimeUnixNano: a.span.StartTimeUnixNano,
		EndTimeUnixNano: a.span.EndTimeUnixNano, Attributes: append(ofRequest(p.Request), a.span.Attributes...), Events: p.events, Status: a.span.Status}
	if first := a.of[0]; p != first {
		s.Links = []*tracepb.Span_Link{{TraceId: first.Trace[:], SpanId: first.id}}
	}
	return s
}
