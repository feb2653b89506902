package bot

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// ackBuffer keeps an ack in one frame: Slack ignores what comes in several.
	ackBuffer = 32 << 10
	// handshakeWithin bounds the opening of a WebSocket.
	handshakeWithin = 10 * time.Second
)

// errSilent is why a connection was given up that brought nothing for too long.
var errSilent = errors.New("nothing was heard")

// dialer opens WebSockets that are given up after so long a silence; a nil dial is the network, through the proxy of the
// environment if there is one.
func dialer(dial DialFunc, silence time.Duration) *websocket.Dialer {
	var proxy func(*http.Request) (*url.URL, error)
	if dial == nil {
		dial, proxy = (&net.Dialer{Timeout: handshakeWithin}).DialContext, http.ProxyFromEnvironment
	}
	return &websocket.Dialer{
		Proxy:            proxy,
		HandshakeTimeout: handshakeWithin,
		WriteBufferSize:  ackBuffer,
		NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return watch(c, silence), nil
		},
	}
}

// dialSocket opens a WebSocket at an address that Slack has given out, which lives while it brings something within silence.
func dialSocket(ctx context.Context, dial DialFunc, address string, silence time.Duration) (*websocket.Conn, error) {
	ws, answer, err := dialer(dial, silence).DialContext(ctx, address, nil)
	switch {
	case err == nil:
		return ws, nil
	case answer != nil:
		return nil, fmt.Errorf("open a WebSocket: HTTP %d", answer.StatusCode)
	}
	return nil, fmt.Errorf("open a WebSocket: %w", err)
}

// watched is a connection that closes itself when nothing arrives for the time of silence. It uses a
// timer rather than read deadlines, so that nobody below has to ask what time it is, and so that
// deadlines set by others stay theirs.
type watched struct {
	net.Conn
	silence time.Duration
	timer   *time.Timer
	silent  atomic.Bool
}

func watch(c net.Conn, silence time.Duration) *watched {
	w := &watched{Conn: c, silence: silence}
	w.timer = time.AfterFunc(silence, func() {
		w.silent.Store(true)
		_ = c.Close() // what it returns changes nothing: the reader hears errSilent
	})
	return w
}

// Read fails with errSilent when the connection was given up for silence.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if w.silent.Load() {
		return n, fmt.Errorf("%w for %v", errSilent, w.silence)
	}
	if n > 0 {
		w.timer.Reset(w.silence)
	}
	return n, err
}

// Close ends the connection and the watch.
func (w *watched) Close() error {
	w.timer.Stop()
	return w.Conn.Close()
}
