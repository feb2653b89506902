package slacksim

import (
	"encoding/json"
	"slices"
)

const maxStack = 3 // modals on top of each other

func (s *Server) viewsOpen(c *call) (answer, error) {
	raw, err := s.readView(c, "modal")
	if err != nil {
		return nil, err
	}
	by, err := s.exchange(c)
	if err != nil {
		return nil, err
	}
	v := s.newView(by, raw)
	v.Root = v.ID
	s.modals[by] = []*View{v}
	s.changed()
	return answer{"view": s.viewJSON(v)}, nil
}

func (s *Server) viewsPush(c *call) (answer, error) {
	raw, err := s.readView(c, "modal")
	if err != nil {
		return nil, err
	}
	by, err := s.exchange(c)
	if err != nil {
		return nil, err
	}
	v, err := s.push(by, raw)
	if err != nil {
		return nil, err
	}
	return answer{"view": s.viewJSON(v)}, nil
}

// push lays a view on the stack of a user's window.
func (s *Server) push(by hand, raw map[string]any) (*View, error) {
	stack := s.modals[by]
	if len(stack) >= maxStack {
		return nil, fail("push_limit_reached")
	}
	v := s.newView(by, raw)
	v.Root = v.ID
	if len(stack) > 0 {
		v.Root, v.Previous = stack[0].ID, stack[len(stack)-1].ID
	}
	s.modals[by] = append(stack, v)
	s.changed()
	return v, nil
}

func (s *Server) viewsUpdate(c *call) (answer, error) {
	raw, err := s.readView(c, "modal")
	if err != nil {
		return nil, err
	}
	v := s.viewFor(c)
	switch {
	case v == nil:
		return nil, fail("not_found")
	case c.has("hash") && c.str("hash") != v.Hash:
		return nil, fail("hash_conflict")
	}
	s.replaceView(v, raw)
	return answer{"view": s.viewJSON(v)}, nil
}

func (s *Server) viewFor(c *call) *View {
	if id := c.str("view_id"); id != "" {
		return s.findView(id)
	}
	for _, stack := range s.modals {
		for _, v := range stack {
			if external := c.str("external_id"); external != "" && v.External == external {
				return v
			}
		}
	}
	return nil
}

func (s *Server) viewsPublish(c *call) (answer, error) {
	raw, err := s.readView(c, "home")
	if err != nil {
		return nil, err
	}
	user, v := c.str("user_id"), s.homes[c.str("user_id")]
	switch {
	case s.opts.HomeDisabled:
		return nil, fail("not_enabled")
	case s.users[user] == nil:
		return nil, fail("invalid_arguments", "[ERROR] unknown user_id")
	case v != nil && c.has("hash") && c.str("hash") != v.Hash:
		return nil, fail("hash_conflict")
	case v != nil:
		s.replaceView(v, raw)
	default:
		v = s.newView(hand{user: user}, raw)
		v.Root = v.ID
		s.homes[user] = v
		s.changed()
	}
	return answer{"view": s.viewJSON(v)}, nil
}

// readView takes the view argument and holds it to the rules of its surface.
func (s *Server) readView(c *call, kind string) (map[string]any, error) {
	var raw map[string]any
	if !c.has("view") {
		return nil, missing("view")
	}
	if c.decode("view", &raw) != nil {
		return nil, fail("invalid_arguments", "[ERROR] view is no object")
	}
	if str(raw["type"]) != kind {
		return nil, fail("invalid_arguments", "[ERROR] must be of type "+kind+" [json-pointer:/view/type]")
	}
	if err := s.checkView(c.method, raw); err != nil {
		return nil, err
	}
	return raw, nil
}

// checkView answers a wrong view as views.open does. A wrong view is a violation.
func (s *Server) checkView(method string, raw map[string]any) error {
	text, err := json.Marshal(raw)
	if err != nil {
		return fail("invalid_arguments")
	}
	if len(text) > 250_000 {
		s.violation("%s with a view of %d bytes", method, len(text))
		return fail("view_too_large")
	}
	problems := s.manners.Reading.View(text)
	if len(problems) == 0 {
		if takesFiles(raw) && !slices.Contains(s.opts.Scopes, "files:read") {
			s.violation("%s with a field for files, without the scope files:read: nobody could read what is added", method)
		}
		return nil
	}
	s.violation("%s with an invalid view: %v", method, problems)
	return &apiError{code: "invalid_arguments", messages: problemLines(problems)}
}

// takesFiles reports whether a view has a field for files.
func takesFiles(view map[string]any) bool {
	return slices.ContainsFunc(blocksOf(view), func(b Block) bool { return str(object(b["element"])["type"]) == "file_input" })
}

func (s *Server) newView(by hand, raw map[string]any) *View {
	v := &View{ID: s.newID("V"), User: by.user, window: by.window}
	s.fillView(v, raw)
	return v
}

// replaceView puts new content into a view. Values stay where block_id and
// action_id do, and the element is of the same type.
func (s *Server) replaceView(v *View, raw map[string]any) {
	typed := v.State
	s.fillView(v, raw)
	for block, actions := range v.State {
		for action := range object(actions) {
			old, ok := object(typed[block])[action]
			if ok && object(old)["type"] == object(object(actions)[action])["type"] {
				object(actions)[action] = old
			}
		}
	}
	s.changed()
}

func (s *Server) fillView(v *View, raw map[string]any) {
	blocks := blocksOf(raw)
	s.fillIDs(blocks)
	v.View, v.Hash, v.External = raw, s.newHash(), str(raw["external_id"])
	v.Errors, v.Warning = nil, ""
	v.State = initialState(blocks)
}

func blocksOf(raw map[string]any) []Block {
	var blocks []Block
	for _, b := range list(raw["blocks"]) {
		if m := object(b); m != nil {
			blocks = append(blocks, m)
		}
	}
	return blocks
}

// viewJSON is a view as answers and payloads show it.
func (s *Server) viewJSON(v *View) map[string]any {
	out := map[string]any{
		"id": v.ID, "team_id": TeamID, "type": v.View["type"], "blocks": v.View["blocks"],
		"private_metadata": str(v.View["private_metadata"]), "callback_id": str(v.View["callback_id"]),
		"state": map[string]any{"values": copyState(v.State)}, "hash": v.Hash,
		"clear_on_close": v.View["clear_on_close"] == true, "notify_on_close": v.View["notify_on_close"] == true,
		"root_view_id": v.Root, "previous_view_id": nil, "app_id": AppID, "external_id": v.External,
		"app_installed_team_id": TeamID, "bot_id": BotID,
		"title": v.View["title"], "close": v.View["close"], "submit": v.View["submit"],
	}
	if v.Previous != "" {
		out["previous_view_id"] = v.Previous
	}
	if str(v.View["type"]) == "home" {
		out["title"] = map[string]any{"type": "plain_text", "text": "View Title", "emoji": true}
	}
	return out
}

// closeView takes one view off its stack, and with it those above.
func (s *Server) closeView(v *View) {
	stack := s.modals[v.hand()]
	if i := slices.Index(stack, v); i >= 0 {
		s.modals[v.hand()] = stack[:i:i]
	}
	s.changed()
}
