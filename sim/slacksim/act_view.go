package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

const trouble = "We had some trouble connecting. Try again?"

// Submit fills a modal in and sends it. Values are named by block_id or
// action_id: text, an option's value or label, or several of them. What is not
// named stays as it is. Slack itself refuses a form with required inputs empty.
func (s *Server) Submit(user, viewID string, values map[string]any) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.submitted(user, viewID, values)
}

func (s *Server) submitted(user, viewID string, values map[string]any) *Delivery {
	v := s.modalOf(user, viewID)
	if v == nil {
		return s.stillborn("no_such_view")
	}
	v.Errors, v.Warning = map[string]string{}, ""
	if err := typeInto(v, values); err != nil {
		d := s.stillborn("invalid_input")
		d.outcome.Errors = map[string]string{"": err.Error()}
		return d
	}
	for _, b := range unfolded(blocksOf(v.View)) {
		if value := valueIn(v, b); str(b["type"]) == "input" {
			if text := complaint(b, value); text != "" {
				v.Errors[str(b["block_id"])] = text
			}
		}
	}
	if len(v.Errors) > 0 {
		s.changed()
		d := s.stillborn("invalid_input")
		d.outcome.Errors = cloneMap(v.Errors)
		return d
	}
	return s.send(v, func(map[string]any) {})
}

// Garbled sends a modal as a broken client or a future Slack would: its payload, with the view in it, is
// what alter makes of it. The view stays or goes by the answer, as any other does.
func (s *Server) Garbled(user, viewID string, alter func(payload map[string]any)) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.modalOf(user, viewID)
	if v == nil {
		return s.stillborn("no_such_view")
	}
	v.Errors, v.Warning = map[string]string{}, ""
	return s.send(v, alter)
}

// send delivers a modal that was sent, and does what the answer asks.
func (s *Server) send(v *View, alter func(payload map[string]any)) *Delivery {
	payload := s.viewPayload("view_submission", v)
	payload["response_urls"], payload["trigger_id"] = []any{}, s.newTrigger(v.User)
	alter(payload)
	d := s.newDelivery(interactiveKind, func(string) map[string]any { return payload })
	d.gaveUp = func(string) { v.Warning = trouble; s.changed() }
	d.settle = func(ack json.RawMessage) error { return s.answerForm(v, ack) }
	return s.dispatch(d)
}

// modalOf finds a modal of a user; an empty id is the one on top, of no window in particular.
func (s *Server) modalOf(user, id string) *View {
	if stack := s.modals[hand{user: user}]; id == "" && len(stack) > 0 {
		return stack[len(stack)-1]
	}
	if v := s.findView(id); v != nil && v.User == user && slices.Contains(s.modals[v.hand()], v) {
		return v
	}
	return nil
}

// typeInto puts values into the inputs of a view.
func typeInto(v *View, values map[string]any) error {
	left := cloneMap(values)
	for _, b := range unfolded(blocksOf(v.View)) {
		for _, e := range interactive(b) {
			for _, name := range slices.Compact([]string{str(e["action_id"]), str(b["block_id"])}) {
				input, given := left[name]
				if !given {
					continue
				}
				delete(left, name)
				filled, err := fill(v.choosable(b, e), input)
				if err != nil {
					return fmt.Errorf("fill %s: %w", name, err)
				}
				object(v.State[str(b["block_id"])])[str(e["action_id"])] = filled
			}
		}
	}
	for name := range left {
		return fmt.Errorf("there is no input %q", name)
	}
	return nil
}

func valueIn(v *View, b Block) map[string]any {
	return object(object(v.State[str(b["block_id"])])[str(object(b["element"])["action_id"])])
}

func (s *Server) viewPayload(kind string, v *View) map[string]any {
	u := s.users[v.User]
	payload := map[string]any{
		"type": kind, "user": map[string]any{"id": u.ID, "name": u.Name, "team_id": s.homeOf(u)},
		"api_app_id": AppID, "token": "slacksim", "view": s.viewJSON(v),
	}
	maps.Copy(payload, s.origin(u))
	return payload
}

// answerForm does what the ack of a form asks: nothing closes it, errors stand
// beside its inputs, update and push show another, clear closes all.
func (s *Server) answerForm(v *View, ack json.RawMessage) error {
	var reply struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   map[string]any    `json:"view"`
	}
	if ack != nil {
		if err := json.Unmarshal(ack, &reply); err != nil {
			return fmt.Errorf("decode it: %w", err)
		}
	}
	switch reply.Action {
	case "":
		s.closeView(v)
		return nil
	case "errors":
		return s.showErrors(v, reply.Errors)
	case "clear":
		s.modals[v.hand()] = nil
		s.changed()
		return nil
	case "update", "push":
		if err := s.checkView("response_action "+reply.Action, reply.View); err != nil {
			v.Warning = trouble
			return err
		}
		if reply.Action == "update" {
			s.replaceView(v, reply.View)
			return nil
		}
		_, err := s.push(v.hand(), reply.View)
		return err
	}
	v.Warning = trouble
	return fmt.Errorf("unknown response_action %q", reply.Action)
}

// showErrors puts errors beside inputs; for any other block they would not be seen.
func (s *Server) showErrors(v *View, errors map[string]string) error {
	inputs := map[string]bool{}
	for _, b := range blocksOf(v.View) {
		inputs[str(b["block_id"])] = str(b["type"]) == "input"
	}
	if len(errors) == 0 {
		return fmt.Errorf("response_action errors without errors")
	}
	v.Errors = errors
	s.changed()
	for block := range errors {
		if !inputs[block] {
			return fmt.Errorf("an error for %q, which is no input of the form", block)
		}
	}
	return nil
}

// CloseView is a person canceling a modal; an empty id is the one on top. The
// app hears of it if the view has notify_on_close.
func (s *Server) CloseView(user, viewID string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.modalOf(user, viewID)
	if v == nil {
		return s.stillborn("no_such_view")
	}
	return s.closedBy(v, false)
}

// CloseAllViews is a person closing the whole stack by the cross in the corner.
func (s *Server) CloseAllViews(user string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	stack := s.modals[hand{user: user}]
	if len(stack) == 0 {
		return s.stillborn("no_such_view")
	}
	return s.closedBy(stack[0], true)
}

func (s *Server) closedBy(v *View, cleared bool) *Delivery {
	payload := s.viewPayload("view_closed", v)
	payload["is_cleared"] = cleared
	notify := v.View["notify_on_close"] == true
	s.closeView(v)
	if v.View["clear_on_close"] == true {
		s.modals[v.hand()] = nil
	}
	if !notify {
		return s.stillborn("")
	}
	return s.dispatch(s.newDelivery(interactiveKind, func(string) map[string]any { return payload }))
}

// ClickView uses an element of a modal or a Home (viewID, or "home"): a button,
// or with a value any other element outside of input blocks.
func (s *Server) ClickView(user, viewID, element string, value any) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.modalOf(user, viewID)
	if viewID == "home" || s.homes[user] != nil && s.homes[user].ID == viewID {
		v = s.homes[user]
	}
	if v == nil {
		return s.stillborn("no_such_view")
	}
	return s.clickedIn(user, v, element, value)
}

// ClickOldHome presses a button of a Home as it was before it changed, on a screen that lags.
func (s *Server) ClickOldHome(user string, was View, button string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clickedIn(user, &was, button, nil)
}

func (s *Server) clickedIn(user string, v *View, element string, value any) *Delivery {
	block, e := findElement(blocksOf(v.View), element)
	if e == nil || str(block["type"]) == "input" && block["dispatch_action"] != true {
		return s.stillborn("no_such_element")
	}
	action, err := s.actionOf(block, v.choosable(block, e), value)
	if err != nil {
		return s.stillborn("no_such_option")
	}
	if isStateful(action) {
		object(v.State[str(block["block_id"])])[str(e["action_id"])] = valueOnly(action)
	}
	payload := s.actionPayload(s.users[user], action)
	payload["container"] = map[string]any{"type": "view", "view_id": v.ID}
	payload["view"] = s.viewJSON(v)
	d := s.newDelivery(interactiveKind, func(string) map[string]any { return payload })
	d.gaveUp = func(string) { v.Warning = trouble; s.changed() }
	return s.dispatch(d)
}
