package slacksim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// initialState is values[block_id][action_id] of fresh blocks: every element
// that holds a value, with its initial one or nothing.
func initialState(blocks []Block) map[string]any {
	state := map[string]any{}
	for _, b := range unfolded(blocks) {
		for _, e := range interactive(b) {
			value := emptyValue(str(e["type"]))
			if value == nil {
				continue
			}
			for key := range value {
				if initial, ok := e["initial_"+strings.TrimPrefix(key, "selected_")]; ok {
					value[key] = initial
				}
			}
			block := str(b["block_id"])
			if state[block] == nil {
				state[block] = map[string]any{}
			}
			object(state[block])[str(e["action_id"])] = value
		}
	}
	return state
}

// emptyValue is what state holds of an untouched element; nil for a button.
func emptyValue(kind string) map[string]any {
	key, empty := valueKey(kind), any(nil)
	if key == "" {
		return nil
	}
	if isMany(kind) {
		empty = []any{}
	}
	return map[string]any{"type": kind, key: empty}
}

func isMany(kind string) bool {
	return strings.HasPrefix(kind, "multi_") || kind == "checkboxes" || kind == "file_input"
}

// valueKey names the field that bears an element's value.
func valueKey(kind string) string {
	switch kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		return "value"
	case "rich_text_input":
		return "rich_text_value"
	case "static_select", "external_select", "radio_buttons":
		return "selected_option"
	case "multi_static_select", "multi_external_select", "checkboxes":
		return "selected_options"
	case "datepicker":
		return "selected_date"
	case "timepicker":
		return "selected_time"
	case "datetimepicker":
		return "selected_date_time"
	case "file_input":
		return "files"
	}
	if plural, ok := strings.CutPrefix(kind, "multi_"); ok && strings.HasSuffix(plural, "s_select") {
		return "selected_" + strings.TrimSuffix(plural, "_select")
	}
	if one, ok := strings.CutSuffix(kind, "s_select"); ok {
		return "selected_" + one
	}
	return ""
}

// fill turns what a person chose into the element's value. Options are named by
// value or label; several choices come as a list.
func fill(e map[string]any, input any) (map[string]any, error) {
	kind := str(e["type"])
	value := emptyValue(kind)
	if value == nil {
		return nil, fmt.Errorf("a %s takes no value", kind)
	}
	key := valueKey(kind)
	switch key {
	case "selected_option":
		chosen, err := pick(e, fmt.Sprint(input))
		value[key] = chosen
		return value, err
	case "selected_options":
		chosen := []any{}
		for _, name := range several(input) {
			one, err := pick(e, name)
			if err != nil {
				return nil, err
			}
			chosen = append(chosen, one)
		}
		value[key] = chosen
		return value, tooMany(e, len(chosen))
	case "selected_date_time", "rich_text_value", "files":
		value[key] = input
		return value, nil
	}
	if isMany(kind) {
		chosen := several(input)
		value[key] = chosen
		return value, tooMany(e, len(chosen))
	}
	value[key] = nil
	if text := fmt.Sprint(input); text != "" {
		value[key] = text
	}
	return value, nil
}

// tooMany is what a menu says that is full: more can't be picked in it.
func tooMany(e map[string]any, n int) error {
	if most, limited := e["max_selected_items"].(float64); limited && float64(n) > most {
		return fmt.Errorf("no more than %v can be picked", most)
	}
	return nil
}

func several(input any) []string {
	switch v := input.(type) {
	case []string:
		return v
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, fmt.Sprint(one))
		}
		return all
	case string:
		if v == "" {
			return nil
		}
		return strings.Split(v, ",")
	}
	return nil
}

// pick finds an option by its value or its label.
func pick(e map[string]any, name string) (map[string]any, error) {
	options := slices.Clone(list(e["options"]))
	for _, g := range list(e["option_groups"]) {
		options = append(options, list(object(g)["options"])...)
	}
	for _, o := range options {
		if option := object(o); str(option["value"]) == name || labelOf(option) == name {
			return option, nil
		}
	}
	return nil, fmt.Errorf("there is no option %q", name)
}

func labelOf(o map[string]any) string { return str(object(o["text"])["text"]) }

// complaint is what Slack itself says of an input before it sends the form.
func complaint(b Block, value map[string]any) string {
	e := object(b["element"])
	content := value[valueKey(str(e["type"]))]
	text := str(content)
	empty := content == nil || text == "" && isString(content) || emptyList(content)
	least, _ := e["min_length"].(float64)
	most, limited := e["max_length"].(float64)
	if !limited {
		most = 3000
	}
	switch {
	case empty && b["optional"] == true:
		return ""
	case empty:
		return "Please complete this required field."
	case isString(content) && float64(length(text)) < least:
		return "Please write at least " + strconv.Itoa(int(least)) + " characters."
	case isString(content) && float64(length(text)) > most:
		return "Please write at most " + strconv.Itoa(int(most)) + " characters."
	case str(e["type"]) == "email_text_input" && !strings.Contains(text, "@"):
		return "Please enter a valid email address."
	}
	return numberComplaint(e, text)
}

func numberComplaint(e map[string]any, text string) string {
	if str(e["type"]) != "number_input" {
		return ""
	}
	n, err := strconv.ParseFloat(text, 64)
	low, lowErr := strconv.ParseFloat(str(e["min_value"]), 64)
	high, highErr := strconv.ParseFloat(str(e["max_value"]), 64)
	switch {
	case err != nil:
		return "Please enter a number."
	case e["is_decimal_allowed"] != true && n != float64(int64(n)):
		return "Please enter a whole number."
	case lowErr == nil && n < low, highErr == nil && n > high:
		return "Please enter a number in the allowed range."
	}
	return ""
}

func isString(v any) bool { _, ok := v.(string); return ok }

func emptyList(v any) bool {
	switch items := v.(type) {
	case []any:
		return len(items) == 0
	case []string:
		return len(items) == 0
	}
	return false
}

// copyState copies values so that a payload does not change with the form.
func copyState(state map[string]any) map[string]any {
	out := map[string]any{}
	for block, actions := range state {
		out[block] = cloneMap(object(actions))
	}
	return out
}
