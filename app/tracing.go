package app

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/logging"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/traces"
)

// tracing says, of all that is done, which request it is about: to the log, and to who watches traces. It stands at the seams:
// where an envelope is heard, a step is kept, a promise is carried out, and somebody outside is asked.
type tracing struct {
	// tracer tells of it; nil: nobody asked for traces.
	tracer *traces.Tracer
	// request reads one, for the name that its trace is made of.
	request func(ctx context.Context, n int64) (approvals.Request, error)
	// life is the database's name, which stands in for that of requests that have none.
	life string
	now  func() time.Time

	mu sync.Mutex
	// known are the traces of requests that were met lately.
	known map[int64]traces.ID
}

// newTracing also has every way out fenced, what is asked of others traced, and the clock hear of it.
func newTracing(w *Surroundings, c *clock) *tracing {
	t := &tracing{now: c.Now, known: map[int64]traces.ID{}}
	if w.Traces != nil {
		t.tracer = &traces.Tracer{Out: w.Traces, Now: c.Now}
	}
	*w = t.outside(w.fenced())
	w.SlackHTTP = c.listenTo(w.SlackHTTP)
	return t
}

// mostKnown is how many traces are remembered; what is forgotten is read again.
const mostKnown = 512

// counts are the spans so far, by what became of them; nil: nobody watches.
func (t *tracing) counts() map[string]uint64 {
	if t.tracer == nil {
		return nil
	}
	sent, lost := t.tracer.Out.Counts()
	return map[string]uint64{"sent": sent, "lost": lost}
}

// named is the trace of a request.
func (t *tracing) named(name approvals.Name) traces.ID {
	id := traces.Named(cmp.Or(name.Nonce, fmt.Sprintf("%s/%d", t.life, name.Number)))
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= mostKnown {
		clear(t.known)
	}
	t.known[name.Number] = id
	return id
}

// of is the trace of a request by its number; false where it can't be read.
func (t *tracing) of(ctx context.Context, n int64) (traces.ID, bool) {
	t.mu.Lock()
	id, ok := t.known[n]
	t.mu.Unlock()
	if ok {
		return id, true
	}
	r, err := t.request(ctx, n)
	if err != nil {
		return traces.ID{}, false // the delivery itself meets the same, and says so
	}
	return t.named(r.Name()), true
}

// kept tells of a step of a request that was kept; what is logged of it afterwards bears its trace.
func (t *tracing) kept(ctx context.Context, r approvals.Request, e approvals.Entry) {
	if e.Before == "" && e.After == "" { // it is about who decides, and no request
		return
	}
	id := t.named(r.Name())
	if s := logging.SubjectOf(ctx); s != nil {
		s.Is(r.Number, id.String())
	}
	t.tracer.Step(traces.Acting(ctx), traces.Concern{Trace: id, Request: r.Number, Opens: e.Before == ""}, e.What, e.At,
		traces.Text(traces.App, r.App.ID), traces.Text(traces.Action, string(r.Action)), traces.Text(traces.Before, string(e.Before)), traces.Text(traces.After, string(e.After)))
}

// carried is d, with it said of each delivery which request it is about.
func (t *tracing) carried(kind string, d outbox.Doer) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		subject := &logging.Subject{}
		ctx, act := t.tracer.Begin(logging.About(ctx, subject), "carry out "+kind, t.now(),
			traces.Text(traces.Kind, kind), traces.Number(traces.Tries, int64(job.Tries)), traces.Truth(traces.Retaken, job.Retaken))
		t.about(ctx, subject, act, courier.RequestOf(job.Key))
		result := d.Do(ctx, job)
		act.End(t.now(), false, false, traces.Text(traces.Outcome, outcome(result)))
		return result
	})
}

// about says which request a delivery is about; n is 0 where it is about none.
func (t *tracing) about(ctx context.Context, subject *logging.Subject, act *traces.Act, n int64) {
	id, known := traces.ID{}, false
	if n != 0 {
		id, known = t.of(ctx, n)
	}
	switch {
	case known:
		subject.Is(n, id.String())
		act.Concerns(traces.Concern{Trace: id, Request: n})
	case n != 0:
		subject.Is(n, "")
	case act != nil:
		id = t.tracer.Fresh()
		subject.Is(0, id.String())
		act.Concerns(traces.Concern{Trace: id})
	}
}

// owed is courier.Owed, with the trace of the request that a promise is about, where that was met.
func (t *tracing) owed(key string) slog.Attr {
	n := courier.RequestOf(key)
	t.mu.Lock()
	id, known := t.known[n]
	t.mu.Unlock()
	if !known {
		return courier.Owed(key)
	}
	return slog.Group("", courier.Owed(key), slog.String(logging.WordTrace, id.String()))
}

// outcome is what became of a delivery, in a word.
func outcome(r outbox.Result) string {
	_, _, again := r.IsRetry()
	_, until := r.IsDoneUntil()
	switch {
	case again:
		return "put off"
	case until:
		return "kept until later"
	case r.IsSettled():
		return "settled"
	}
	return "kept"
}

// envelopes of this kind tell what happened in Slack; most concern no request, and of those nothing is told.
const eventEnvelope = "events_api"

// follow is bot.Config's: an envelope, from hearing to its ack.
func (t *tracing) follow(kind, typ string, heard time.Time) (with func(context.Context) context.Context, done func(acked bool)) {
	subject := &logging.Subject{}
	_, act := t.tracer.Begin(context.Background(), "hear "+kind, heard, traces.Text(traces.Envelope, kind), traces.Text(traces.Said, typ))
	with = func(ctx context.Context) context.Context { return act.With(logging.About(ctx, subject)) }
	return with, func(acked bool) {
		act.End(t.now(), !acked, kind == eventEnvelope, traces.Truth(traces.Acked, acked))
	}
}

// atTheMachine is h, the second way to decide, with it said what is done there.
func (t *tracing) atTheMachine(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, act := t.tracer.Begin(logging.About(r.Context(), &logging.Subject{}), "hear terminal", t.now(), traces.Text(traces.Envelope, "terminal"))
		defer func() { act.End(t.now(), false, true) }()
		h.ServeHTTP(w, r.WithContext(ctx))
	})
}

// desk is d, with it said of each press of a button which request it names.
func (t *tracing) desk(d bot.Desk) bot.Desk { return namedDesk{d, t} }

// namedDesk is a desk that is asked about requests by name.
type namedDesk struct {
	bot.Desk
	t *tracing
}

// Named implements bot.Desk. What is no request of ours isn't traced as if it were.
func (d namedDesk) Named(ctx context.Context, name approvals.Name) error {
	err := d.Desk.Named(ctx, name)
	if err != nil || name.Nonce == "" {
		return err
	}
	id := d.t.named(name)
	if s := logging.SubjectOf(ctx); s != nil {
		s.Is(name.Number, id.String())
	}
	traces.Acting(ctx).Concerns(traces.Concern{Trace: id, Request: name.Number})
	return nil
}

// outside has the calls traced that go to Slack, to vendors and to directories.
func (t *tracing) outside(w Surroundings) Surroundings {
	w.DirectoryHTTP = t.tracer.Calls(cmp.Or(w.DirectoryHTTP, w.VendorHTTP), askedOf("directory"))
	w.VendorHTTP = t.tracer.Calls(w.VendorHTTP, askedOf("vendor"))
	w.SlackHTTP = t.tracer.Calls(w.SlackHTTP, askedOfSlack)
	return w
}

// askedOf is what is told of a call to a vendor or a directory: which of its addresses, without what names anybody there.
func askedOf(whom string) traces.Asked {
	return func(r *http.Request) (string, []traces.Attr) {
		route := traces.Template(r.URL.Path)
		return whom + " " + r.Method + " " + route, []traces.Attr{traces.Text(traces.Peer, whom), traces.Text(traces.Route, route)}
	}
}

// askedOfSlack is what is told of a call to Slack: its method. The other addresses it gave out bear keys, so of these it's only said
// what they're for.
func askedOfSlack(r *http.Request) (string, []traces.Attr) {
	method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	if !slices.Contains(web.Methods(), method) {
		method = "an address of its own"
	}
	return "slack " + method, []traces.Attr{traces.Text(traces.Peer, "slack"), traces.Text(traces.Route, method)}
}
