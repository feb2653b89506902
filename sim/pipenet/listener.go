// Package pipenet is a network that exists only in memory: a net.Listener whose connections are net.Pipe pairs.
//
// The simulators of sim/ are served over it in tests. No port is opened and no system call is waited for, so a whole
// program (HTTP clients, WebSockets, servers) runs inside a testing/synctest bubble, where time passes only when
// everybody waits. To be usable there:
//
//   - create the Listener inside the bubble (its channels belong to the bubble that made them);
//   - before the bubble ends close the server, the Listener and the clients' idle connections
//     (http.Client.CloseIdleConnections); Break ends whatever connection is still open;
//   - let one goroutine at a time write to a connection: net.Pipe guards writes by a mutex, and a goroutine that waits
//     for a mutex keeps the bubble's clock from moving.
//
// A net.Pipe has no buffer: a write waits until the other side has read it. Read and write deadlines work. A connection
// that nobody reads therefore behaves as a full TCP window does, which is the harsher and more useful of the two tests.
//
// Neighbours: sim/vendorsim and sim/slacksim are http.Handlers and know nothing of this package; tests join the two.
package pipenet

import (
	"context"
	"net"
	"net/http"
	"sync"
	"syscall"
)

// Listener is one address of the in-memory network: http.Server.Serve accepts from it, DialContext reaches it.
type Listener struct {
	addr   Addr
	queue  chan net.Conn
	closed chan struct{}
	once   sync.Once

	mu   sync.Mutex
	open map[*conn]struct{}
}

// Addr is the name of a Listener; its network is "pipe".
type Addr string

// Network is "pipe".
func (Addr) Network() string { return "pipe" }

// String is the name itself.
func (a Addr) String() string { return string(a) }

// Listen makes a Listener called name. It cannot fail: names need not be unique and are only for error texts.
func Listen(name string) *Listener {
	return &Listener{
		addr:   Addr(name),
		queue:  make(chan net.Conn),
		closed: make(chan struct{}),
		open:   map[*conn]struct{}{},
	}
}

// Accept waits for the next DialContext and returns its far end. After Close it returns an error that is net.ErrClosed.
func (l *Listener) Accept() (net.Conn, error) {
	if l.isClosed() {
		return nil, l.opError("accept", net.ErrClosed)
	}
	select {
	case c := <-l.queue:
		return c, nil
	case <-l.closed:
		return nil, l.opError("accept", net.ErrClosed)
	}
}

// DialContext connects to the listener whatever network and address say, so that it fits http.Transport.DialContext and
// websocket.Dialer.NetDialContext under any host name. It waits for an Accept, for ctx, or for Close; a closed listener
// answers "connection refused" (syscall.ECONNREFUSED), as a stopped server does.
func (l *Listener) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	if l.isClosed() {
		return nil, l.opError("dial", syscall.ECONNREFUSED)
	}
	near, far := l.pair()
	select {
	case l.queue <- far:
		return near, nil
	case <-l.closed:
		return nil, l.abandon(near, far, syscall.ECONNREFUSED)
	case <-ctx.Done():
		return nil, l.abandon(near, far, ctx.Err())
	}
}

// Close lets every waiting and later Accept and DialContext fail. Connections that are already established stay open,
// as those of a TCP listener do; Break ends them. Close may be called more than once.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is the listener's name.
func (l *Listener) Addr() net.Addr { return l.addr }

// Break closes both ends of every open connection, as a pulled plug does; reads and writes on them end at once. New
// connections are still accepted. It returns how many connections it ended.
func (l *Listener) Break() int {
	l.mu.Lock()
	ends := l.open
	l.open = map[*conn]struct{}{}
	l.mu.Unlock()
	for c := range ends {
		_ = c.Conn.Close() // net.Pipe's Close never fails
	}
	return len(ends) / 2
}

// Open says how many connections have at least one end that was not closed.
func (l *Listener) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for c := range l.open {
		if _, both := l.open[c.peer]; !both || c.dialer {
			n++
		}
	}
	return n
}

// HTTPClient returns a client whose every request, to whatever host, arrives at l. Call its CloseIdleConnections before
// a synctest bubble ends.
func (l *Listener) HTTPClient() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: l.DialContext}}
}

func (l *Listener) isClosed() bool {
	select {
	case <-l.closed:
		return true
	default:
		return false
	}
}

func (l *Listener) opError(op string, cause error) error {
	return &net.OpError{Op: op, Net: "pipe", Addr: l.addr, Err: cause}
}
