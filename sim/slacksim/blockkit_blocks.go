package slacksim

import (
	"fmt"
	"slices"
)

var imageShape = checked(shape{
	fields: map[string]rule{"image_url": url3000, "slack_file": anything, "alt_text": text(1, 2000)},
	need:   []string{"alt_text"},
}, exactlyOne("image_url", "slack_file"))

// blockOf makes a block's shape: its own fields beside block_id.
func blockOf(fields map[string]rule, need ...string) shape {
	all := map[string]rule{"block_id": id255}
	for name, check := range fields {
		all[name] = check
	}
	return shape{fields: all, need: need}
}

// blockShapes are the blocks and what each may hold. Those an approval bot has
// no use for are held to their outer limits only.
var blockShapes = buildBlockShapes()

func buildBlockShapes() map[string]shape {
	contextElement := func(c *checker, at string, v any) {
		if t := str(object(v)["type"]); t == "image" {
			shaped(imageShape)(c, at, v)
			return
		}
		anyText(3000)(c, at, v)
	}
	return map[string]shape{
		"section": checked(blockOf(map[string]rule{"text": anyText(3000), "fields": items(1, 10, anyText(2000)),
			"accessory": element(sectionElements...), "expand": boolean}), textOrFields),
		"divider": blockOf(nil),
		"image": checked(blockOf(map[string]rule{"image_url": url3000, "slack_file": anything, "alt_text": text(1, 2000),
			"title": plainText(2000)}, "alt_text"), exactlyOne("image_url", "slack_file")),
		"actions": blockOf(map[string]rule{"elements": items(1, 25, element(actionElements...))}, "elements"),
		"context": blockOf(map[string]rule{"elements": items(1, 10, contextElement)}, "elements"),
		"context_actions": blockOf(map[string]rule{
			"elements": items(1, 5, element("feedback_buttons", "icon_button"))}, "elements"),
		"header": blockOf(map[string]rule{"text": plainText(150), "level": number(1, 4)}, "text"),
		"input": checked(blockOf(map[string]rule{"label": plainText(2000), "hint": plainText(2000), "optional": boolean,
			"dispatch_action": boolean, "element": element(inputElements...)}, "label", "element"), countInput),
		"rich_text": blockOf(map[string]rule{"elements": items(0, 1000, richText)}, "elements"),
		"markdown":  checked(blockOf(map[string]rule{"text": text(1, 12000)}, "text"), countMarkdown),
		"table": checked(blockOf(map[string]rule{"rows": items(1, 100, items(1, 20, tableCell)),
			"column_settings": items(0, 20, anything)}, "rows"), countTable),
		"video": blockOf(map[string]rule{"title": plainText(200), "title_url": url3000, "description": plainText(200),
			"video_url": url3000, "thumbnail_url": url3000, "alt_text": text(1, 2000), "author_name": text(0, 50),
			"provider_name": text(0, 50), "provider_icon_url": url3000}, "title", "video_url", "thumbnail_url", "alt_text"),
		"call":               blockOf(map[string]rule{"call_id": text(1, 255), "api_decoration_available": boolean, "call": anything}, "call_id"),
		"file":               blockOf(map[string]rule{"external_id": text(1, 255), "source": enum("remote")}, "external_id", "source"),
		"alert":              blockOf(map[string]rule{"text": anyText(200), "level": enum("default", "info", "warning", "error", "success")}, "text"),
		"card":               cardBlock(),
		"carousel":           blockOf(map[string]rule{"elements": items(1, 10, child([]string{"card"}))}, "elements"),
		"container":          containerBlock(),
		"data_table":         dataTable(),
		"data_visualization": dataVisualization(),
		"task_card":          taskCard(),
		"plan":               blockOf(map[string]rule{"title": text(1, 2000), "tasks": items(1, 50, child([]string{"task_card"}))}, "title"),
		"layout":             layoutBlock(),
	}
}

// taskCard is the shape of a step of an agent's answer. What is in it nobody here knows well enough to police.
func taskCard() shape {
	return blockOf(map[string]rule{"task_id": text(1, 255), "title": text(1, 2000), "status": enum("pending", "in_progress", "complete", "error"),
		"details": anything, "output": anything, "sources": anything, "hide_title": boolean}, "task_id", "title")
}

// viewShapes are the two kinds of view.
var viewShapes = map[string]shape{
	"modal": {
		fields: map[string]rule{"title": plainText(24), "submit": plainText(24), "close": plainText(24),
			"blocks": blocks100, "private_metadata": text(0, 3000), "callback_id": text(0, 255), "external_id": text(0, 255),
			"clear_on_close": boolean, "notify_on_close": boolean, "submit_disabled": boolean},
		need: []string{"title", "blocks"},
		check: func(c *checker, at string, o map[string]any) {
			if c.inputs > 0 && o["submit"] == nil {
				c.add(at, "missing required field: submit (there are input blocks)", "required", "submit")
			}
		},
	},
	"home": {
		fields: map[string]rule{"blocks": blocks100, "private_metadata": text(0, 3000), "callback_id": text(0, 255),
			"external_id": text(0, 255), "title": anything, "close": anything, "submit": anything,
			"clear_on_close": boolean, "notify_on_close": boolean},
		need: []string{"blocks"},
	},
}

func blocks100(c *checker, at string, v any) { c.blocks(at, v, 100) }

func textOrFields(c *checker, at string, o map[string]any) {
	if o["text"] == nil && o["fields"] == nil {
		c.add(at, "missing required field: text or fields", "required", "text")
	}
}

// countInput remembers that a view needs a submit button, and keeps file_input
// to modals.
func countInput(c *checker, at string, o map[string]any) {
	c.inputs++
	if str(object(o["element"])["type"]) == "file_input" && c.surface != InModal {
		c.add(at+"/element/type", "file_input is allowed in modals only", "surface", c.surface)
	}
}

func countMarkdown(c *checker, _ string, o map[string]any) { c.markdown += length(str(o["text"])) }

func countTable(c *checker, at string, o map[string]any) {
	c.tables++
	widths := map[int]bool{}
	for _, row := range list(o["rows"]) {
		widths[len(list(row))] = true
	}
	if len(widths) > 1 {
		c.add(at+"/rows", "all rows must have as many cells", "items", "equal")
	}
}

// tableCell is raw_text, raw_number or rich_text; an empty text is refused.
func tableCell(c *checker, at string, v any) {
	o := object(v)
	switch str(o["type"]) {
	case "raw_text":
		c.object(at, v, shape{fields: map[string]rule{"text": text(1, 3000)}, need: []string{"text"}})
	case "raw_number":
		c.object(at, v, shape{fields: map[string]rule{"value": anything, "text": text(1, 3000)}})
	case "rich_text":
		c.object(at, v, blockOf(map[string]rule{"elements": items(1, 100, richText)}, "elements"))
	default:
		c.add(at+"/type", "must be a valid enum value", "enum", []string{"raw_text", "raw_number", "rich_text"})
	}
}

var richContainers = []string{"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}

var richLeaves = map[string]string{"text": "text", "link": "url", "user": "user_id", "usergroup": "usergroup_id",
	"channel": "channel_id", "emoji": "name", "broadcast": "range", "date": "timestamp", "color": "value", "team": "team_id"}

// richText checks the outer kinds of rich text and what each leaf must hold.
func richText(c *checker, at string, v any) {
	o := object(v)
	kind := str(o["type"])
	if slices.Contains(richContainers, kind) {
		if o["elements"] == nil {
			c.add(at, "missing required field: elements", "required", "elements")
		}
		for i, e := range list(o["elements"]) {
			richText(c, fmt.Sprintf("%s/elements/%d", at, i), e)
		}
		return
	}
	need, known := richLeaves[kind]
	switch {
	case !known:
		c.add(at+"/type", fmt.Sprintf("unsupported type: %s", kind), "enum", richContainers)
	case o[need] == nil || o[need] == "":
		c.add(at, "missing required field: "+need, "required", need)
	}
}
