package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
)

// opens puts a request on the table that has to be looked at, said in words, by somebody who may read what
// vendors hold or not.
func (w *world) opens(action approvals.Action, c approvals.Change, blind bool) int64 {
	w.t.Helper()
	r, _, err := w.desk.Open(w.ctx, approvals.Ask{Requester: "U0ALICE", App: seRanking(),
		Action: action, Change: c, Said: &approvals.Said{Email: c.Email, Blind: blind}, Look: &approvals.Look{Owed: true}}, time.Now())
	require.NoError(w.t, err)
	return r.Number
}

// TestARemovalWaitsWhileTheAccountOwnsWebsites: it would fail, so nobody's yes counts, by whatever route; who asked
// hears why, once, if that is for them to know; and it can be approved once the websites are handed over.
func TestARemovalWaitsWhileTheAccountOwnsWebsites(t *testing.T) {
	for _, blind := range []bool{false, true} {
		inWorld(t, "/v1", func(w *world) {
			own := w.vendor.AddSite(vendorsim.Site{Title: "Own shop", URL: "own.example", OwnerID: w.jane.ID})
			n := w.opens(catalog.Delete, approvals.Change{Email: w.jane.Email}, blind)
			pass(time.Minute)
			r := w.request(n)
			require.True(t, r.Known() && r.Barred() && r.Look.Owed, "%+v", r.Look)
			const why = "jane@acme.example owns 1 website, and I don't delete accounts that own any: Own shop – own.example"
			require.Len(t, r.Look.Against, 1)
			require.Contains(t, r.Look.Against[0].Plain(), why)
			require.ErrorContains(t, w.says(n, true), "#1 can't be done yet, so I haven't counted your yes: "+why)
			_, err := w.desk.Override(w.ctx, n, approvals.Overridden{By: "os:root", Yes: true, Reason: "fire"}, "control", time.Now())
			require.Equal(t, approvals.Conflict, approvals.CodeOf(err), "not past the policy either")
			pass(2 * time.Hour)
			require.Equal(t, approvals.Pending, w.request(n).State)
			require.Equal(t, 1, w.entries("read at the vendor"), "seen once more, it is not told once more")
			if blind {
				require.Empty(t, w.told, "that somebody owns websites is not for everybody to know")
			} else {
				require.Equal(t, []string{approvals.WarnKey(n)}, w.told)
			}
			require.True(t, w.vendor.RemoveSite(own))
			r = w.looked(n, 11*time.Minute)
			require.False(t, r.Barred() || r.Look.Owed)
			require.Equal(t, approvals.Was{Holds: 1, Held: []catalog.Item{{ID: w.site(0).ID, Name: "Acme", Host: "acme.example", Nameless: "site"}}}, *r.Look.Was)
			require.NoError(t, w.says(n, true))
			require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
			require.Equal(t, 1, effects(w, writeOps[catalog.Delete]))
		})
	}
}

// TestWhatAnAccountOwnsIsRememberedForAWhile, whoever read it: the next who asks that it be removed is told at once.
func TestWhatAnAccountOwnsIsRememberedForAWhile(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		w.vendor.AddSite(vendorsim.Site{Title: "Own shop", URL: "own.example", OwnerID: w.jane.ID})
		require.Empty(t, w.inventory.Remembered("seranking").Owned)
		for range 2 {
			_, err := w.inventory.Detail(w.ctx, "seranking", id(w.jane.ID))
			require.NoError(t, err)
			owned := w.inventory.Remembered("seranking").Owned[id(w.jane.ID)]
			require.Len(t, owned, 1)
			require.Equal(t, "Own shop", owned[0].Name)
			require.Empty(t, w.inventory.Remembered("other").Owned)
			pass(3 * time.Minute)
			require.Empty(t, w.inventory.Remembered("seranking").Owned, "by then they may be handed over")
		}
		n := w.opens(catalog.Delete, approvals.Change{Email: w.jane.Email}, true)
		pass(10 * time.Second)
		require.Len(t, w.inventory.Remembered("seranking").Owned[id(w.jane.ID)], 1, "a card's look counts as well")
		require.NoError(t, w.says(n, false)) // it's looked at no more, now or a moment later
		w.inventory.Changed("seranking")
		pass(time.Second)
		require.Empty(t, w.inventory.Remembered("seranking").Owned)
	})
}
