package telling

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/sim/slacksim"
)

// Channel is where somebody is: a channel, or their own conversation with Usher.
func (t *Telling) Channel(who, in string) string {
	if in == "" {
		return t.Slack.DMChannel(who)
	}
	return in
}

// ToPress is the newest message in front of somebody that holds the words of a step and has what it presses.
func (t *Telling) ToPress(s stories.Step) (slacksim.Message, bool) {
	list := t.Before(s.As, s.In)
	for i := len(list) - 1; i >= 0; i-- {
		if m := list[i]; holds(m, s.On) && (has(m.Blocks, s.Press) || s.Pick != "" && hasMenu(m.Blocks, s.Press)) {
			return m, true
		}
	}
	return slacksim.Message{}, false
}

// Form is the form that somebody has open, wherever; false: none.
func (t *Telling) Form(who string) (form slacksim.View, open bool) {
	views := t.Slack.Views(who)
	if len(views) == 0 {
		return form, false
	}
	return views[len(views)-1], true
}

// FieldOf is the id of the form's block that has a label; "": none has.
func FieldOf(form slacksim.View, label string) string {
	blocks, _ := form.View["blocks"].([]any)
	for _, one := range blocks {
		b, _ := one.(map[string]any)
		if text, _ := b["label"].(map[string]any); text["text"] == label {
			id, _ := b["block_id"].(string)
			return id
		}
	}
	return ""
}

// Uncounted are the answers to somebody that a yes of theirs wasn't counted.
func (t *Telling) Uncounted(who string) (list []string) {
	for _, m := range t.Slack.Ephemerals(who) {
		if m.TS > t.Began && strings.Contains(slacksim.PlainText(m), "haven't counted your yes") {
			list = append(list, m.TS)
		}
	}
	return list
}

// has reports whether there is a button with this label.
func has(blocks []slacksim.Block, label string) bool {
	for _, b := range blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			e, _ := e.(map[string]any)
			if text, _ := e["text"].(map[string]any); e["type"] == "button" && text["text"] == label {
				return true
			}
		}
	}
	return false
}

// hasMenu reports whether there is a block of this id with a menu beside it.
func hasMenu(blocks []slacksim.Block, id string) bool {
	return slices.ContainsFunc(blocks, func(b slacksim.Block) bool { return b["block_id"] == id && b["accessory"] != nil })
}
