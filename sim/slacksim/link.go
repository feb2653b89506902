package slacksim

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// link is one WebSocket connection: a goroutine that writes, one that reads.
type link struct {
	s       *Server
	id      int
	ws      *websocket.Conn
	base    string        // scheme, host and port it was opened on
	out     chan []byte   // frames to write; filled under the server's lock
	drained chan struct{} // closed when it is told to go
	aged    chan struct{} // closed when it is warned
	gone    chan struct{}
	once    sync.Once
	life    time.Duration
	sniffer *sniffer

	ghost    atomic.Bool // half-open
	warned   bool
	draining bool        // was told to go
	aging    *time.Timer // of a ghost
}

const (
	queued       = 1024             // frames a connection may owe before it is given up
	writeWait    = 10 * time.Second // for one frame
	warningTime  = 10 * time.Second // between a warning and the refresh
	farewellTime = 5 * time.Second  // between a disconnect frame and the close frame
)

func newLink(s *Server, id int, ws *websocket.Conn, base string, life time.Duration, sniffer *sniffer) *link {
	l := &link{s: s, id: id, ws: ws, base: base, life: life, sniffer: sniffer,
		out: make(chan []byte, queued), drained: make(chan struct{}), aged: make(chan struct{}), gone: make(chan struct{})}
	ws.SetPingHandler(func(data string) error {
		if l.ghost.Load() {
			return nil
		}
		return ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWait))
	})
	return l
}

// enqueue hands a frame to the writer; a connection that does not drain is given
// up. It needs the server's lock.
func (l *link) enqueue(frame any) {
	select {
	case l.out <- encode(frame):
	default:
		go l.hangUp()
	}
}

// disconnect tells the client to go. After a warning the connection stays in
// use; otherwise it is out of use at once. It needs the server's lock.
func (l *link) disconnect(reason string) {
	l.enqueue(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": l.host()}})
	if reason == "warning" {
		if !l.warned {
			l.warned = true
			close(l.aged)
		}
		return
	}
	if !l.draining {
		l.draining = true
		close(l.drained)
	}
	l.s.unregister(l)
}

// write sends what is queued and pings, until the connection is gone. A
// connection told to go gets a close frame a little later.
func (l *link) write() {
	defer l.hangUp()
	ping := l.pings()
	defer ping.Stop()
	end := l.endOfLife()
	defer end.Stop()
	drained, aged := l.drained, l.aged
	for {
		select {
		case frame := <-l.out:
			if !l.ghost.Load() && l.send(websocket.TextMessage, frame) != nil {
				return
			}
		case <-ping.C:
			if !l.ghost.Load() && l.send(websocket.PingMessage, []byte("Ping from "+l.host())) != nil {
				return
			}
		case <-end.C:
			end.Reset(l.age())
		case <-aged:
			aged = nil
			end.Reset(warningTime)
		case <-drained:
			drained = nil
			time.AfterFunc(farewellTime, l.farewell)
		case <-l.gone:
			return
		}
	}
}

// send writes one frame. After a close frame nothing may be written, and the
// connection waits for the client to end it.
func (l *link) send(kind int, data []byte) error {
	var err error
	if kind == websocket.PingMessage {
		err = l.ws.WriteControl(kind, data, time.Now().Add(writeWait))
	} else if err = l.ws.SetWriteDeadline(time.Now().Add(writeWait)); err == nil {
		l.s.opts.Wire.Frame("slack", l.id, true, data) // first, or its ack would stand before it
		err = l.ws.WriteMessage(kind, data)
	}
	if errors.Is(err, websocket.ErrCloseSent) {
		return nil
	}
	return err
}

// pings ticks as often as Slack pings.
func (l *link) pings() *time.Ticker {
	t := time.NewTicker(max(l.s.opts.PingEvery, 1))
	if l.s.opts.PingEvery < 0 {
		t.Stop()
	}
	return t
}

// endOfLife rings when Slack recycles the connection, ten seconds earlier for
// the warning.
func (l *link) endOfLife() *time.Timer {
	if l.life < 0 {
		t := time.NewTimer(time.Hour)
		t.Stop()
		return t
	}
	return time.NewTimer(max(l.life-warningTime, time.Millisecond))
}

// age warns first and refreshes the next time.
func (l *link) age() time.Duration {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	switch {
	case l.draining || l.ghost.Load():
		return 24 * time.Hour
	case l.warned:
		l.disconnect("refresh_requested")
		return 24 * time.Hour
	}
	l.disconnect("warning")
	return warningTime
}

// farewell sends the close frame. As the real Slack does, it leaves closing TCP
// to the client, but not for ever.
func (l *link) farewell() {
	select {
	case <-l.gone:
		return
	default:
	}
	message := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = l.ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(writeWait)) // the client may be gone
	if l.s.opts.CloseTCP {
		l.hangUp()
		return
	}
	time.AfterFunc(time.Minute, l.hangUp)
}

// read hears acks until the client goes. A client that closes in order keeps
// its TCP connection until it hangs up itself.
func (l *link) read() {
	defer l.left()
	for {
		_, message, err := l.ws.ReadMessage()
		if err != nil {
			var closed *websocket.CloseError
			if errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure && !l.s.opts.CloseTCP {
				l.s.mu.Lock()
				l.s.unregister(l)
				l.s.mu.Unlock()
				_, _ = io.Copy(io.Discard, l.ws.NetConn()) // to the end of the connection, which is no fault
			}
			return
		}
		fragmented := l.sniffer.next()
		if !l.ghost.Load() {
			l.s.opts.Wire.Frame("slack", l.id, false, message)
			l.s.heard(l, message, fragmented)
		}
	}
}

// left forgets a connection whose client is gone. Of a half-open one nobody
// notices.
func (l *link) left() {
	l.s.mu.Lock()
	if !l.ghost.Load() {
		l.s.unregister(l)
	}
	l.s.mu.Unlock()
	l.hangUp()
}

// hangUp closes the TCP connection and ends both goroutines. It is called
// without the server's lock and may be called again.
func (l *link) hangUp() {
	l.once.Do(func() {
		close(l.gone)
		_ = l.ws.Close() // it may be closed at the other end already
		l.s.mu.Lock()
		defer l.s.mu.Unlock()
		delete(l.s.all, l)
		if !l.ghost.Load() {
			l.s.unregister(l)
		}
		if l.aging != nil && l.s.closed {
			l.aging.Stop()
		}
		l.s.changed()
	})
}
