package pipenet

import "net"

// conn is one end of a connection; it takes itself off its listener's list when it is closed.
type conn struct {
	net.Conn
	listener *Listener
	peer     *conn
	dialer   bool
}

// LocalAddr is the listener's name on the accepted end, "client" on the dialed one.
func (c *conn) LocalAddr() net.Addr { return c.end(c.dialer) }

// RemoteAddr is the other end's LocalAddr.
func (c *conn) RemoteAddr() net.Addr { return c.end(!c.dialer) }

// Close ends the connection: the other side reads io.EOF, then its writes fail with io.ErrClosedPipe.
func (c *conn) Close() error {
	c.forget()
	return c.Conn.Close()
}

func (c *conn) end(dialer bool) net.Addr {
	if dialer {
		return Addr("client")
	}
	return c.listener.addr
}

func (c *conn) forget() {
	c.listener.mu.Lock()
	defer c.listener.mu.Unlock()
	delete(c.listener.open, c)
}

func (l *Listener) pair() (near, far *conn) {
	a, b := net.Pipe()
	near = &conn{Conn: a, listener: l, dialer: true}
	far = &conn{Conn: b, listener: l}
	near.peer, far.peer = far, near
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[near], l.open[far] = struct{}{}, struct{}{}
	return near, far
}

// abandon closes a pair that was never accepted and returns why.
func (l *Listener) abandon(near, far *conn, cause error) error {
	_ = near.Close()
	_ = far.Close()
	return l.opError("dial", cause)
}
