package traces_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/sim/otlpsim"
	"github.com/usherbot/usher/traces"
)

// bench is a Tracer beside a receiver, in a bubble.
type bench struct {
	*traces.Tracer
	t    *testing.T
	sim  *otlpsim.Receiver
	log  bytes.Buffer
	quit func(within time.Duration)
}

func inBench(t *testing.T, f func(b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		b := &bench{t: t, sim: otlpsim.New(otlpsim.Options{Keys: keys(), Violation: func(what string) { t.Error(what) }})}
		out, err := traces.Open(traces.Config{URL: "http://collector:4318/v1/traces", Headers: map[string]apiclient.Secret{"api-key": "k3y"}, HTTP: b.sim.Client(), Random: strings.NewReader("8 bytes of chance"),
			Resource: map[string]string{"service.name": "usher", "service.instance.id": "1"}, Now: time.Now, Log: slog.New(slog.NewTextHandler(&b.log, nil))})
		require.NoError(t, err)
		closed := false
		b.Tracer = &traces.Tracer{Out: out, Now: time.Now}
		b.quit = func(within time.Duration) {
			ctx, cancel := context.WithTimeout(context.Background(), within)
			defer cancel()
			out.Close(ctx)
			closed = true
		}
		defer func() {
			if !closed {
				b.quit(time.Second)
			}
		}()
		f(b)
	})
}

// pass lets time go by.
func (b *bench) pass(d time.Duration) { <-time.After(d); synctest.Wait() }

func keys() (out []string) {
	for _, k := range traces.Keys() {
		out = append(out, string(k))
	}
	return out
}

// one is the span of that name, which came once.
func (b *bench) one(name string) otlpsim.Span {
	b.t.Helper()
	var found []otlpsim.Span
	for _, s := range b.sim.Spans() {
		if s.Name == name {
			found = append(found, s)
		}
	}
	require.Len(b.t, found, 1, name)
	return found[0]
}

// act does something for a while.
func (b *bench) act(name string, of ...traces.Concern) {
	_, a := b.Begin(context.Background(), name, time.Now())
	for _, c := range of {
		a.Concerns(c)
	}
	b.pass(time.Millisecond)
	a.End(time.Now(), false, false)
}

func request(n int64, opens bool) traces.Concern {
	return traces.Concern{Trace: traces.Named(strings.Repeat("n", int(n))), Request: n, Opens: opens}
}

// TestATraceIsNamedByItsRequest: the same in every life, another for another, and nothing of the name is in it.
func TestATraceIsNamedByItsRequest(t *testing.T) {
	require.Equal(t, "916b3d4253635d2e4e129c65506350e4", traces.Named("abc").String(), "a request that is open while Usher is replaced keeps its trace")
	require.NotEqual(t, traces.Named("abc"), traces.Named("abd"))
}

// TestOneTraceFromTheEnvelopeToTheLastThingSaid, across lives: what was done before it was known what it's about stands in it
// too, and everything below what opened it.
func TestOneTraceFromTheEnvelopeToTheLastThingSaid(t *testing.T) {
	inBench(t, func(b *bench) {
		began := time.Now()
		ctx, a := b.Begin(context.Background(), "hear", began, traces.Text(traces.Envelope, "slash_commands"))
		b.call(ctx, 200)
		b.pass(time.Second)
		b.Step(a, request(12, true), "asked", time.Now(), traces.Text(traces.After, "pending"))
		a.End(time.Now(), false, true, traces.Truth(traces.Acked, true))
		b.call(ctx, 200) // said after the ack
		b.Step(a, request(12, false), "said later", time.Now())
		b.pass(time.Hour)

		another := &traces.Tracer{Out: b.Out, Now: time.Now}
		ctx, a = another.Begin(context.Background(), "carry out", time.Now())
		a.Concerns(request(12, false))
		b.call(ctx, 503)
		a.End(time.Now(), true, false)
		b.pass(time.Minute)

		root := b.one("hear")
		require.Empty(t, root.Parent)
		require.True(t, root.Begun.Equal(began))
		require.Equal(t, []string{"asked"}, root.Events)
		require.Equal(t, map[string]string{"usher.request": "12", "usher.envelope": "slash_commands", "usher.acked": "true"}, root.Attrs)
		later := b.one("carry out")
		require.True(t, later.Failed)
		require.Equal(t, root.ID, later.Parent)
		require.Equal(t, root.ID, b.one("said later").Parent)
		var below []string
		for _, s := range b.sim.Spans() {
			require.Equal(t, request(12, false).Trace.String(), s.Trace, s.Name)
			if s.Name == "vendor GET /v1/sub-accounts/{id}" {
				below = append(below, s.Parent)
			}
		}
		require.Equal(t, []string{root.ID, root.ID, later.ID}, below)
	})
}

// call asks a vendor something under ctx, who answers with that.
func (b *bench) call(ctx context.Context, status int) {
	b.t.Helper()
	c := b.Calls(&http.Client{Transport: answers(status)}, func(r *http.Request) (string, []traces.Attr) {
		return "vendor " + r.Method + " " + traces.Template(r.URL.Path), nil
	})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://vendor.example/v1/sub-accounts/36872?key=s3cret", nil)
	require.NoError(b.t, err)
	if answer, err := c.Do(r); err == nil {
		require.NoError(b.t, answer.Body.Close())
	}
}

// answers is a vendor that answers with a status; 0: not at all.
type answers int

// RoundTrip implements http.RoundTripper.
func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	if a == 0 {
		return nil, errors.New("s3cret")
	}
	if r.Header.Get("traceparent") != "" {
		return nil, errors.New("a vendor is told of traces")
	}
	return &http.Response{StatusCode: int(a), Body: http.NoBody, Header: http.Header{"Retry-After": {"7"}}}, nil
}

// TestWhatIsAboutSeveralRequests stands in the trace of each, and leads to the first.
func TestWhatIsAboutSeveralRequests(t *testing.T) {
	inBench(t, func(b *bench) {
		b.act("bundle", request(1, true), request(2, true), request(2, true))
		b.pass(time.Minute)
		spans := b.sim.Spans()
		require.Len(t, spans, 2)
		require.NotEqual(t, spans[0].Trace, spans[1].Trace)
		require.Equal(t, []string{spans[0].Trace + "/" + spans[0].ID}, spans[1].Links)
		require.Empty(t, spans[0].Parent+spans[1].Parent)
		b.act("later", request(2, false))
		b.pass(time.Minute)
		require.Equal(t, spans[1].ID, b.one("later").Parent)
	})
}

// TestWhatIsAboutNoRequest has a trace of its own, or, where it is one of thousands, none.
func TestWhatIsAboutNoRequest(t *testing.T) {
	inBench(t, func(b *bench) {
		b.act("report")
		b.act("another report")
		ctx, a := b.Begin(context.Background(), "hear", time.Now())
		b.call(ctx, 200)
		a.End(time.Now(), false, true)
		b.call(ctx, 200)
		b.call(context.Background(), 200)
		b.pass(time.Minute)
		require.Len(t, b.sim.Spans(), 2)
		require.Empty(t, b.one("report").Parent)
		require.NotEqual(t, b.one("report").Trace, b.one("another report").Trace)
	})
}

// TestWhatIsToldOfACall: whom, which of its addresses, and what came back; nothing of the address that is anybody's.
func TestWhatIsToldOfACall(t *testing.T) {
	inBench(t, func(b *bench) {
		ctx, a := b.Begin(context.Background(), "deed", time.Now())
		a.Concerns(request(1, false))
		for _, status := range []int{200, 429, 0} {
			b.call(ctx, status)
		}
		a.End(time.Now(), false, false)
		b.pass(time.Minute)
		base := func(more map[string]string) map[string]string {
			more["server.address"], more["http.request.method"] = "vendor.example", "GET"
			return more
		}
		require.Equal(t, base(map[string]string{"http.response.status_code": "200", "usher.retry_after": "7"}), b.sim.Spans()[0].Attrs)
		require.Equal(t, base(map[string]string{"http.response.status_code": "429", "usher.retry_after": "7"}), b.sim.Spans()[1].Attrs)
		require.Equal(t, base(map[string]string{"error.type": "no answer"}), b.sim.Spans()[2].Attrs)
		require.True(t, b.sim.Spans()[1].Failed)
	})
	for path, is := range map[string]string{"/v1/sub-accounts/36872/sites": "/v1/sub-accounts/{id}/sites", "/api/v1/users/jane@acme.example": "/api/v1/users/{id}", "": "", "/v1.0/users/7b2c-11": "/v1.0/users/{id}",
		"/" + strings.Repeat("a", 33): "/{id}", "/users/名前": "/users/{id}", "/v1beta2/x": "/{id}/x"} {
		require.Equal(t, is, traces.Template(path))
	}
}

// TestNoPersonIsTold, whoever forgets themselves: what might be somebody's address, ID or words is left out.
func TestNoPersonIsTold(t *testing.T) {
	inBench(t, func(b *bench) {
		for _, words := range []string{"jane@acme.example", "asked by U0ALICE", "C024BE7LH", "Zoë", "jane%40acme.example", "a\nb", strings.Repeat("x", 200)} {
			_, a := b.Begin(context.Background(), "act", time.Now(), traces.Text(traces.App, words))
			a.End(time.Now(), false, false)
			b.Step(nil, request(1, false), words, time.Now())
		}
		_, a := b.Begin(context.Background(), "kept", time.Now(), traces.Text(traces.App, "seranking"), traces.Text(traces.Outcome, "put off"))
		a.End(time.Now(), false, false)
		b.pass(time.Minute)
		for _, s := range b.sim.Spans() {
			switch s.Name {
			case "act":
				require.Equal(t, "?", s.Attrs["usher.app"])
			case "kept":
				require.Equal(t, map[string]string{"usher.app": "seranking", "usher.promise.outcome": "put off"}, s.Attrs)
			default:
				require.Equal(t, "?", s.Name)
			}
		}
	})
}

// TestNothingIsTracedForFree: where nobody watches, everything may be told to nobody, and costs nothing.
func TestNothingIsTracedForFree(t *testing.T) {
	var tracer *traces.Tracer
	client := &http.Client{}
	require.Same(t, client, tracer.Calls(client, nil))
	ctx := context.Background()
	c := request(1, true)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		ctx, a := tracer.Begin(ctx, "act", time.Time{})
		a.Concerns(c)
		tracer.Step(traces.Acting(ctx), c, "asked", time.Time{})
		a.End(time.Time{}, false, false)
	}))
	require.Zero(t, tracer.Fresh())
	var sender *traces.Sender
	sender.Close(ctx)
}
