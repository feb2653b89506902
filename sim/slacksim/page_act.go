package slacksim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/usherbot/usher/sim/door"
)

// pageInput is what a person did on the page; each deed uses some of it.
type pageInput struct {
	As       string                               `json:"as"`
	Window   string                               `json:"window"` // where it was done: a name that the window gave itself
	Channel  string                               `json:"channel"`
	Text     string                               `json:"text"`
	TS       string                               `json:"ts"`
	Thread   string                               `json:"thread"` // the ts of the message on which the thread hangs in which it was done
	Also     bool                                 `json:"also"`   // a reply is to stand in the channel, too
	BlockID  string                               `json:"block_id"`
	ActionID string                               `json:"action_id"`
	State    map[string]any                       `json:"state"` // of a select, picker or checkboxes, as in state.values; nil for a button
	ViewID   string                               `json:"view_id"`
	Shortcut string                               `json:"shortcut"`
	Users    []string                             `json:"users"`
	Does     string                               `json:"does"`   // what an admin does with users
	Values   map[string]map[string]map[string]any `json:"values"` // block_id -> action_id -> state
}

// pageAct does a deed; nil means that nothing is under way.
type pageAct func(p *Page, in pageInput) *Delivery

var pageActs = map[string]pageAct{
	"type": func(p *Page, in pageInput) *Delivery { return p.typed(in) },
	"click": func(p *Page, in pageInput) *Delivery {
		return p.server.in(in.Window, func(s *Server) *Delivery { return s.press(in) })
	},
	"submit": func(p *Page, in pageInput) *Delivery {
		return p.server.in(in.Window, func(s *Server) *Delivery { return s.submitted(in.As, in.ViewID, formValues(in.Values)) })
	},
	"shortcut": func(p *Page, in pageInput) *Delivery {
		return p.server.in(in.Window, func(s *Server) *Delivery {
			if in.TS != "" {
				return s.shortcutOn(in.As, in.Channel, in.TS, in.Shortcut)
			}
			return s.shortcut(in.As, in.Shortcut)
		})
	},
	"suggest": func(p *Page, in pageInput) *Delivery {
		return p.server.in(in.Window, func(s *Server) *Delivery { return s.suggestAt(in) })
	},
	"close": func(p *Page, in pageInput) *Delivery { return p.server.CloseView(in.As, in.ViewID) },
	"home": func(p *Page, in pageInput) *Delivery {
		p.server.OpenHome(in.As) // an app without a Home is no fault of the person's
		return nil
	},
	"manage": func(p *Page, in pageInput) *Delivery { return p.manage(in) },
	"read": func(p *Page, in pageInput) *Delivery {
		place := in.Channel
		if in.Thread != "" {
			place = threadKey(in.Channel, in.Thread)
		}
		p.markRead(in.As, place, in.TS)
		return nil
	},
}

// typed is what a person writes, where one may write.
func (p *Page) typed(in pageInput) *Delivery {
	if p.opts.ReadOnlyApp && p.server.DMChannel(in.As) == in.Channel {
		p.server.mu.Lock()
		defer p.server.mu.Unlock()
		return p.server.stillborn("messages_tab_disabled")
	}
	text := strings.TrimSpace(in.Text)
	if in.Thread != "" {
		return p.replied(in, text)
	}
	if !strings.HasPrefix(text, "/") {
		return p.server.Say(in.As, in.Channel, text)
	}
	return p.server.in(in.Window, func(s *Server) *Delivery { return s.commanded(in.As, in.Channel, text) })
}

// replied is what a person writes in a thread, where commands don't work.
func (p *Page) replied(in pageInput, text string) *Delivery {
	if strings.HasPrefix(text, "/") {
		p.server.mu.Lock()
		defer p.server.mu.Unlock()
		return p.server.stillborn("no_command_in_thread")
	}
	return p.server.Reply(in.As, in.Channel, in.Thread, text, in.Also)
}

// in carries out what was done in a window: a form that it opens is on that screen and on no other.
func (s *Server) in(window string, do func(*Server) *Delivery) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.window = window
	defer func() { s.window = "" }()
	return do(s)
}

const maxPageInput = 1 << 20

// serveAct takes a deed from this page alone: another site's page could neither
// send JSON nor pass the check of origins.
func (p *Page) serveAct(act pageAct) http.Handler {
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in pageInput
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			pageRefuse(w, http.StatusUnsupportedMediaType, "This takes JSON.")
			return
		}
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPageInput)).Decode(&in); err != nil {
			pageRefuse(w, http.StatusBadRequest, "This cannot be read: %v", err)
			return
		}
		if !p.mayBe(in.As) {
			pageRefuse(w, http.StatusNotFound, "Nobody here has the id %s.", in.As)
			return
		}
		if in.Channel != "" && !p.sees(in.As, in.Channel) {
			pageRefuse(w, http.StatusForbidden, "%s isn't in this conversation.", in.As)
			return
		}
		p.answer(w, r, act(p, in))
	}))
}

func (p *Page) sees(as, channel string) bool {
	return slices.ContainsFunc(p.channelsOf(as), func(c Channel) bool { return c.ID == channel })
}

// answer waits for the app, so that the page can show what it pressed as busy.
// Events are not waited for: they may be sent again minutes later. What the app
// or Slack made of a deed is in the state; only a deed on nothing is refused.
func (p *Page) answer(w http.ResponseWriter, r *http.Request, d *Delivery) {
	if d == nil {
		door.Answer(w, http.StatusOK, struct{}{})
		return
	}
	if d.kind != eventsAPI {
		select {
		case <-d.Done():
		case <-r.Context().Done():
		}
	}
	outcome := d.Outcome()
	switch {
	case outcome.Errors[""] != "":
		pageRefuse(w, http.StatusBadRequest, "%s", outcome.Errors[""])
	case deedOnNothing[outcome.Error] != "":
		pageRefuse(w, http.StatusNotFound, "%s", deedOnNothing[outcome.Error])
	case d.Menu():
		door.Answer(w, http.StatusOK, map[string]any{"menu": outcome.Payload})
	default:
		door.Answer(w, http.StatusOK, struct{}{})
	}
}

// deedOnNothing has words for what is no longer there.
var deedOnNothing = map[string]string{
	"messages_tab_disabled": "Sending messages to this app has been turned off.",
	"no_command_in_thread":  "Commands don't work in threads. Use it in the channel.",
	"no_such_channel":       "This conversation is gone.",
	"no_such_message":       "This message is gone.",
	"no_such_element":       "This button is gone: the message has changed.",
	"no_such_option":        "This choice is gone.",
	"no_such_view":          "This form is no longer open.",
	"not_an_admin":          "Only the workspace's admins can do that.",
	"no_such_shortcut":      "This shortcut is gone.",
}

// press uses exactly the element that was pressed: unlike Click it goes by block
// and action, as several elements of a message may bear the same action or label. It needs the lock.
func (s *Server) press(in pageInput) *Delivery {
	if in.ViewID != "" {
		return s.pressView(in)
	}
	m := s.findMessage(in.Channel, in.TS)
	if m == nil {
		m = s.findEphemeral(in.As, in.TS)
	}
	if m == nil || m.Channel != in.Channel {
		return s.stillborn("no_such_message")
	}
	block, element := elementAt(m.allBlocks(), in.BlockID, in.ActionID)
	if element == nil {
		return s.stillborn("no_such_element")
	}
	action, err := s.actionOf(block, element, plainValue(in.State))
	if err != nil {
		return s.stillborn("no_such_option")
	}
	return s.clicked(s.users[in.As], m, action)
}

// pressView is the same for an element of a modal or of the Home.
func (s *Server) pressView(in pageInput) *Delivery {
	v := s.findView(in.ViewID)
	if v == nil || v.User != in.As {
		return s.stillborn("no_such_view")
	}
	block, element := elementAt(blocksOf(v.View), in.BlockID, in.ActionID)
	if element == nil {
		return s.stillborn("no_such_element")
	}
	if err := typeInto(v, v.still(formValues(in.Values))); err != nil {
		d := s.stillborn("invalid_input")
		d.outcome.Errors = map[string]string{"": err.Error()}
		return d
	}
	action, err := s.actionOf(block, v.choosable(block, element), plainValue(in.State))
	if err != nil {
		return s.stillborn("no_such_option")
	}
	if isStateful(action) {
		object(v.State[in.BlockID])[in.ActionID] = valueOnly(action)
	}
	payload := s.actionPayload(s.users[in.As], action)
	payload["container"], payload["view"] = map[string]any{"type": "view", "view_id": v.ID}, s.viewJSON(v)
	d := s.newDelivery(interactiveKind, func(string) map[string]any { return payload })
	d.gaveUp = func(string) { v.Warning = trouble; s.changed() }
	return s.dispatch(d)
}

// still are the values of what a view has. A page that is being drawn anew may send what the view had a moment ago.
func (v *View) still(values map[string]any) map[string]any {
	out := map[string]any{}
	for _, b := range unfolded(blocksOf(v.View)) {
		if id := str(b["block_id"]); values[id] != nil {
			out[id] = values[id]
		}
	}
	return out
}

// suggestAt is somebody typing into a menu of a modal, which is named by its block and action.
func (s *Server) suggestAt(in pageInput) *Delivery {
	v := s.modalOf(in.As, in.ViewID)
	if v == nil {
		return s.stillborn("no_such_view")
	}
	if err := typeInto(v, v.still(formValues(in.Values))); err != nil {
		return s.stillborn("no_such_option")
	}
	block, element := elementAt(blocksOf(v.View), in.BlockID, in.ActionID)
	return s.suggest(v, block, element, in.Text)
}

func elementAt(blocks []Block, blockID, actionID string) (Block, map[string]any) {
	for _, b := range unfolded(blocks) {
		for _, e := range interactive(b) {
			if str(b["block_id"]) == blockID && str(e["action_id"]) == actionID {
				return b, e
			}
		}
	}
	return nil, nil
}

// formValues are a form's inputs as Submit takes them, by block; an empty choice
// is left out, as it has no option to name.
func formValues(values map[string]map[string]map[string]any) map[string]any {
	out := map[string]any{}
	for block, actions := range values {
		for _, state := range actions {
			if value := plainValue(state); value != nil {
				out[block] = value
			}
		}
	}
	return out
}

// plainValue is what a person chose, out of an element's state: text, an
// option's value, or several; nil for nothing chosen.
func plainValue(state map[string]any) any {
	for key, v := range state {
		switch {
		case key == "type":
		case key == "value" && v == nil:
			return ""
		case key == "selected_option" && v != nil:
			return str(object(v)["value"])
		case key == "selected_options":
			values := []string{}
			for _, option := range list(v) {
				values = append(values, str(object(option)["value"]))
			}
			return values
		default:
			return v
		}
	}
	return nil
}
