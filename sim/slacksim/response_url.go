package slacksim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// serveResponseURL takes an answer to a slash command or a click. It needs no
// token and works where the bot is no member. Success is the text "ok"; the
// failures' exact bodies are remembered, not documented.
func (s *Server) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	c := &call{method: "response_url", args: map[string]any{}, base: baseURL(r)}
	if err == nil {
		err = json.Unmarshal(body, &c.args)
	}
	fault := s.takeFault(c.method)
	if fault != nil && !fault.After && s.strike(w, r, fault, s.note(c.method, c.args, fault.String(), false)) {
		return
	}
	if err != nil {
		err = fail("invalid_payload")
	} else {
		err = s.respond(r.URL.Path, c)
	}
	entry := s.note(c.method, c.args, outcome(err), err == nil)
	said := "ok"
	switch {
	case fault == nil || !fault.After:
	case fault.Kind.lying():
		s.mu.Lock()
		said, entry.Answer = hooked[fault.Kind], string(fault.Kind)
		s.mu.Unlock()
	case s.strike(w, r, fault, entry):
		return
	}
	if err != nil {
		writeRefusal(w, err)
		return
	}
	if s.terse() {
		return // net/http writes a 200 with nothing
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, said)
}

func (s *Server) terse() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.manners.TerseHooks
}

func writeRefusal(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	status := http.StatusBadRequest
	if code := err.Error(); code == "used_url" || code == "expired_url" || code == "no_service" {
		status = http.StatusNotFound
	}
	if limited, ok := err.(*rateLimited); ok {
		w.Header().Set("Retry-After", strconv.Itoa(int((limited.after+time.Second-1)/time.Second)))
		status = http.StatusTooManyRequests
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": false, "error": err.Error()})
}

// respond carries out what was posted to a response URL.
func (s *Server) respond(path string, c *call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.responses[path]
	switch {
	case p == nil:
		s.violation("posted to a response URL that was never given out")
		return fail("no_service")
	case s.now().After(p.expires):
		s.violation("posted to a response URL after its 30 minutes")
		return fail("expired_url")
	case p.uses >= responseUses:
		s.violation("posted more than %d times to a response URL", responseUses)
		return fail("used_url")
	}
	if err := s.admit(c.method); err != nil {
		return err
	}
	d, err := s.readDraft(c)
	if err != nil {
		return err
	}
	p.uses++
	return s.answerThrough(p, c, d)
}

// answerThrough deletes or replaces the message that was clicked, or adds one:
// to the user alone unless response_type is in_channel.
func (s *Server) answerThrough(p *responseURL, c *call, d *draft) error {
	original := s.originalOf(p)
	switch {
	case c.flag("delete_original"):
		if original == nil {
			return fail("message_not_found")
		}
		original.Deleted = true
		s.changed()
		return nil
	case c.flag("replace_original") && original != nil:
		s.revise(original, d)
		return nil
	case d.text == "" && len(d.blocks) == 0 && len(d.attachments) == 0:
		return fail("no_text")
	}
	s.say(p, c.str("response_type"), d)
	return nil
}

// say shows an answer to one or to all, and remembers it for replace_original.
func (s *Server) say(p *responseURL, responseType string, d *draft) {
	channel := s.channels[p.channel]
	if strings.EqualFold(responseType, "in_channel") && channel != nil {
		m := s.post(channel, d)
		s.remember(p, m)
		return
	}
	s.remember(p, s.whisper(p.channel, p.user, d))
}

// remember makes m what replace_original means, where nothing was clicked.
func (s *Server) remember(p *responseURL, m *Message) {
	if p.ts == "" {
		p.ts, p.ephemeral = m.TS, m.EphemeralTo != ""
	}
}

func (s *Server) originalOf(p *responseURL) *Message {
	if p.ephemeral {
		return s.findEphemeral(p.user, p.ts)
	}
	return s.findMessage(p.channel, p.ts)
}
