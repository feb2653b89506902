package slacksim

import "strings"

// PlainText is all text a person finds in a message, in reading order, a piece
// a line: the text, then whatever stands in the blocks and attachments. Mrkdwn
// is left as it is.
func PlainText(m Message) string {
	var lines []string
	if m.Text != "" {
		lines = append(lines, m.Text)
	}
	lines = append(lines, textsOf(m.Blocks)...)
	for _, a := range m.Attachments {
		for _, key := range []string{"pretext", "title", "text", "fallback"} {
			if t := str(a[key]); t != "" {
				lines = append(lines, t)
			}
		}
		lines = append(lines, textsOf(blocksOf(a))...)
	}
	return strings.Join(lines, "\n")
}

// ViewText is all text a person finds in a view, in reading order.
func ViewText(v View) string {
	lines := gather(nil, v.View["title"])
	lines = append(lines, textsOf(blocksOf(v.View))...)
	return strings.Join(gather(lines, v.View["submit"]), "\n")
}

func textsOf(blocks []Block) []string {
	var lines []string
	for _, b := range blocks {
		lines = gather(lines, b)
	}
	return lines
}

// shown are the keys that bear visible text, in the order it is read.
var shown = []string{"title", "subtitle", "caption", "label", "text", "fields", "placeholder", "alt_text", "elements", "element",
	"accessory", "hint", "options", "option_groups", "rows", "body", "description", "blocks", "child_blocks", "subtext", "actions", "items", "block"}

// gather walks whatever JSON a block is made of.
func gather(lines []string, v any) []string {
	switch v := v.(type) {
	case string:
		if v != "" {
			lines = append(lines, v)
		}
	case []any:
		for _, item := range v {
			if _, loose := item.(string); !loose {
				lines = gather(lines, item)
			}
		}
	case map[string]any:
		for _, key := range shown {
			lines = gather(lines, v[key])
		}
	}
	return lines
}
