package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

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

// TestAStaleBlockIsSeen: each block of a card that shows another state is noticed, however fresh the text.
func TestAStaleBlockIsSeen(t *testing.T) {
	r := approvals.Request{Number: 1, Requester: "U0ALICE", Action: approvals.Create, App: approvals.App{ID: "seranking", Name: "SE Ranking"},
		Change: approvals.Change{Email: "jane@acme.example", FirstName: "Jane"}, State: approvals.Pending}
	stands := func(m view.Message) slacksim.Message {
		return slacksim.Message{Text: m.Text, Blocks: blocks(t, m.Blocks)}
	}
	pending := view.Card(r)
	r.State = approvals.Approved
	approved := view.Card(r)
	finds := func(want view.Message, m slacksim.Message) []string {
		var found recorder
		func() {
			defer forgive()
			shows(&found, want, m, "the card")
		}()
		return found.findings()
	}
	require.Empty(t, finds(pending, stands(pending)))
	require.Empty(t, finds(approved, stands(approved)))

	stale := stands(pending)
	stale.Text = approved.Text
	require.Len(t, finds(approved, stale), 1, "buttons and a state that are past")
	unpressable := stands(pending)
	unpressable.Blocks = unpressable.Blocks[:len(unpressable.Blocks)-1]
	require.Len(t, finds(pending, unpressable), 1, "no buttons, where there is something to press")
	for i := range approved.Blocks {
		stale := stands(approved)
		stale.Blocks[i] = slacksim.Block{"type": "section", "text": map[string]any{"type": "mrkdwn", "text": "as it was"}}
		require.Len(t, finds(approved, stale), 1, "block %d", i)
	}
}
