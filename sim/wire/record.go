package wire

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"time"
)

// Handler is h, whose calls are kept. name says which neighbour a call is to; "": it's none of theirs, and isn't kept. A connection that is
// taken over, as a WebSocket's is, was answered at that moment.
func (l *Log) Handler(name func(*http.Request) string, h http.Handler) http.Handler {
	if l == nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		neighbour := name(r)
		if neighbour == "" {
			h.ServeHTTP(w, r)
			return
		}
		rec := &recorder{ResponseWriter: w, log: l, asked: r, neighbour: neighbour, began: l.now()}
		// The caller's own request stays as it is: another's may be waiting for its end.
		r = r.WithContext(r.Context())
		r.Body = &listening{ReadCloser: r.Body, heard: &rec.ask}
		defer func() {
			cut := recover()
			rec.end(cut != nil)
			if cut != nil {
				panic(cut)
			}
		}()
		h.ServeHTTP(rec, r)
	})
}

// recorder is an answer of which a copy is kept.
type recorder struct {
	http.ResponseWriter
	log         *Log
	asked       *http.Request
	neighbour   string
	began       time.Time
	ask, answer copied
	status      int
	ended       bool
}

// copied is the beginning of a body, and how much came after it.
type copied struct {
	data []byte
	more int
}

func (c *copied) add(p []byte) {
	room := min(len(p), MostBody-len(c.data))
	c.data = append(c.data, p[:room]...)
	c.more += len(p) - room
}

// listening is a body that is overheard while it's read.
type listening struct {
	io.ReadCloser
	heard *copied
}

// Read is io.Reader's.
func (b *listening) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.heard.add(p[:n])
	return n, err
}

// WriteHeader is http.ResponseWriter's.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write is http.ResponseWriter's.
func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.answer.add(p[:n])
	return n, err
}

// Unwrap lets http.ResponseController reach what is beneath.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Hijack is http.Hijacker: what passes from here on is no answer any more.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(r.ResponseWriter).Hijack()
	if err == nil {
		r.status = http.StatusSwitchingProtocols
		r.end(false)
	}
	return conn, rw, err
}

// end keeps the exchange, once. What wrote nothing and wasn't cut is a 200 with nothing, as net/http has it.
func (r *recorder) end(cut bool) {
	if r.ended {
		return
	}
	r.ended = true
	if r.status == 0 && !cut {
		r.status = http.StatusOK
	}
	took := max(r.log.now().Sub(r.began), 0)
	r.log.keep(Exchange{At: r.began, Took: took, Neighbour: r.neighbour, Kind: HTTP, Method: r.asked.Method, URL: string(clean([]byte(r.asked.URL.RequestURI()))),
		Status: r.status, Cut: cut, Ask: part(r.asked.Header, r.ask.data, r.ask.more), Answer: part(r.Header(), r.answer.data, r.answer.more)})
}
