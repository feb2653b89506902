package world

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/sim/slacksim"
)

// Buttons are the labels of a message's buttons, in order.
func Buttons(m slacksim.Message) []string { return buttonsIn(m.Blocks) }

// ButtonsOf are the labels of the buttons of a view, in order.
func ButtonsOf(v slacksim.View) []string { return buttonsIn(blocksOf(v)) }

func blocksOf(v slacksim.View) (blocks []slacksim.Block) {
	list, _ := v.View["blocks"].([]any)
	for _, b := range list {
		if m, ok := b.(map[string]any); ok {
			blocks = append(blocks, m)
		}
	}
	return blocks
}

func buttonsIn(blocks []slacksim.Block) []string {
	var out []string
	for _, b := range blocks {
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

// Borne is what the button of a message with this label bears.
func Borne(m slacksim.Message, label string) string { return borneIn(m.Blocks, label) }

// BorneOf is what the first button of a view with this label bears.
func BorneOf(v slacksim.View, label string) string { return borneIn(blocksOf(v), label) }

func borneIn(blocks []slacksim.Block, label string) string {
	for _, b := range blocks {
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

// Progress are those of somebody's direct messages that show them how far a task is, and rest are the others.
func Progress(list []slacksim.Message) (progress, rest []slacksim.Message) {
	for _, m := range list {
		if outbox.Kind(KeyOf(m)) == approvals.KindProgress {
			progress = append(progress, m)
		} else {
			rest = append(rest, m)
		}
	}
	return progress, rest
}

// ToApprover are those of somebody's direct messages that ask them to decide, or all others.
func ToApprover(list []slacksim.Message, asking bool) []slacksim.Message {
	return slices.DeleteFunc(slices.Clone(list), func(m slacksim.Message) bool {
		return (outbox.Kind(KeyOf(m)) == approvals.KindApprover) != asking
	})
}

// Blocks is everything that stands in a message's blocks, words, buttons and what they ask back, without
// the block ids that Slack fills in.
func Blocks(t require.TestingT, drawn any) (all []map[string]any) {
	raw, err := json.Marshal(drawn)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &all))
	for _, b := range all {
		delete(b, "block_id")
	}
	return all
}

// Shows holds a message to what it should show: its words for notifications, and every one of its blocks.
func Shows(t require.TestingT, want view.Message, m slacksim.Message, which string) {
	require.Equal(t, want.Text, m.Text, "%s shows what is so", which)
	require.Equal(t, Blocks(t, want.Blocks), Blocks(t, m.Blocks), "what the blocks of %s show", which)
}

// OwnWords are those that only whoever wrote Usher knows.
var OwnWords = regexp.MustCompile(`(?i)\b(intents?|envelope (from|that|waited)|deeds?|strays?|errands?|nonce|payload)\b|"key":|\b(card|tell|ask|answer|admin|look|deed|expire|lapse|alarm|stray)/\d`)

// KeyOf is the key of the promise that a message of ours keeps; "" where it bears none.
func KeyOf(m slacksim.Message) string {
	return BorneBy(m).Key
}

// OfOf is whose promise it is: the nonce of a request, or the name of a database.
func OfOf(m slacksim.Message) string { return BorneBy(m).Of }

// Promised is which promise a message keeps, and whose: a key is made again by every database that begins anew.
type Promised struct{ Key, Of string }

// BorneBy is the promise whose message it is; an empty one where it says none.
func BorneBy(m slacksim.Message) (p Promised) {
	if m.Metadata == nil || json.Unmarshal(m.Metadata.Payload, &p) != nil {
		return Promised{}
	}
	return p
}

// Digests are messages but for the files in their threads.
func Digests(list []slacksim.Message) []slacksim.Message {
	return slices.DeleteFunc(slices.Clone(list), Filed)
}

// Filed reports whether a message adds a report's files to a thread.
func Filed(m slacksim.Message) bool {
	return m.ThreadTS != "" && m.ThreadTS != m.TS && len(m.Files) > 0
}

// FiledOnce holds that no thread has a report's files twice, and that they stand under a report.
func FiledOnce(t require.TestingT, list []slacksim.Message) {
	under := map[string]int{}
	for _, m := range list {
		if !Filed(m) {
			continue
		}
		if under[m.ThreadTS]++; under[m.ThreadTS] > 1 {
			t.Errorf("files stand twice in the thread of %s", m.ThreadTS)
		}
		if !slices.ContainsFunc(list, func(o slacksim.Message) bool { return o.TS == m.ThreadTS && outbox.Kind(KeyOf(o)) == reports.Kind }) {
			t.Errorf("files stand in the thread of %s, which is no report", m.ThreadTS)
		}
	}
}

// filed holds that the files of the one digest stand in its thread, if what Slack said of where it stands is so.
func (w *World) filed(digest slacksim.Message) {
	said, _, err := w.App.Store.Receipt(context.Background(), KeyOf(digest))
	require.NoError(w.T, err)
	if files := len(w.N.Slack.Messages("C0REPORTS")) - 1; files != 1 && said.ID == digest.TS {
		w.T.Errorf("%d messages with files in the thread of a digest", files)
	}
}

// One counts: 1 where b holds.
func One(b bool) int {
	if b {
		return 1
	}
	return 0
}
