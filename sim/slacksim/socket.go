package slacksim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

const maxLinks = 10 // connections of one app

// socket is the state of Socket Mode.
type socket struct {
	tickets   map[string]bool    // given out by apps.connections.open; true once used
	links     []*link            // registered: they get envelopes and count in num_connections
	all       map[*link]struct{} // every connection that is not yet closed, registered or not
	envelopes map[string]*sent   // by envelope id
	open      map[*Delivery]struct{}
	opened    int
	off       bool // Socket Mode is switched off in the app's settings
}

func newSocket() socket {
	return socket{tickets: map[string]bool{}, all: map[*link]struct{}{}, envelopes: map[string]*sent{},
		open: map[*Delivery]struct{}{}}
}

// connectionsOpen hands out the URL of one connection.
func (s *Server) connectionsOpen(c *call) (answer, error) {
	ticket := s.newUUID()
	s.tickets[ticket] = false
	base, err := url.Parse(c.base)
	if err != nil {
		return nil, fail("internal_error")
	}
	base.Scheme = map[string]string{"http": "ws", "https": "wss"}[base.Scheme]
	base.Path, base.RawQuery = "/link/", url.Values{"ticket": {ticket}, "app_id": {AppID}}.Encode()
	return answer{"url": base.String(), "response_metadata": map[string]any{
		"scopes": s.opts.AppScopes, "acceptedScopes": []string{"connections:write"}}}, nil
}

// Connections counts those Slack believes in, ghosts included.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.links)
}

// serveLink makes a WebSocket connection of a ticket and serves it to its end.
func (s *Server) serveLink(w http.ResponseWriter, r *http.Request) {
	fault := s.takeFault("link")
	if fault != nil && s.strike(w, r, fault, s.note("link", nil, fault.String(), false)) {
		return
	}
	if r.Host == foreignHost {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.violation("opened a connection at an address that is not Slack's")
		http.Error(w, "not here", http.StatusForbidden)
		return
	}
	if !s.redeem(r.URL.Query().Get("ticket")) {
		http.Error(w, "invalid ticket", http.StatusForbidden) // how Slack refuses is not documented
		return
	}
	defer s.wg.Done()
	sniffer := &sniffer{}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(&sniffingWriter{w, sniffer}, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	life := s.opts.ConnectionLife
	if r.URL.Query().Get("debug_reconnects") == "true" {
		life = 360 * time.Second
	}
	if l := s.register(ws, baseURL(r), life, sniffer); l != nil {
		s.wg.Go(l.read)
		l.write()
	}
}

// redeem uses a ticket up. On success Close waits for the connection, so the
// caller owes s.wg a Done.
func (s *Server) redeem(ticket string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	used, known := s.tickets[ticket]
	if !known || used {
		s.violation("opened a connection with a ticket that is unknown or used")
		return false
	}
	if s.closed {
		return false
	}
	s.tickets[ticket] = true
	s.wg.Add(1)
	return true
}

// register adds a connection and says hello; the eleventh is told to go instead, and so is everyone while
// Socket Mode is switched off.
func (s *Server) register(ws *websocket.Conn, base string, life time.Duration, sniffer *sniffer) *link {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = ws.Close() // nothing was promised on it yet
		return nil
	}
	s.opened++
	l := newLink(s, s.opened, ws, base, life, sniffer)
	s.all[l] = struct{}{}
	if reason := s.unwanted(); reason != "" {
		l.disconnect(reason)
		return l
	}
	s.links = append(s.links, l)
	l.enqueue(map[string]any{
		"type": "hello", "num_connections": len(s.links),
		"debug_info": map[string]any{"host": l.host(), "build_number": 14,
			"approximate_connection_time": max(0, int(life/time.Second))},
		"connection_info": map[string]any{"app_id": AppID},
	})
	s.changed()
	return l
}

// unwanted is why a new connection is told to go instead of hello; "": it is not.
func (s *Server) unwanted() string {
	switch {
	case s.off:
		return "link_disabled"
	case len(s.links) >= maxLinks:
		return "too_many_websockets"
	}
	return ""
}

// unregister stops a connection from getting envelopes.
func (s *Server) unregister(l *link) {
	s.links = slices.DeleteFunc(s.links, func(other *link) bool { return other == l })
}

func (s *Server) everyLink() []*link {
	links := make([]*link, 0, len(s.all))
	for l := range s.all {
		links = append(links, l)
	}
	return links
}

// SocketMode switches Socket Mode on or off in the app's settings. Switched off, every connection and each
// new one is told link_disabled; addresses for connections are handed out all the same.
func (s *Server) SocketMode(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off = !on
	for _, l := range s.healthy() {
		if s.off {
			l.disconnect("link_disabled")
		}
	}
}

// Refresh recycles the oldest connection as Slack does every few hours:
// disconnect with refresh_requested. It is false where there is none.
func (s *Server) Refresh() bool { return s.Disconnect("refresh_requested") }

// RefreshAll recycles every connection at once and says how many there were.
func (s *Server) RefreshAll() int { return s.DisconnectAll("refresh_requested") }

// Disconnect sends a disconnect frame on the oldest healthy connection. After
// "warning" it lives ten seconds more, then is refreshed; after any other reason
// (refresh_requested, link_disabled, too_many_websockets) it gets nothing any more.
func (s *Server) Disconnect(reason string) bool { return s.disconnect(reason, 1) > 0 }

// DisconnectAll sends a disconnect frame on every healthy connection at once and says how many there were.
func (s *Server) DisconnectAll(reason string) int { return s.disconnect(reason, maxLinks) }

func (s *Server) disconnect(reason string, most int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, l := range s.healthy() {
		if n < most && !(reason == "warning" && l.warned) {
			l.disconnect(reason)
			n++
		}
	}
	return n
}

// healthy are the registered connections that are not half-open, the oldest first. It needs the lock.
func (s *Server) healthy() []*link {
	return slices.DeleteFunc(slices.Clone(s.links), func(l *link) bool { return l.ghost.Load() })
}

// Drop cuts the oldest healthy connection without a word.
func (s *Server) Drop() bool { return s.drop(1) > 0 }

// DropAll cuts every healthy connection at once, without a word, and says how many there were.
func (s *Server) DropAll() int { return s.drop(maxLinks) }

func (s *Server) drop(most int) int {
	s.mu.Lock()
	victims := s.healthy()
	victims = victims[:min(most, len(victims))]
	for _, l := range victims {
		s.unregister(l)
	}
	s.mu.Unlock()
	for _, l := range victims {
		l.hangUp()
	}
	return len(victims)
}

// Ghost makes the oldest healthy connection half-open: it counts in
// num_connections and takes its share of envelopes, but nothing arrives, no
// ping comes, and what the app sends is not heard. It ages out after
// Options.GhostLife, whatever the app does meanwhile.
func (s *Server) Ghost() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.links {
		if !l.ghost.Load() {
			l.ghost.Store(true)
			l.aging = time.AfterFunc(s.opts.GhostLife, func() { s.bury(l) })
			return true
		}
	}
	return false
}

// BuryGhosts lets every half-open connection age out now.
func (s *Server) BuryGhosts() {
	s.mu.Lock()
	links := slices.DeleteFunc(slices.Clone(s.links), func(l *link) bool { return !l.ghost.Load() })
	s.mu.Unlock()
	for _, l := range links {
		s.bury(l)
	}
}

func (s *Server) bury(l *link) {
	s.mu.Lock()
	s.unregister(l)
	s.mu.Unlock()
	l.hangUp()
}

// host names the machine at Slack's end, as in its hello and its pings.
func (l *link) host() string { return fmt.Sprintf("applink-%d", l.id) }

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode a frame of our own: %v", err)) // only values that JSON knows are put in
	}
	return raw
}
