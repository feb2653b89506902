package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
	wanted "github.com/usherbot/usher/test/values"
)

// TestPendingHasButtons: each of what waits has its buttons, as many as a message takes; the rest is a line each, and
// nothing is left out unsaid.
func TestPendingHasButtons(t *testing.T) {
	var list []approvals.Request
	for i := range 60 {
		r := sample(catalog.Create, approvals.Pending)
		r.Number = int64(i + 1)
		r.Reason = strings.Repeat("because ", 200)
		list = append(list, r)
	}
	m := Reply(commands.Reply{Head: say("60 requests are waiting for you:"), Waiting: list, Lines: []approvals.Text{say("Their cards are in %v.", approvals.ChannelID("C0APPROVE"))}})
	require.LessOrEqual(t, len(m.Blocks), maxBlocks)
	require.LessOrEqual(t, units(string(JSON(m.Blocks))), maxAll)
	blocks := map[string]bool{}
	for _, b := range m.Blocks {
		if a, ok := b.(*slack.ActionBlock); ok {
			require.False(t, blocks[a.BlockID], "each name once")
			blocks[a.BlockID] = true
		}
	}
	require.GreaterOrEqual(t, len(blocks), 4)
	all := string(JSON(m.Blocks))
	require.Contains(t, all, fmt.Sprintf("*#%d* · ", len(blocks)+1), "the next one is a line")
	require.True(t, strings.Contains(all, "*#60* · ") || strings.Contains(all, " more"), all)
	require.Contains(t, all, "C0APPROVE")
}

// TestPendingSaysWhatAnUpdateAlters, as its card does: beside its buttons, and where it has only a line.
func TestPendingSaysWhatAnUpdateAlters(t *testing.T) {
	r := sample(catalog.Update, approvals.Pending)
	r.Change = approvals.Change{Email: "ann@acme.example", Account: "7", Values: wanted.Of{HasAccess: true, Access: []string{"audit_website"}}.Values()}
	r.Look = &approvals.Look{Was: &approvals.Was{Values: wanted.Of{HasAccess: true, Access: []string{"report_manual"}}.Values()}}
	var list []approvals.Request
	for range withButtons + 1 {
		list = append(list, r)
	}
	m := Reply(commands.Reply{Head: say("9 requests are waiting for you:"), Waiting: list})
	lines := strings.Split(m.Text, "\n")
	require.Contains(t, lines[len(lines)-1], "Takes away manual reports")
	require.Equal(t, withButtons+1, strings.Count(m.Text, "Takes away manual reports"))
}
