package world

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestAStaleBlockIsSeen: each block of a card that shows another state is noticed, however fresh the text.
func TestAStaleBlockIsSeen(t *testing.T) {
	r := approvals.Request{Number: 1, Requester: "U0ALICE", Action: catalog.Create, App: approvals.App{ID: "seranking", Name: "SE Ranking"},
		Change: approvals.Change{Email: "jane@acme.example", FirstName: "Jane"}, State: approvals.Pending}
	stands := func(m view.Message) slacksim.Message {
		return slacksim.Message{Text: m.Text, Blocks: Blocks(t, m.Blocks)}
	}
	pending := view.Card(r)
	r.State = approvals.Approved
	approved := view.Card(r)
	finds := func(want view.Message, m slacksim.Message) []string {
		var found Recorder
		func() {
			defer Forgive()
			Shows(&found, want, m, "the card")
		}()
		return found.Findings()
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
