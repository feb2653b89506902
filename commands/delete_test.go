package commands

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestARemovalThatMustFailIsNotAskedFor: who may see what vendors hold is told at once that the account owns
// websites, where that is remembered; nobody else learns it, and theirs is read for its card.
func TestARemovalThatMustFailIsNotAskedFor(t *testing.T) {
	w := newWorld(t)
	w.vendor.recalled = w.vendor.owned
	require.Equal(t, "conflict: dave@acme.example owns 1 website, and I don't delete accounts that own any, so nothing was sent: Rock & Roll – “Live” – rock.example (#43). Hand them over in SE Ranking first, then ask again.",
		w.says("U0CAROL", "delete dave@acme.example because x"))
	require.Empty(t, w.book.requests)
	require.Contains(t, w.says("U0CAROL", "delete ann@acme.example because x"), "#1 sent")
	said := w.says("U0ALICE", "delete dave@acme.example because x")
	require.Contains(t, said, "#2 sent")
	require.NotContains(t, said, "Rock")
	require.True(t, w.book.requests[2].Look.Owed)
}
