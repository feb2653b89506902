package slacksim_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// news is what the page tells of the newest message that somebody hasn't seen.
type news struct{ Channel, Where, Text string }

// TestPageTellsWhatIsNew: what comes for somebody is told by its first line, until they have read it.
func TestPageTellsWhatIsNew(t *testing.T) {
	w := newPageWorld(t)
	newest := func(id string) *news {
		for _, p := range w.as("U0ALICE").Personas {
			if p.ID == id {
				return p.Newest
			}
		}
		return nil
	}
	require.Nil(t, newest("U0BOB"))
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "first"})
	posted := w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "*#1* for Jane\nand more"})
	require.Equal(t, &news{Channel: "C0APPROVE", Where: "#access-approvals", Text: "*#1* for Jane"}, newest("U0BOB"))
	w.post("/page/read", map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "ts": posted["ts"]})
	require.Nil(t, newest("U0BOB"))
	w.api("chat.postMessage", map[string]any{"channel": "U0ALICE", "text": "it's ready"})
	require.Equal(t, "Usher", newest("U0ALICE").Where)
}
