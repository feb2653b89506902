// Package wire remembers what goes between a program and the simulated neighbours beside it: each HTTP call with its answer, each frame of a
// WebSocket, and what somebody changed at a neighbour by hand, as the real bytes.
//
//	wire.go     the Log: a ring of Exchanges that forgets the oldest
//	record.go   an http.Handler whose calls are kept
//	secret.go   what is never kept: tokens, keys, passwords
//
// It explains nothing: what an exchange means is for whoever shows it. An exchange is kept when it is over, so that
// it is whole; what is still in hand isn't in the Log. It waits for nothing and starts no goroutine. A nil *Log keeps nothing,
// so that a simulator needs no question before each line.
package wire

import (
	"sync"
	"time"
)

// Kind is what passed.
type Kind string

// The kinds: a call over HTTP, a frame of a WebSocket, and somebody's own hand at a neighbour.
const (
	HTTP  Kind = "http"
	Frame Kind = "frame"
	Hand  Kind = "hand"
)

// Exchange is one thing that passed.
type Exchange struct {
	N         int           // from 1, in the order in which they were over
	At        time.Time     // when it began
	Took      time.Duration // until its answer was written
	Neighbour string        // slack, seranking, semrush
	Kind      Kind
	In        bool   // of a frame: the neighbour sent it
	Link      int    // of a frame: the connection's number
	Said      string // of a hand: what was done, in a sentence
	Method    string
	URL       string // with its query
	Status    int    // of the answer; 0 where none was written
	Cut       bool   // the connection was ended before the answer was whole
	Ask       Part
	Answer    Part
}

// Part is one direction of an exchange: what stands before the body, and the body.
type Part struct {
	Header []string // "Name: value", in the order of their names
	Body   []byte
	More   int // bytes of the body beyond those kept
}

// Bounds of what is kept: bytes of one body, exchanges, and bytes of all of them.
const (
	MostBody  = 64 << 10
	MostKept  = 2000
	mostBytes = 24 << 20
)

// Log is what passed lately. It is safe for concurrent use.
type Log struct {
	now      func() time.Time
	mu       sync.Mutex
	kept     []Exchange
	last     int // the number of the latest
	bytes    int
	room     int // how many they may be
	watchers map[chan struct{}]struct{}
	each     func(Exchange)
}

// New makes an empty one; nil: the real clock.
func New(now func() time.Time) *Log {
	if now == nil {
		now = time.Now
	}
	return &Log{now: now, room: mostBytes, watchers: map[chan struct{}]struct{}{}}
}

// Telling is a Log that tells each exchange to somebody as well, in their order, before the next is kept.
func Telling(now func() time.Time, each func(Exchange)) *Log {
	l := New(now)
	l.each = each
	return l
}

// After lists what was over after number n, the oldest first.
func (l *Log) After(n int) []Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	fresh := min(max(l.last-n, 0), len(l.kept))
	return append([]Exchange(nil), l.kept[len(l.kept)-fresh:]...)
}

// Get is the exchange of a number; false: it's forgotten, or there is none yet.
func (l *Log) Get(n int) (Exchange, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := n - (l.last - len(l.kept)) - 1
	if i < 0 || i >= len(l.kept) {
		return Exchange{}, false
	}
	return l.kept[i], true
}

// Frame keeps a frame of a connection; in: the neighbour sent it.
func (l *Log) Frame(neighbour string, link int, in bool, data []byte) {
	if l == nil {
		return
	}
	l.keep(Exchange{At: l.now(), Neighbour: neighbour, Kind: Frame, In: in, Link: link, Ask: part(nil, data, 0)})
}

// Hand keeps what somebody did at a neighbour by hand, in a sentence.
func (l *Log) Hand(neighbour, said string) {
	if l == nil {
		return
	}
	l.keep(Exchange{At: l.now(), Neighbour: neighbour, Kind: Hand, Said: said})
}

// Subscribe returns a channel that holds a tick whenever something was kept since it was last read; cancel must be called when done.
func (l *Log) Subscribe() (ticks <-chan struct{}, cancel func()) {
	c := make(chan struct{}, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watchers[c] = struct{}{}
	return c, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.watchers, c)
	}
}

// keep gives an exchange its number, and forgets the oldest while there are too many, or too large ones.
func (l *Log) keep(x Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	x.N = l.last
	l.kept, l.bytes = append(l.kept, x), l.bytes+x.size()
	for len(l.kept) > MostKept || l.bytes > l.room && len(l.kept) > 1 {
		l.bytes -= l.kept[0].size()
		l.kept = l.kept[1:]
	}
	if l.each != nil {
		l.each(x)
	}
	for c := range l.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

func (x Exchange) size() int { return len(x.Ask.Body) + len(x.Answer.Body) }
