package slacksim

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// whole is a page as it's sent: in one answer, compressed where the browser takes that.
type whole struct {
	html   []byte
	policy string // Content-Security-Policy
	packed func() []byte
}

func newWhole(html []byte, policy string) whole {
	return whole{html, policy, sync.OnceValue(func() []byte { return packed(html) })}
}

// packed is a page compressed; nil where that can't be done, and it's sent as it is.
func packed(html []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(html); err != nil || z.Close() != nil {
		return nil
	}
	return out.Bytes()
}

// ServeHTTP answers with the page.
func (p whole) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", p.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding")
	body := p.html
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if small := p.packed(); small != nil {
			h.Set("Content-Encoding", "gzip")
			body = small
		}
	}
	_, _ = w.Write(body) // a reader who has gone needs no answer
}
