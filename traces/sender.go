package traces

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/usherbot/usher/apiclient"
)

const (
	// room is how many spans may wait: with more the receiver is away, and nobody waits for it.
	room = 4096
	// mostAtOnce is how many go in a batch, and gather how long the first of one waits for others.
	mostAtOnce = 512
	gather     = time.Second
	// firstPause is how long it is waited before a batch is sent again that the receiver couldn't take, then twice that, up to
	// longestPause; heldFor is how long one is sent again and again.
	firstPause   = time.Second
	longestPause = 30 * time.Second
	heldFor      = 5 * time.Minute
	// complainEvery is how often the log hears that spans don't arrive.
	complainEvery = time.Hour
)

// Config is where spans go, and who sends them.
type Config struct {
	// URL takes batches (…/v1/traces), under these headers.
	URL     string
	Headers map[string]apiclient.Secret
	// Resource says who sends them.
	Resource map[string]string
	// HTTP sends them; its Transport is used. Nil: the network's.
	HTTP *http.Client
	// Random is where the IDs of spans begin, Now the clock for the log.
	Random io.Reader
	Now    func() time.Time
	Log    *slog.Logger
}

// Sender takes spans without ever waiting, and sends them in batches. Nil takes none.
type Sender struct {
	cfg      Config
	http     *http.Client
	resource *resourcepb.Resource
	// seed is where chance put the names of this process's spans, so that no two processes meet, and named how many it gave.
	seed  uint64
	named atomic.Uint64
	queue chan *tracepb.Span
	// closing ends the pauses between tries, and cut what is on its way.
	closing chan struct{}
	ctx     context.Context
	cut     context.CancelFunc
	gone    chan struct{}

	// headers are those under which batches go now.
	headers       atomic.Pointer[map[string]apiclient.Secret]
	sent, dropped atomic.Uint64
	complained    time.Time
}

// Open makes a Sender. Nothing is sent before there is a span.
func Open(cfg Config) (*Sender, error) {
	var seed [8]byte
	if _, err := io.ReadFull(cfg.Random, seed[:]); err != nil {
		return nil, fmt.Errorf("draw the first name of a span: %w", err)
	}
	s := &Sender{cfg: cfg, http: outwards(cfg.HTTP), resource: &resourcepb.Resource{}, seed: binary.BigEndian.Uint64(seed[:]), queue: make(chan *tracepb.Span, room),
		closing: make(chan struct{}), gone: make(chan struct{})}
	for k, v := range cfg.Resource {
		s.resource.Attributes = append(s.resource.Attributes, &commonpb.KeyValue{Key: k, Value: &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: v}}})
	}
	s.Under(cfg.Headers)
	s.ctx, s.cut = context.WithCancel(context.Background())
	go s.run()
	return s, nil
}

// put takes a span. What there is no room for is lost, and counted.
func (s *Sender) put(span *tracepb.Span) {
	select {
	case <-s.closing:
		s.dropped.Add(1)
		return
	default:
	}
	select {
	case s.queue <- span:
	default:
		s.dropped.Add(1)
	}
}

// Under has batches go under other headers from now on: a key that was renewed.
func (s *Sender) Under(headers map[string]apiclient.Secret) {
	if s != nil {
		s.headers.Store(&headers)
	}
}

// newID names another span.
func (s *Sender) newID() []byte {
	return binary.BigEndian.AppendUint64(nil, (s.seed+2*s.named.Add(1))|1)
}

// Counts are how many spans a receiver has taken, and how many were lost.
func (s *Sender) Counts() (sent, dropped uint64) { return s.sent.Load(), s.dropped.Load() }

// Close sends what waits, once, for as long as ctx lasts.
func (s *Sender) Close(ctx context.Context) {
	if s == nil {
		return
	}
	defer context.AfterFunc(ctx, s.cut)()
	close(s.closing)
	<-s.gone
	s.cut()
}

// run sends what comes, batch after batch, until it is closed and nothing waits.
func (s *Sender) run() {
	defer close(s.gone)
	for {
		select {
		case first := <-s.queue:
			s.deliver(s.batch(first))
			continue
		case <-s.closing:
		}
		select {
		case first := <-s.queue:
			s.deliver(s.batch(first))
		default:
			return
		}
	}
}

// batch is first, and what comes within a moment.
func (s *Sender) batch(first *tracepb.Span) []*tracepb.Span {
	batch := []*tracepb.Span{first}
	over := time.NewTimer(gather)
	defer over.Stop()
	for len(batch) < mostAtOnce {
		select {
		case next := <-s.queue:
			batch = append(batch, next)
			continue
		default:
		}
		select {
		case next := <-s.queue:
			batch = append(batch, next)
		case <-over.C:
			return batch
		case <-s.closing:
			return batch
		}
	}
	return batch
}

// deliver sends a batch until it is taken, refused, or nobody could take it for too long.
func (s *Sender) deliver(batch []*tracepb.Span) {
	body, err := encode(s.resource, batch)
	if err != nil {
		s.lose(len(batch), err)
		return
	}
	for pause, held := firstPause, time.Duration(0); ; pause = min(2*pause, longestPause) {
		rejected, again, err := s.post(s.ctx, body)
		if err == nil {
			s.sent.Add(uint64(len(batch) - min(rejected, len(batch))))
			s.lose(min(rejected, len(batch)), errRejected)
			return
		}
		wait := max(pause, again)
		if again < 0 || held+wait > heldFor || !s.pause(wait) {
			s.lose(len(batch), err)
			return
		}
		held += wait
	}
}

// pause waits; false: it is closing, and nothing is waited for any more.
func (s *Sender) pause(d time.Duration) bool {
	over := time.NewTimer(d)
	defer over.Stop()
	select {
	case <-over.C:
		return true
	case <-s.closing:
		return false
	}
}

// lose counts spans that no receiver has, and says so now and then.
func (s *Sender) lose(n int, err error) {
	if n == 0 {
		return
	}
	s.dropped.Add(uint64(n))
	if now := s.cfg.Now(); s.complained.IsZero() || now.Sub(s.complained) >= complainEvery {
		s.complained = now
		s.cfg.Log.Warn("traces can't be delivered, so some are lost; requests don't wait for them", "lost_so_far", s.dropped.Load(), "err", err)
	}
}
