package process

import (
	"bytes"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/test/postgres"
)

// relay stands between a program and PostgreSQL. It knows where what the program says begins and ends, and can stop at a message.
type relay struct {
	l      net.Listener
	server string
	// reached is closed when the message has come at which it stops, and over when it carries nothing any more.
	reached, over chan struct{}
	mu            sync.Mutex
	// n is how many messages came, and at which it stops; heard: the server hears that one, and no answer comes back.
	n, at       int
	heard, mute bool
	// lag is how long each answer takes.
	lag time.Duration
	// cuts is in what a transaction says whose connection ends at its COMMIT; nil: none. cut counts them.
	cuts     []byte
	cutHeard bool
	cut      int
	ended    bool
	open     []net.Conn
}

// relayTo is a relay that stops nowhere, before the server of an address.
func relayTo(t *testing.T, server string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r := &relay{l: l, server: server, reached: make(chan struct{}), over: make(chan struct{})}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { r.carry(c) })
		}
	})
	t.Cleanup(func() { r.end(); all.Wait() })
	return r
}

// stopAt has it stop at a message of all connections'.
func (r *relay) stopAt(n int, heard bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at, r.heard = n, heard
}

// lags has each answer take so much longer.
func (r *relay) lags(by time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lag = by
}

// cutsAt ends the connection of the next transaction that says so, at its COMMIT: before the server hears that, or once it has answered.
func (r *relay) cutsAt(words string, heard bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cuts, r.cutHeard = []byte(words), heard
}

// wasCut reports whether that has happened.
func (r *relay) wasCut() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cuts == nil && r.cut > 0
}

// cutting says what becomes of a message on a connection, on which one may have said by now what is waited for.
func (r *relay) cutting(raw []byte, sql string, said *bool) (cut, heard bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cuts == nil {
		return false, false
	}
	if *said = *said || bytes.Contains(raw, r.cuts); !*said || sql != "commit" {
		return false, false
	}
	r.cuts, r.cut = nil, r.cut+1
	return true, r.cutHeard
}

// through is an address of a database by way of the relay.
func (r *relay) through(database string) string {
	u, err := url.Parse(database)
	if err != nil {
		panic(err)
	}
	u.Host = r.l.Addr().String()
	return u.String()
}

// messages is how many have come.
func (r *relay) messages() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

// goesOn ends every connection; whoever comes then isn't stopped.
func (r *relay) goesOn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.open {
		_ = c.Close() // it may have ended already
	}
	close(r.over)
	r.over, r.open, r.at, r.mute = make(chan struct{}), nil, 0, false
}

// end ends it.
func (r *relay) end() {
	r.goesOn()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	_ = r.l.Close() // once more is no harm
}

// keeps a connection for the end; false: that was already.
func (r *relay) keeps(c net.Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return false
	}
	r.open = append(r.open, c)
	return true
}

func (r *relay) carry(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", r.server)
	if err != nil {
		return
	}
	if !r.keeps(client) || !r.keeps(server) {
		_ = server.Close()
		return
	}
	over := r.ends()
	var back sync.WaitGroup
	defer back.Wait()
	defer func() { _ = server.Close() }()
	var unanswered atomic.Bool
	back.Go(func() {
		defer func() { _ = client.Close() }()
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			if err != nil || unanswered.Load() {
				return
			}
			if r.holdsUp(over) {
				continue
			}
			if _, err := client.Write(buf[:n]); err != nil {
				return
			}
		}
	})
	said := false
	for first := true; ; first = false {
		raw, sql, err := postgres.Message(client, first)
		if err != nil {
			return
		}
		if cut, heard := r.cutting(raw, sql, &said); cut {
			unanswered.Store(heard)
			if heard {
				_, _ = server.Write(raw) // what comes of it shows
				back.Wait()
			}
			return
		}
		stops, heard := r.counts()
		if !stops || heard {
			if _, err := server.Write(raw); err != nil {
				return
			}
		}
		if stops {
			close(r.reached)
			<-over
			return
		}
	}
}

// ends is closed when what there is by now is over.
func (r *relay) ends() chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.over
}

// counts one message, and says whether it stops there.
func (r *relay) counts() (stops, heard bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	stops = r.n == r.at
	r.mute = r.mute || stops
	return stops, r.heard
}

// holdsUp waits as long as an answer takes, and reports whether it isn't to arrive at all.
func (r *relay) holdsUp(over chan struct{}) bool {
	r.mu.Lock()
	lag, mute := r.lag, r.mute
	r.mu.Unlock()
	if lag > 0 {
		select {
		case <-over:
		case <-time.After(lag):
		}
	}
	return mute
}
