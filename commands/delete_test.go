package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestARemovalThatMustFailIsNotAskedFor: who may see what vendors hold is told at once that the account owns
// websites, where that is remembered; nobody else learns it, and theirs is read for its card.
func TestARemovalThatMustFailIsNotAskedFor(t *testing.T) {
	w := newWorld(t)
	w.vendor.recalled = w.vendor.owned
	require.Equal(t, "conflict: dave@acme.example owns 1 website, and I delete no account that does, so nothing was asked: Rock & Roll – “Live” – rock.example (#43). Hand them over in SE Ranking first, then ask again.",
		w.says("U0CAROL", "delete dave@acme.example because x"))
	require.Empty(t, w.book.requests)
	require.Contains(t, w.says("U0CAROL", "delete ann@acme.example because x"), "#1 is asked")
	said := w.says("U0ALICE", "delete dave@acme.example because x")
	require.Contains(t, said, "#2 is asked")
	require.NotContains(t, said, "Rock")
	require.True(t, w.book.requests[2].Look.Owed)
}

// TestPendingSaysWhatAnUpdateAlters, as its card does.
func TestPendingSaysWhatAnUpdateAlters(t *testing.T) {
	w := newWorld(t)
	w.says("U0ALICE", "update ann@acme.example access=audit_website because x")
	require.Contains(t, w.says("U0BOB", "pending"), "for ann@acme.example: Permissions exactly these, all others are taken away: website audit · asked by")
	r := w.only()
	r.Look = &approvals.Look{Was: &approvals.Was{HasAccess: true, Access: []approvals.Permission{{Code: "report_manual", Label: "manual reports"}}}}
	w.book.requests[1] = r
	require.Contains(t, w.says("U0BOB", "pending"), "for ann@acme.example: Takes away manual reports; Gives website audit; Permissions manual reports → website audit · asked by")
}
