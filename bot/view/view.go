// Package view is how things look in Slack. It is pure: a request, a reply, a report or a form goes in, and
// blocks come out, with the same in plain words for notifications and screen readers. It asks nobody, sends
// nothing and knows no time but what stands in what it is given; what it draws is compared with golden files
// (testdata).
//
//	a request, a reply, a report ──► words (title, changes, who decides) ──► page ──► mrkdwn ──► Message
//
// A page (page.go) is filled from top to bottom and stays within Slack's limits whatever is put on it. What
// people and vendors typed is data: mrkdwn.go takes every mention, link and mark out of it that is not ours.
// A Message has a digest, by which whoever posted it knows whether it still says the truth.
//
// What a button bears, and what blocks and forms are called (button.go), stands in messages that outlive any
// version of the program, so none of it ever changes its meaning.
//
// Neighbours: approvals, commands and reports say what there is to draw; bot draws answers and forms with it,
// courier cards, messages and reports, and control a card's lines for the terminal.
package view

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/slack-go/slack"
)

// Message is one rendered message. Text is what notifications and screen readers use: it says all
// that the blocks say, without their marks. Plain is there where Blocks have Slack's own tables or charts: what to send
// in place of Blocks where a workspace refuses them.
type Message struct {
	Text   string
	Blocks []slack.Block
	Plain  []slack.Block `json:",omitempty"`
}

// Digest is a stable hash (hex SHA-256) of what the message shows, by which the courier knows
// whether what it posted still says the truth.
func (m Message) Digest() string {
	sum := sha256.Sum256(JSON(m))
	return hex.EncodeToString(sum[:])
}

// JSON is JSON without Go's escapes for HTML, which slack-go's own encoders put in whatever they
// are told, and which are nothing to Slack's limits.
func JSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("encode message: " + err.Error()) // unreachable unless a block of ours holds a func or channel
	}
	out := raw[:0:0]
	for len(raw) > 0 {
		n := 1
		if raw[0] == '\\' {
			n = 2
		}
		if len(raw) >= 6 && htmlEscapes[string(raw[:6])] != 0 {
			out, raw = append(out, htmlEscapes[string(raw[:6])]), raw[6:]
			continue
		}
		out, raw = append(out, raw[:n]...), raw[n:]
	}
	return out
}

var htmlEscapes = map[string]byte{`\u003c`: '<', `\u003e`: '>', `\u0026`: '&'}

// Slack's limits (facts: Block Kit), and how far we go.
const (
	maxBlocks   = 50    // a message's blocks
	maxObject   = 3000  // one text object
	maxAll      = 12000 // all blocks of a message as JSON; Slack refuses somewhere above 13,000
	maxFallback = 4000  // the text beside the blocks
	blockFrame  = 120   // what a block of one text object weighs without its text, at most
	spare       = 6     // blocks that a long list leaves for what follows it
	lastWord    = 300   // what a list keeps to say how many more there are
	longestLine = 1000  // one line of a list
)
