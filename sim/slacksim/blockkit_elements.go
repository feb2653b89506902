package slacksim

import (
	"fmt"
	"time"
)

// Which elements may stand where.
var (
	sectionElements = []string{"button", "checkboxes", "datepicker", "image", "overflow", "radio_buttons", "timepicker",
		"workflow_button", "static_select", "external_select", "users_select", "conversations_select", "channels_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select"}
	actionElements = []string{"button", "checkboxes", "datepicker", "datetimepicker", "overflow", "radio_buttons", "timepicker",
		"workflow_button", "static_select", "external_select", "users_select", "conversations_select", "channels_select"}
	inputElements = []string{"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input",
		"checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker", "file_input",
		"static_select", "external_select", "users_select", "conversations_select", "channels_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select"}
)

var id255 = text(1, 255)

var confirmShape = shape{
	fields: map[string]rule{"title": plainText(100), "text": anyText(300), "confirm": plainText(30), "deny": plainText(30),
		"style": enum("primary", "danger")},
	need: []string{"title", "text", "confirm", "deny"},
}

// option is a choice; plain says that its text may not be mrkdwn.
func option(plain bool) rule {
	return shaped(shape{
		fields: map[string]rule{"text": textObject(75, plain), "value": text(1, 150),
			"description": textObject(75, plain), "url": url3000},
		need: []string{"text", "value"},
	})
}

var optionGroup = shaped(shape{
	fields: map[string]rule{"label": plainText(75), "options": items(1, 100, option(true))},
	need:   []string{"label", "options"},
})

// thumb is one of two feedback buttons.
func thumb() rule {
	return shaped(shape{fields: map[string]rule{"text": plainText(75), "value": text(1, 2000), "accessibility_label": text(1, 75)},
		need: []string{"text", "value"}})
}

// with makes a shape of an interactive element: its own fields beside the ones
// they all have.
func with(fields map[string]rule, need ...string) shape {
	all := map[string]rule{"action_id": id255, "confirm": shaped(confirmShape), "focus_on_load": boolean}
	for name, check := range fields {
		all[name] = check
	}
	return shape{fields: all, need: need}
}

func checked(s shape, checks ...func(*checker, string, map[string]any)) shape {
	s.check = func(c *checker, at string, o map[string]any) {
		for _, check := range checks {
			check(c, at, o)
		}
	}
	return s
}

// elementShapes are the elements and what each may hold.
var elementShapes = buildElementShapes()

func buildElementShapes() map[string]shape {
	shapes := map[string]shape{
		"button": with(map[string]rule{"text": plainText(75), "value": text(0, 2000), "url": url3000,
			"style": enum("primary", "danger"), "accessibility_label": text(1, 75)}, "text"),
		"workflow_button": with(map[string]rule{"text": plainText(75), "workflow": anything, "style": enum("primary", "danger"),
			"accessibility_label": text(1, 75)}, "text", "workflow", "action_id"),
		"icon_button": with(map[string]rule{"icon": enum("trash"), "text": plainText(75), "value": text(0, 2000),
			"accessibility_label": text(1, 75), "visible_to_user_ids": anything}, "icon", "text"),
		"feedback_buttons": with(map[string]rule{"positive_button": thumb(), "negative_button": thumb()},
			"positive_button", "negative_button"),
		"image":         imageShape,
		"overflow":      with(map[string]rule{"options": items(1, 5, option(true))}, "options"),
		"checkboxes":    with(map[string]rule{"options": items(1, 10, option(false)), "initial_options": items(1, 10, option(false))}, "options"),
		"radio_buttons": with(map[string]rule{"options": items(1, 10, option(false)), "initial_option": option(false)}, "options"),
		"datepicker":    with(map[string]rule{"initial_date": pattern("2006-01-02"), "placeholder": plainText(150)}),
		"timepicker":    with(map[string]rule{"initial_time": pattern("15:04"), "placeholder": plainText(150), "timezone": text(1, 255)}),
		"datetimepicker": with(map[string]rule{
			"initial_date_time": number(1e9, 1e10-1)}),
		"plain_text_input": checked(with(map[string]rule{"initial_value": text(0, 3000), "multiline": boolean, "min_length": number(0, 3000),
			"max_length": number(1, 3000), "placeholder": plainText(150), "dispatch_action_config": anything}), lengthsInOrder),
		"email_text_input": with(map[string]rule{"initial_value": text(0, 3000), "placeholder": plainText(150), "dispatch_action_config": anything}),
		"url_text_input":   with(map[string]rule{"initial_value": text(0, 3000), "placeholder": plainText(150), "dispatch_action_config": anything}),
		"number_input": with(map[string]rule{"is_decimal_allowed": boolean, "initial_value": text(0, 255), "min_value": text(1, 255),
			"max_value": text(1, 255), "placeholder": plainText(150), "dispatch_action_config": anything}, "is_decimal_allowed"),
		"rich_text_input": with(map[string]rule{"initial_value": anything, "placeholder": plainText(150), "dispatch_action_config": anything}, "action_id"),
		"file_input":      with(map[string]rule{"filetypes": items(1, 100, text(1, 50)), "max_files": number(1, 10)}),
	}
	addSelects(shapes)
	return shapes
}

// addSelects adds the five selects, each for one choice and for many.
func addSelects(shapes map[string]shape) {
	single := map[string]rule{"placeholder": plainText(150)}
	for _, kind := range []string{"users", "conversations", "channels"} {
		one, many := cloneMap(single), cloneMap(single)
		one["initial_"+kind[:len(kind)-1]] = text(1, 255)
		many["initial_"+kind], many["max_selected_items"] = items(1, 100, text(1, 255)), number(1, 100)
		if kind != "users" {
			one["response_url_enabled"], one["filter"], many["filter"] = boolean, anything, anything
			one["default_to_current_conversation"], many["default_to_current_conversation"] = boolean, boolean
		}
		shapes[kind+"_select"], shapes["multi_"+kind+"_select"] = with(one), checked(with(many), noMoreThanSelectable("initial_"+kind))
	}
	one := map[string]rule{"placeholder": plainText(150), "options": items(1, 100, option(true)),
		"option_groups": items(1, 100, optionGroup), "initial_option": option(true)}
	many := cloneMap(one)
	delete(many, "initial_option")
	many["initial_options"], many["max_selected_items"] = items(1, 100, option(true)), number(1, 100)
	shapes["static_select"] = checked(with(one), exactlyOne("options", "option_groups"))
	shapes["multi_static_select"] = checked(with(many), exactlyOne("options", "option_groups"), noMoreThanSelectable("initial_options"))
	external := map[string]rule{"placeholder": plainText(150), "min_query_length": number(0, 100), "initial_option": option(true)}
	externals := cloneMap(external)
	delete(externals, "initial_option")
	externals["initial_options"], externals["max_selected_items"] = items(1, 100, option(true)), number(1, 100)
	shapes["external_select"], shapes["multi_external_select"] = with(external), checked(with(externals), noMoreThanSelectable("initial_options"))
}

// pattern is a date or time in Go's layout.
func pattern(layout string) rule {
	return func(c *checker, at string, v any) {
		if _, err := time.Parse(layout, str(v)); err != nil {
			c.add(at, fmt.Sprintf("must look like %s", layout), "format", layout)
		}
	}
}

func lengthsInOrder(c *checker, at string, o map[string]any) {
	least, _ := o["min_length"].(float64)
	most, limited := o["max_length"].(float64)
	if limited && least > most {
		c.add(at+"/min_length", "must not be more than max_length", "range", most)
	}
}
