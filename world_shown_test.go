package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/stretchr/testify/require"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
)

// buttons are the labels of a message's buttons, in order.
func buttons(m slacksim.Message) []string {
	var out []string
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			if e, ok := e.(map[string]any); ok && e["type"] == "button" {
				label, _ := e["text"].(map[string]any)
				out = append(out, fmt.Sprint(label["text"]))
			}
		}
	}
	return out
}

// borne is what the button of a message with this label bears.
func borne(m slacksim.Message, label string) string {
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			e, _ := e.(map[string]any)
			if text, _ := e["text"].(map[string]any); text["text"] == label {
				return fmt.Sprint(e["value"])
			}
		}
	}
	return ""
}

// toApprover are those of somebody's direct messages that ask them to decide, or all others.
func toApprover(list []slacksim.Message, asking bool) []slacksim.Message {
	return slices.DeleteFunc(slices.Clone(list), func(m slacksim.Message) bool {
		return (outbox.Kind(keyOf(m)) == approvals.KindApprover) != asking
	})
}

// blocks is everything that stands in a message's blocks, words, buttons and what they ask back, without
// the block ids that Slack fills in.
func blocks(t require.TestingT, drawn any) (all []map[string]any) {
	raw, err := json.Marshal(drawn)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &all))
	for _, b := range all {
		delete(b, "block_id")
	}
	return all
}

// shows holds a message to what it should show: its words for notifications, and every one of its blocks.
func shows(t require.TestingT, want view.Message, m slacksim.Message, which string) {
	require.Equal(t, want.Text, m.Text, "%s shows what is so", which)
	require.Equal(t, blocks(t, want.Blocks), blocks(t, m.Blocks), "what the blocks of %s show", which)
}

// ownWords are those that only whoever wrote Usher knows.
var ownWords = regexp.MustCompile(`(?i)\b(intents?|envelope (from|that|waited)|deeds?|strays?|errands?|nonce|payload)\b|"key":|\b(card|tell|admin|look|deed|expire|lapse|alarm|stray)/\d`)

// keyOf is the key of the promise that a message of ours keeps; "" where it bears none.
func keyOf(m slacksim.Message) string {
	return borneBy(m).Key
}

// ofOf is whose promise it is: the nonce of a request, or the name of a database.
func ofOf(m slacksim.Message) string { return borneBy(m).Of }

// promised is which promise a message keeps, and whose: a key is made again by every database that begins anew.
type promised struct{ Key, Of string }

func borneBy(m slacksim.Message) (p promised) {
	if m.Metadata == nil || json.Unmarshal(m.Metadata.Payload, &p) != nil {
		return promised{}
	}
	return p
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
