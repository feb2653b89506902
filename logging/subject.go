package logging

import (
	"context"
	"log/slog"
	"sync"
)

// Subject is what is being handled while lines are written: requests, each with the trace in which all about it stands.
// Whoever handles something may find out only on the way what it is about (an envelope is heard, then understood, then
// kept); each line says what was known when it was written.
type Subject struct {
	mu sync.Mutex
	// first is the request that it is about where a line doesn't say which.
	first int64
	// alone is the trace of what is about no request.
	alone  string
	traces map[int64]string
}

// Is says that it is about a request, whose trace that is; 0: about none. The first that is named is the one it is about.
func (s *Subject) Is(request int64, trace string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case request == 0:
		s.alone = trace
		return
	case s.first == 0:
		s.first, s.traces = request, map[int64]string{}
	}
	s.traces[request] = trace
}

// of is the request that a line is about, where it names one (0: it doesn't), and the trace of that; "": it isn't known.
func (s *Subject) of(named int64) (request int64, trace string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if named != 0 {
		return named, s.traces[named]
	}
	if s.first != 0 {
		return s.first, s.traces[s.first]
	}
	return 0, s.alone
}

// subjectKey is the key under which a context has its Subject.
type subjectKey struct{}

// About is ctx for what is done about s.
func About(ctx context.Context, s *Subject) context.Context {
	return context.WithValue(ctx, subjectKey{}, s)
}

// SubjectOf is what is handled under ctx; nil: nothing that anybody named.
func SubjectOf(ctx context.Context) *Subject {
	s, _ := ctx.Value(subjectKey{}).(*Subject)
	return s
}

// wordRequest and WordTrace are the words under which lines have them.
const (
	wordRequest = "request"
	WordTrace   = "trace_id"
)

// mindful gives each line the request and the trace of what is being handled, where the line doesn't say them itself.
type mindful struct {
	slog.Handler
	// named is the request that all lines of this logger name; 0: none.
	named int64
}

// Handle implements slog.Handler.
func (m mindful) Handle(ctx context.Context, r slog.Record) error {
	s := SubjectOf(ctx)
	if s == nil {
		return m.Handler.Handle(ctx, r)
	}
	named := m.named
	r.Attrs(func(a slog.Attr) bool {
		named = max(named, requestIn(a))
		return named == 0
	})
	request, trace := s.of(named)
	r = r.Clone()
	if named == 0 && request != 0 {
		r.AddAttrs(slog.Int64(wordRequest, request))
	}
	if trace != "" {
		r.AddAttrs(slog.String(WordTrace, trace))
	}
	return m.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (m mindful) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, a := range attrs {
		m.named = max(m.named, requestIn(a))
	}
	m.Handler = m.Handler.WithAttrs(attrs)
	return m
}

// WithGroup implements slog.Handler.
func (m mindful) WithGroup(name string) slog.Handler {
	m.Handler = m.Handler.WithGroup(name)
	return m
}

// requestIn is the request that an attribute names, or one in a group without a name; 0: none.
func requestIn(a slog.Attr) int64 {
	switch v := a.Value; {
	case a.Key == wordRequest && v.Kind() == slog.KindInt64:
		return v.Int64()
	case a.Key == "" && v.Kind() == slog.KindGroup:
		for _, inner := range v.Group() {
			if n := requestIn(inner); n != 0 {
				return n
			}
		}
	}
	return 0
}
