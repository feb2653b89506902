package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// maxQuery is how much of what is typed into a menu is sent on.
const maxQuery = 3000

// Suggest is a person typing into an external select of a modal: the app's ack bears the options. They can pick from
// what was offered, and from what stands in the menu already.
func (s *Server) Suggest(user, viewID, element, query string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.modalOf(user, viewID)
	if v == nil {
		return s.stillborn("no_such_view")
	}
	block, e := findElement(blocksOf(v.View), element)
	return s.suggest(v, block, e, query)
}

// suggest asks the app for options. What is shorter than the menu wants is not asked.
func (s *Server) suggest(v *View, block Block, e map[string]any, query string) *Delivery {
	least, given := e["min_query_length"].(float64)
	if !given {
		least = 3
	}
	switch {
	case e == nil || !isExternal(e):
		return s.stillborn("no_such_element")
	case float64(length(query)) < least:
		return s.stillborn("")
	}
	payload := s.viewPayload("block_suggestion", v)
	payload["action_id"], payload["block_id"], payload["value"] = e["action_id"], block["block_id"], query[:min(len(query), maxQuery)]
	payload["container"] = map[string]any{"type": "view", "view_id": v.ID}
	d := s.newDelivery(interactiveKind, func(string) map[string]any { return payload })
	d.settle = func(ack json.RawMessage) error {
		offered, err := readOptions(ack)
		v.offer(str(block["block_id"]), str(e["action_id"]), offered)
		return err
	}
	return s.dispatch(d)
}

func isExternal(e map[string]any) bool { return strings.HasSuffix(str(e["type"]), "external_select") }

// readOptions reads what an app offers, and holds it to the limits of options. Nothing at all is an empty list.
func readOptions(ack json.RawMessage) (offered []any, err error) {
	if ack == nil {
		return nil, nil
	}
	var menu map[string]any
	if err := json.Unmarshal(ack, &menu); err != nil {
		return nil, fmt.Errorf("decode it: %w", err)
	}
	c := Strictest.checker(InModal)
	c.object("/payload", menu, shape{fields: map[string]rule{"options": items(0, 100, option(true)), "option_groups": items(1, 100, optionGroup)},
		check: exactlyOne("options", "option_groups")})
	if len(c.problems) > 0 {
		return nil, fmt.Errorf("options of a menu: %v", c.problems)
	}
	offered = list(menu["options"])
	for _, g := range list(menu["option_groups"]) {
		offered = append(offered, list(object(g)["options"])...)
	}
	return offered, nil
}

// offer notes what can be picked in a menu now. What was offered before can still be on its way to being picked: a person sees
// a new list only when it is drawn.
func (v *View) offer(block, action string, options []any) {
	if v.offered == nil {
		v.offered = map[string][2][]any{}
	}
	at := block + " " + action
	v.offered[at] = [2][]any{options, v.offered[at][0]}
}

// choosable is an element with the options that can be picked in it: those of an external select are what was offered
// last and the time before, what it began with, and what is chosen in it.
func (v *View) choosable(b Block, e map[string]any) map[string]any {
	if !isExternal(e) {
		return e
	}
	out := cloneMap(e)
	chosen := object(object(v.State[str(b["block_id"])])[str(e["action_id"])])
	offered := v.offered[str(b["block_id"])+" "+str(e["action_id"])]
	options := slices.Concat(offered[0], offered[1], list(chosen["selected_options"]), list(e["initial_options"]))
	for _, one := range []any{chosen["selected_option"], e["initial_option"]} {
		if one != nil {
			options = append(options, one)
		}
	}
	out["options"] = options
	return out
}

// Fill is a person filling in what of a modal they have not sent yet: values as those of Submit. The app hears of it with
// whatever it hears next.
func (s *Server) Fill(user, viewID string, values map[string]any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.modalOf(user, viewID)
	if v == nil {
		return fmt.Errorf("%s has no form open", user)
	}
	defer s.changed()
	return typeInto(v, values)
}
