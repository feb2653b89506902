package slacksim

import (
	"encoding/json"
	"time"
)

// Delivery is one thing on its way to the app: a slash command, a click, a form,
// an event. It is done when the app acknowledged it or Slack gave up.
type Delivery struct {
	s       *Server
	kind    string                           // slash_commands, interactive or events_api
	payload func(base string) map[string]any // built for the connection it goes out on
	settle  func(ack json.RawMessage) error  // what an ack brings about
	gaveUp  func(code string)                // what the person sees instead
	started time.Time
	done    chan struct{}
	outcome Outcome
	last    *sent
	attempt int // of an event, from 0
	timers  []*time.Timer
}

// Outcome is how a delivery ended.
type Outcome struct {
	// Acked: the app acknowledged it in time.
	Acked bool `json:"acked"`
	// Error is what went wrong: operation_timeout (no ack in time), dispatch_failed
	// (nothing connected), invalid_input (Slack itself refused the form, see
	// Errors), no_such_element, no_such_view, no_such_command, no_such_channel,
	// bad_ack (the ack's payload made no sense), closed.
	Error string `json:"error,omitempty"`
	// Payload is what the ack bore, if anything.
	Payload json.RawMessage `json:"payload,omitempty"`
	// Errors are those beside a form's inputs, by block_id.
	Errors map[string]string `json:"errors,omitempty"`
	// After is how long the ack took.
	After time.Duration `json:"after"`
}

// sent is one envelope that went out.
type sent struct {
	d        *Delivery
	id       string
	frame    map[string]any
	links    []*link // it went out on
	finished bool    // acked or timed out: what comes now is late
}

// Done is closed when the delivery ended.
func (d *Delivery) Done() <-chan struct{} { return d.done }

// Wait waits for the end of the delivery and tells it.
func (d *Delivery) Wait() Outcome {
	<-d.done
	return d.Outcome()
}

// Outcome is how it ended; the zero Outcome while it has not.
func (d *Delivery) Outcome() Outcome {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.outcome
}

// EnvelopeID is the id of the latest envelope; empty if none went out.
func (d *Delivery) EnvelopeID() string {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if d.last == nil {
		return ""
	}
	return d.last.id
}

// Menu reports whether it asks for the options of a menu.
func (d *Delivery) Menu() bool {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.last != nil && str(object(d.last.frame["payload"])["type"]) == "block_suggestion"
}

// Payload is what the latest envelope bore, as the app got it.
func (d *Delivery) Payload() json.RawMessage {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if d.last == nil {
		return nil
	}
	return encode(d.last.frame["payload"])
}

// newDelivery begins one. It needs the lock, as do all below.
func (s *Server) newDelivery(kind string, payload func(string) map[string]any) *Delivery {
	return &Delivery{s: s, kind: kind, payload: payload, started: s.now(), done: make(chan struct{}),
		settle: func(json.RawMessage) error { return nil }, gaveUp: func(string) {}}
}

// stillborn is a delivery that never went out, such as a click on nothing.
func (s *Server) stillborn(code string) *Delivery {
	d := s.newDelivery("", nil)
	d.finish(Outcome{Error: code})
	return d
}

// finish ends the delivery once; a second end changes nothing.
func (d *Delivery) finish(o Outcome) {
	select {
	case <-d.done:
		return
	default:
	}
	o.After = d.s.now().Sub(d.started)
	d.outcome = o
	for _, t := range d.timers {
		t.Stop()
	}
	delete(d.s.open, d)
	close(d.done)
	d.s.changed()
}

// fail ends the delivery and shows the person why.
func (d *Delivery) fail(code string) {
	d.gaveUp(code)
	d.finish(Outcome{Error: code})
}

// after runs f under the lock when time has passed, unless the delivery ended.
func (d *Delivery) after(wait time.Duration, f func()) {
	d.timers = append(d.timers, time.AfterFunc(wait, func() {
		d.s.mu.Lock()
		defer d.s.mu.Unlock()
		select {
		case <-d.done:
		default:
			f()
		}
	}))
}

// stopDeliveries ends all that is under way, for Close.
func (s *Server) stopDeliveries() {
	for d := range s.open {
		d.finish(Outcome{Error: "closed"})
	}
}
