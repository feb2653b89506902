package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/usherbot/usher/bot/view"
)

const (
	// writeWithin is how long Slack may take to take a frame.
	writeWithin = 5 * time.Second
	// goodbyeWithin is how long the other end may take to answer a goodbye; Slack leaves TCP open after it.
	goodbyeWithin = time.Second
	// longestFrame bounds a frame; Slack's are a few kilobytes, and a click brings the message it was on.
	longestFrame = 8 << 20
	// ackTooLong is what Slack ignores without a word.
	ackTooLong = 20 << 10
)

// Slack's reasons to have a connection end.
const (
	reasonWarning = "warning"             // in about ten seconds; it brings envelopes until then
	reasonRefresh = "refresh_requested"   // now, as every few hours
	reasonOff     = "link_disabled"       // Socket Mode is switched off in the app's settings
	reasonCrowd   = "too_many_websockets" // the app has as many as it may
)

// frame is what Slack sends: a hello, a disconnect, or an envelope.
type frame struct {
	Type           string          `json:"type"`
	NumConnections int             `json:"num_connections"` // of a hello
	Reason         string          `json:"reason"`          // of a disconnect
	EnvelopeID     string          `json:"envelope_id"`
	Payload        json.RawMessage `json:"payload"`
}

// line is one WebSocket of Socket Mode. One goroutine reads it and never waits for anything else; one
// writes all that is written, so that no two writers meet. The orders to it may come from anywhere.
//
// An ack goes out on the line that its envelope came on, also when Slack has said meanwhile that the line
// is to end: it says goodbye when the acks it owes are written.
type line struct {
	ws        *websocket.Conn
	pingEvery time.Duration
	// heard takes each frame, and ended is called after the last, before gone is closed: both in the reading goroutine.
	heard func(l *line, raw []byte)
	ended func(l *line)
	// before is the line that this one succeeds, while that one may still hear.
	before *line

	out   chan outgoing
	pongs chan string
	leave func() // says goodbye and ends it; it may be called again
	left  chan struct{}
	told  chan struct{} // closed when Slack has said that it is to end, or warned of it
	gone  chan struct{} // closed when nothing is read any more

	over  func() // it is none of ours any more in the count for operators
	hears bool   // it counts among the ears; of the reading goroutine alone

	mu       sync.Mutex
	how      parting
	owed     int  // envelopes whose acks are not written
	retiring bool // it leaves as soon as it owes nothing
}

// outgoing is an ack on its way; sent has room for what became of it.
type outgoing struct {
	raw  []byte
	sent chan error
}

// parting is how a line ended, or why there was none.
type parting struct {
	err     error  // why nothing is read any more, or why no line could be opened
	greeted bool   // Slack had said hello
	reason  string // Slack's, if it gave one
	soon    bool   // within a moment of the try that opened it
	asked   bool   // we wanted it to end
}

func newLine(ws *websocket.Conn, pingEvery time.Duration, heard func(*line, []byte), ended func(*line)) *line {
	l := &line{ws: ws, pingEvery: pingEvery, heard: heard, ended: ended, out: make(chan outgoing), pongs: make(chan string, 1),
		left: make(chan struct{}), told: make(chan struct{}), gone: make(chan struct{})}
	l.leave, l.over = sync.OnceFunc(func() { close(l.left) }), func() {}
	ws.SetReadLimit(longestFrame)
	// Neither answer is written by the reader: it would stand still while a write does, and with both ends
	// doing so nobody would read any more. Of pings the latest is answered, which is all that is due.
	ws.SetPingHandler(func(data string) error {
		select {
		case l.pongs <- data:
		default:
		}
		return nil
	})
	ws.SetCloseHandler(func(int, string) error { return nil })
	return l
}

// run reads and writes until the line ends, by itself or with ctx.
func (l *line) run(ctx context.Context) {
	var writer sync.WaitGroup
	writer.Go(l.write)
	forget := context.AfterFunc(ctx, l.leave)
	defer forget()
	err := l.read()
	l.ended(l)
	l.mu.Lock()
	l.how.err = err
	l.mu.Unlock()
	close(l.gone)
	writer.Wait()
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		_ = l.control(websocket.CloseMessage, goodbye()) // an answer to theirs, if it was not the other way round
	}
	l.cut()
}

func (l *line) read() error {
	for {
		_, raw, err := l.ws.ReadMessage()
		if err != nil {
			return err
		}
		l.heard(l, raw)
	}
}

// write writes acks, pings, pongs and the goodbye until nothing is read any more. A frame that cannot be
// written ends the line.
func (l *line) write() {
	ping := time.NewTicker(l.pingEvery)
	defer ping.Stop()
	left := l.left
	for {
		var err error
		select {
		case <-l.gone:
			return
		case m := <-l.out:
			err = l.timely(func() error { return l.ws.WriteMessage(websocket.TextMessage, m.raw) })
			m.sent <- err
		case data := <-l.pongs:
			err = l.control(websocket.PongMessage, []byte(data))
		case <-ping.C:
			err = l.control(websocket.PingMessage, []byte("Ping from Usher"))
		case <-left:
			left = nil
			defer time.AfterFunc(goodbyeWithin, l.cut).Stop()
			err = l.control(websocket.CloseMessage, goodbye())
		}
		if err != nil && !errors.Is(err, websocket.ErrCloseSent) {
			l.cut()
		}
	}
}

func goodbye() []byte { return websocket.FormatCloseMessage(websocket.CloseNormalClosure, "") }

func (l *line) control(kind int, data []byte) error {
	return l.timely(func() error { return l.ws.WriteControl(kind, data, time.Time{}) })
}

// timely writes, and cuts the line if that takes too long: a timer, so that nobody here asks the time.
func (l *line) timely(write func() error) error {
	defer time.AfterFunc(writeWithin, l.cut).Stop()
	return write()
}

// cut ends the TCP connection; what it returns changes nothing, the reader hears of it.
func (l *line) cut() { _ = l.ws.Close() }

// AckCtx writes an ack that the line owes. An error means that Slack has not got it; nil that it is on its way.
func (l *line) AckCtx(ctx context.Context, envelopeID string, payload any) error {
	err := l.send(ctx, envelopeID, payload)
	if err == nil {
		l.owes(-1)
	}
	return err
}

// send writes an ack.
func (l *line) send(ctx context.Context, envelopeID string, payload any) error {
	m := outgoing{raw: view.JSON(struct {
		EnvelopeID string `json:"envelope_id"`
		Payload    any    `json:"payload,omitempty"`
	}{envelopeID, payload}), sent: make(chan error, 1)}
	if len(m.raw) >= ackTooLong {
		return fmt.Errorf("ack envelope: %d bytes, and Slack takes less than %d", len(m.raw), ackTooLong)
	}
	select {
	case l.out <- m:
	case <-l.gone:
		return fmt.Errorf("ack envelope: %w", errGone)
	case <-ctx.Done():
		return fmt.Errorf("ack envelope: %w", ctx.Err())
	}
	select {
	case err := <-m.sent:
		if err != nil {
			return fmt.Errorf("ack envelope: %w", err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("ack envelope: %w", ctx.Err())
	}
}

// errGone is why nothing can be acknowledged on a line any more.
var errGone = errors.New("its connection has ended")

// owes counts envelopes that are to be acknowledged on the line.
func (l *line) owes(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.owed = max(l.owed+n, 0)
	if l.retiring && l.owed == 0 {
		l.leave()
	}
}

// retire has the line say goodbye once it owes no acks, and no later than Slack would take one.
func (l *line) retire() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.retiring {
		return
	}
	l.retiring = true
	if l.owed == 0 {
		l.leave()
		return
	}
	time.AfterFunc(ackWithin, l.leave)
}

// dismiss is retire for a line that is good and is to end because we want it to.
func (l *line) dismiss() {
	l.mu.Lock()
	l.how.asked = true
	l.mu.Unlock()
	l.retire()
}

// greet notes a hello.
func (l *line) greet() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.how.greeted = true
}

// tell notes why Slack wants the line to end, and says whether it had been greeted.
func (l *line) tell(reason string) (greeted bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.how.reason == "" {
		close(l.told)
	}
	l.how.reason = reason
	return l.how.greeted
}

// parting is how things stand with the line.
func (l *line) parting() parting {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.how
}
