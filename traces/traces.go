// Package traces tells an OpenTelemetry receiver what Usher does, as spans: one trace for each request, from the envelope in
// which somebody asked to the last thing said about it, through any number of restarts and on whichever replica.
//
//	traces.go  an ID, which a request's own name makes, and the Tracer
//	act.go     one thing that Usher does, an envelope taken in hand or a promise carried out, and whose traces it stands in
//	calls.go   what it asks of others meanwhile
//	attr.go    what may be told of any of these, and nothing else: no person, no address, no words of anybody
//	sender.go  the queue, which nobody waits for, and batches
//	post.go    one batch on its way
//
// A trace's ID is made of what is kept with the request (Named), so a later life and another replica know it without asking,
// and so does who reads the log. The root of a trace is the span of what opened the request; its ID is made of the trace's.
// Everything else that is done about the request stands below it, whenever that is: viewers draw what begins long after its
// parent has ended. Where the root never came (it was made while nothing was traced, or was lost with a crash) they draw what
// they have, and say that the root is missing.
//
// Spans are told once they are over. A crash loses those in hand and up to a second of those that wait: traces are for
// looking, and nothing that Usher promises rests on them. What isn't traced costs nothing: a nil Tracer, and a nil Act of
// one, take everything and do nothing.
//
// The messages are OpenTelemetry's own (proto/otlp); its SDK isn't used, because it makes spans as they begin, with an ID
// that nobody knew before, and costs every Usher three megabytes of memory whether anything is traced or not.
package traces

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// ID names a trace.
type ID [16]byte

// Named is the trace of what has this name. Nobody finds the name by it.
func Named(name string) ID {
	sum := sha256.Sum256([]byte("usher trace\n" + name))
	return ID(sum[:16])
}

// String is how receivers and logs write it.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// root is the ID of the trace's first span.
func (id ID) root() []byte {
	sum := sha256.Sum256(append([]byte("usher root\n"), id[:]...))
	return sum[:8]
}

// Tracer makes spans. Nil traces nothing.
type Tracer struct {
	// Out is where they go, and Now the clock by which calls are timed.
	Out *Sender
	Now func() time.Time
}

// Begin begins an act, which ctx has from then on: what is asked of others under it stands below it.
func (t *Tracer) Begin(ctx context.Context, name string, at time.Time, attrs ...Attr) (context.Context, *Act) {
	if t == nil {
		return ctx, nil
	}
	a := &Act{t: t, span: &tracepb.Span{Name: name, Kind: tracepb.Span_SPAN_KIND_INTERNAL, StartTimeUnixNano: nanos(at), Attributes: values(attrs)}}
	return a.With(ctx), a
}

// actKey is the key under which a context has its Act.
type actKey struct{}

// With is ctx for what is done as part of a; such a context may outlive the act.
func (a *Act) With(ctx context.Context) context.Context {
	if a == nil {
		return ctx
	}
	return context.WithValue(ctx, actKey{}, a)
}

// Acting is what is done under ctx; nil: nothing that is traced.
func Acting(ctx context.Context) *Act {
	a, _ := ctx.Value(actKey{}).(*Act)
	return a
}

// newID is another span's.
func (t *Tracer) newID() []byte { return t.Out.newID() }

// Fresh is the trace of something that has no name.
func (t *Tracer) Fresh() ID {
	if t == nil {
		return ID{}
	}
	return Named(hex.EncodeToString(t.newID()))
}

// nanos is a moment as OpenTelemetry writes it.
func nanos(at time.Time) uint64 { return uint64(max(at.UnixNano(), 0)) }
