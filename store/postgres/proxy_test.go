package postgres

import (
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/test/postgres"
)

// What a proxy does to a connection on which a COMMIT is sent.
type fate int

const (
	pass       fate = iota
	swallowed       // the connection ends before the server hears of it
	unanswered      // the server commits, and the connection ends before it can say so
)

// proxy stands between a store and its server, and reads just enough of what the client says to know a COMMIT.
type proxy struct {
	testing.TB
	listener net.Listener
	server   string
	// commits are the fates of the next commits; those after them pass.
	commits chan fate
	// shut refuses every new connection, after the next commit that doesn't pass if shutAfter.
	shut, shutAfter atomic.Bool
	cut             atomic.Int64
	mu              sync.Mutex
	open            map[net.Conn]bool
}

// between is a proxy before the server of an address, and the address through it.
func between(t testing.TB, at string) (*proxy, string) {
	u, err := url.Parse(at)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{TB: t, listener: l, server: u.Host, commits: make(chan fate, 16), open: map[net.Conn]bool{}}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { p.serve(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); p.cutAll(); all.Wait() })
	u.Host = l.Addr().String()
	return p, u.String()
}

// to has it lead to another server; every connection ends.
func (p *proxy) to(server string) {
	p.mu.Lock()
	p.server = server
	p.mu.Unlock()
	p.cutAll()
}

// cutAll ends every connection there is.
func (p *proxy) cutAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		_ = c.Close()
	}
}

func (p *proxy) keep(c net.Conn, open bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if open {
		p.open[c] = true
		return
	}
	delete(p.open, c)
	_ = c.Close()
}

func (p *proxy) serve(client net.Conn) {
	p.keep(client, true)
	defer p.keep(client, false)
	if p.shut.Load() {
		return
	}
	p.mu.Lock()
	at := p.server
	p.mu.Unlock()
	server, err := net.Dial("tcp", at)
	if err != nil {
		return
	}
	var unheard atomic.Bool
	var back sync.WaitGroup
	defer back.Wait()
	defer func() { _ = server.Close() }()
	back.Go(func() {
		defer func() { _ = client.Close() }()
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			if err != nil || unheard.Load() {
				return
			}
			if _, err := client.Write(buf[:n]); err != nil {
				return
			}
		}
	})
	for first := true; ; first = false {
		raw, sql, err := postgres.Message(client, first)
		if err != nil {
			return
		}
		if sql == "commit" {
			switch p.fate() {
			case swallowed:
				return
			case unanswered:
				unheard.Store(true)
				if _, err := server.Write(raw); err == nil {
					back.Wait()
				}
				return
			}
		}
		if _, err := server.Write(raw); err != nil {
			return
		}
	}
}

func (p *proxy) fate() fate {
	select {
	case f := <-p.commits:
		p.cut.Add(1)
		if p.shutAfter.Load() {
			p.shut.Store(true)
		}
		return f
	default:
		return pass
	}
}
