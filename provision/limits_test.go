package provision_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/vendorsim"
)

// TestLimitsOfAnAccount: what an account is limited to is read with one call, and one that shows nothing is told from one that
// can't be read.
func TestLimitsOfAnAccount(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		lee := w.vendor.AddAccount(vendorsim.Account{Email: "lee@acme.example", FirstName: "Lee", Type: "client", Limits: vendorsim.Limits{Keyword: 1, Backlink: 1200, Amount: 50, Period: "month"}})
		text, err := w.inventory.Limits(w.ctx, "seranking", approvals.Seat{ID: id(w.jane.ID), Email: "jane@acme.example"})
		require.NoError(t, err)
		require.Equal(t, "limits: 10 websites, 500 keywords, 1,000 backlinks and 2 more", text.Plain(), "what money 0 means nobody knows")
		before := len(w.vendor.Calls())
		text, err = w.inventory.Limits(w.ctx, "seranking", approvals.Seat{ID: id(lee), Email: "lee@acme.example"})
		require.NoError(t, err)
		require.Equal(t, "limits: money limit 50 a month in the account's currency, 1 keyword, 1,200 backlinks", text.Plain())
		require.Len(t, w.vendor.Calls(), before+1)
		require.NoError(t, w.vendor.Plan(vendorsim.Fault{Kind: vendorsim.Garbage, Match: vendorsim.Match{Times: -1}}))
		_, err = w.inventory.Limits(w.ctx, "seranking", approvals.Seat{ID: id(lee), Email: "lee@acme.example"})
		require.ErrorContains(t, err, "read limits of account "+id(lee))
	})
}
