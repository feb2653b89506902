package slacksim

import (
	"fmt"
	"net/http"
)

// serveEvents is the stream of server-sent events: one line a change, upon
// which the page asks for the state again. A reader who is slow misses nothing
// but in-between states.
func (p *Page) serveEvents(w http.ResponseWriter, r *http.Request) {
	workspace, stop := p.server.Subscribe()
	defer stop()
	vendor, stopVendor := p.vendorChanges()
	defer stopVendor()
	own, stopOwn := p.watch()
	defer stopOwn()

	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	flush := http.NewResponseController(w).Flush
	for n := 1; ; n++ {
		if _, err := fmt.Fprintf(w, "data: {\"rev\":%d}\n\n", n); err != nil || flush() != nil {
			return
		}
		select {
		case <-workspace:
		case <-vendor:
		case <-own:
		case <-r.Context().Done():
			return
		case <-p.server.done:
			return
		}
	}
}

func (p *Page) vendorChanges() (<-chan struct{}, func()) {
	if p.opts.VendorChanged == nil {
		return nil, func() {}
	}
	return p.opts.VendorChanged()
}

// watch ticks when the page's own memory (what is read) changes.
func (p *Page) watch() (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watches[ch] = struct{}{}
	return ch, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.watches, ch)
	}
}

func (p *Page) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ch := range p.watches {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
