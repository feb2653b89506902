package watch

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
)

// handler is the three addresses. Browsers are told to guess nothing and keep nothing.
func (s *Server) handler(addr string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", s.inTurn(s.readyz))
	mux.HandleFunc("GET /metrics", s.inTurn(s.metrics))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if !meant(r, addr) {
			say(w, http.StatusMisdirectedRequest, "this address answers to its own name only\n")
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// inTurn lets few look at a time, each for as long as a scraper would wait.
func (s *Server) inTurn(look http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
		defer cancel()
		select {
		case s.looks <- struct{}{}:
			defer func() { <-s.looks }()
			look(w, r.WithContext(ctx))
		case <-ctx.Done():
			say(w, http.StatusServiceUnavailable, "too many ask at once\n")
		}
	}
}

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if why := s.unready(r.Context()); len(why) > 0 {
		say(w, http.StatusServiceUnavailable, lines(why))
		return
	}
	say(w, http.StatusOK, "ready\n")
}

// metrics are sent whole or not at all: half of them would read as if the others had gone.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	who := s.subject.Load()
	if who == nil {
		say(w, http.StatusServiceUnavailable, "there are no numbers at the moment: Usher is starting or stopping\n")
		return
	}
	var text bytes.Buffer
	if err := who.Metrics(r.Context(), &text); err != nil {
		s.log.Warn("the metrics can't be read", "err", err)
		say(w, http.StatusServiceUnavailable, "the numbers can't be read; the log says why\n")
		return
	}
	w.Header().Set("Content-Type", who.Format)
	_, _ = w.Write(text.Bytes()) // who has hung up asks again
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // who has hung up asks again
}

// meant reports whether a request means this server. One that came to this machine alone must say so: a page from
// elsewhere, in a browser here, may have given its own name our address (DNS rebinding). Who comes over the network
// uses whatever name or address leads here, and was let in by whoever chose to listen there.
func meant(r *http.Request, addr string) bool {
	here, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if here == nil || !here.IP.IsLoopback() {
		return true
	}
	named, _, _ := net.SplitHostPort(addr)
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || strings.EqualFold(host, named) || ip != nil && ip.IsLoopback()
}
