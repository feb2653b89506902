package slacksim

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"
)

const (
	slashCommands   = "slash_commands"
	interactiveKind = "interactive"
	eventsAPI       = "events_api"
)

const maxAck = 20 * 1024 // bytes; Slack ignores acks of that size and more

// dispatch sends the delivery to one connection, any of them, and starts the
// clock of the ack. Without a connection it fails at once, but an event waits
// for its next attempt.
func (s *Server) dispatch(d *Delivery) *Delivery {
	if s.closed {
		d.finish(Outcome{Error: "closed"})
		return d
	}
	s.open[d] = struct{}{}
	if len(s.links) == 0 {
		s.missed(d, "dispatch_failed")
		return d
	}
	l := s.links[s.rng.IntN(len(s.links))]
	e := &sent{d: d, id: s.newUUID(), links: []*link{l}}
	e.frame = map[string]any{"envelope_id": e.id, "type": d.kind, "payload": d.payload(l.base),
		"accepts_response_payload": d.kind != eventsAPI}
	if d.kind == eventsAPI {
		e.frame["retry_attempt"], e.frame["retry_reason"] = d.attempt, ""
		if d.attempt > 0 {
			e.frame["retry_reason"] = "timeout"
		}
	}
	s.envelopes[e.id], d.last = e, e
	l.enqueue(e.frame)
	d.after(s.opts.AckDeadline, func() {
		if !e.finished {
			e.finished = true
			s.missed(d, "operation_timeout")
		}
	})
	return d
}

// retryAfter is when Slack repeats an event that was not acknowledged: almost at
// once, after a minute, after five.
var retryAfter = []time.Duration{time.Second, time.Minute, 5 * time.Minute}

// missed decides what follows a missing ack. Only events are repeated.
func (s *Server) missed(d *Delivery, code string) {
	if d.kind != eventsAPI || d.attempt >= len(retryAfter) {
		d.fail(code)
		return
	}
	wait := retryAfter[d.attempt]
	d.attempt++
	d.after(wait, func() { s.dispatch(d) })
}

// Redeliver sends the latest envelope of a delivery once more, with the same
// envelope id, as has been seen with the real Slack. It is false where nothing
// is connected.
func (s *Server) Redeliver(d *Delivery) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.links) == 0 || d.last == nil || s.closed {
		return false
	}
	l := s.links[s.rng.IntN(len(s.links))]
	d.last.links = append(d.last.links, l)
	l.enqueue(d.last.frame)
	return true
}

// heard takes a frame from the app: an ack, or a breach of the protocol. It is
// called without the lock.
func (s *Server) heard(l *link, message []byte, fragmented bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ack struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(message, &ack); err != nil || ack.EnvelopeID == "" {
		s.violation("a frame that is no ack: %.100s", message)
		return
	}
	e := s.envelopes[ack.EnvelopeID]
	switch {
	case e == nil:
		s.violation("an ack for an unknown envelope %q", ack.EnvelopeID)
	case len(message) >= maxAck:
		s.violation("an ack of %d bytes; Slack ignores those of %d and more", len(message), maxAck)
	case fragmented:
		s.violation("an ack in fragments; Slack ignores those")
	case s.lostAcks > 0:
		s.lostAcks--
	case e.finished, !s.opts.AcceptAckAnywhere && !e.wentOutOn(l):
		// late, repeated, or on another connection: ignored, as far as is known
	default:
		e.finished = true
		s.acked(e.d, trimAck(ack.Payload))
	}
}

func (e *sent) wentOutOn(l *link) bool {
	for _, one := range e.links {
		if one == l {
			return true
		}
	}
	return false
}

// trimAck takes {} and null for no payload: some clients always send one.
func trimAck(payload json.RawMessage) json.RawMessage {
	payload = bytes.TrimSpace(payload)
	if len(payload) == 0 || bytes.Equal(payload, []byte("{}")) || bytes.Equal(payload, []byte("null")) {
		return nil
	}
	return payload
}

// answeredInAck are the kinds of interaction that are answered in the ack: a form by what becomes of it, a
// menu that asks for options by these. Slack takes no notice of what comes with any other.
var answeredInAck = []string{"view_submission", "block_suggestion"}

// bareAck names a delivery whose ack is to bear nothing; "" where it may bear something.
func bareAck(d *Delivery) string {
	switch d.kind {
	case eventsAPI:
		return "an event"
	case interactiveKind:
		if kind := str(object(d.last.frame["payload"])["type"]); !slices.Contains(answeredInAck, kind) {
			return kind
		}
	}
	return ""
}

// acked carries out what an ack brings about.
func (s *Server) acked(d *Delivery, payload json.RawMessage) {
	if what := bareAck(d); payload != nil && what != "" {
		s.violation("an ack with a payload to %s, which takes none", what)
	}
	outcome := Outcome{Acked: true, Payload: payload}
	if err := d.settle(payload); err != nil {
		outcome.Error = "bad_ack"
		s.violation("the payload of an ack: %v", err)
	}
	var form struct{ Errors map[string]string }
	if json.Unmarshal(payload, &form) == nil {
		outcome.Errors = form.Errors
	}
	d.finish(outcome)
}
