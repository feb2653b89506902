package slacksim

import (
	"fmt"
	"slices"
)

// Blocks that hold blocks. Slack's reference lists what may stand in a container; a layout takes what its surface takes, but for
// markdown, and its fallback only what old clients know. Whether one may hold the other is told both ways, so neither does here.
var (
	containerChildren = []string{"actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section", "table", "video"}
	layoutChildren    = []string{"actions", "alert", "card", "carousel", "context", "data_table", "data_visualization", "divider", "file", "header", "image", "input", "rich_text", "section", "table", "video"}
	layoutFallback    = []string{"context", "divider", "header", "image", "rich_text", "section", "table", "video"}
)

// child is a block inside another, of one of some kinds.
func child(kinds []string) rule {
	return func(c *checker, at string, v any) {
		if kind := str(object(v)["type"]); !slices.Contains(kinds, kind) {
			c.add(at+"/type", fmt.Sprintf("%s blocks are not allowed here", kind), "enum", kinds)
			return
		}
		c.block(at, v)
	}
}

// containerBlock is the shape of a group of blocks that can be folded away.
func containerBlock() shape {
	return checked(blockOf(map[string]rule{"title": plainText(150), "rich_text_title": anything, "subtitle": anyText(150), "icon": anything,
		"width": enum("narrow", "standard", "wide", "full"), "is_collapsible": boolean, "default_collapsed": boolean, "has_header_divider": boolean,
		"child_blocks": items(1, 10, child(containerChildren))}, "child_blocks"), func(c *checker, at string, o map[string]any) {
		switch {
		case o["title"] == nil && o["rich_text_title"] == nil:
			c.add(at, "missing required field: title or rich_text_title", "required", "title")
		case o["default_collapsed"] == true && o["is_collapsible"] != true:
			c.add(at+"/default_collapsed", "only what is collapsible can be collapsed", "requires", "is_collapsible")
		case o["has_header_divider"] == true && o["is_collapsible"] == true:
			c.add(at+"/has_header_divider", "what is collapsible has no divider", "excludes", "is_collapsible")
		}
	})
}

// layoutBlock is the shape of blocks side by side. They count towards what the surface takes.
func layoutBlock() shape {
	one := shaped(shape{fields: map[string]rule{"block": child(layoutChildren), "width": enum("narrow", "standard", "wide"),
		"horizontal_alignment": enum("start", "center", "end")}, need: []string{"block"}})
	row := shaped(shape{fields: map[string]rule{"items": items(1, 3, one)}, need: []string{"items"}})
	return checked(blockOf(map[string]rule{"label": text(1, 150), "is_label_visible": boolean, "grid_lines": enum("none", "rows", "outer"),
		"rows": items(1, 5, row), "fallback": items(0, 100, child(layoutFallback))}, "label", "rows"), func(c *checker, _ string, o map[string]any) {
		for _, r := range list(o["rows"]) {
			c.nested += len(list(object(r)["items"]))
		}
	})
}

// cardBlock is the shape of a card, alone or in a carousel.
func cardBlock() shape {
	return checked(blockOf(map[string]rule{"title": anyText(150), "subtitle": anyText(150), "body": anyText(200), "subtext": anyText(200),
		"hero_image": anything, "icon": anything, "slack_icon": anything, "actions": items(1, 3, element("button"))}),
		func(c *checker, at string, o map[string]any) {
			if o["hero_image"] == nil && o["title"] == nil && o["body"] == nil && o["actions"] == nil {
				c.add(at, "missing required field: title, body, actions or hero_image", "required", "title")
			}
			if o["icon"] != nil && o["slack_icon"] != nil {
				c.add(at, "must have no more than one of icon and slack_icon", "one_of", []string{"icon", "slack_icon"})
			}
		})
}

// held are the blocks that a block holds. Those of a layout's fallback are not shown beside it.
func held(b Block) (all []Block) {
	hold := func(v any) {
		if m := object(v); m != nil {
			all = append(all, m)
		}
	}
	for _, one := range list(b["child_blocks"]) {
		hold(one)
	}
	if str(b["type"]) == "carousel" {
		for _, one := range list(b["elements"]) {
			hold(one)
		}
	}
	for _, row := range list(b["rows"]) {
		for _, one := range list(object(row)["items"]) {
			hold(object(one)["block"])
		}
	}
	return all
}

// unfolded are blocks and all those within them, each before what it holds.
func unfolded(blocks []Block) (all []Block) {
	for _, b := range blocks {
		all = append(append(all, b), unfolded(held(b))...)
	}
	return all
}
