package commands

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestARemedyLooksAgain: what's mended by now or gone opens nothing, and what can't be looked at is offered with that.
func TestARemedyLooksAgain(t *testing.T) {
	w := newWorld(t)
	i := slices.IndexFunc(w.vendor.seats, func(s approvals.Seat) bool { return s.Blocked && s.Email != "" })
	sick := w.vendor.seats[i]
	of := Ailing{App: "seranking", ID: sick.ID, Email: sick.Email, Wrong: IsBlocked, Day: "2026-11-23"}
	asks := func(id approvals.PersonID, a Ailing) (Remedy, string) {
		r, err := w.Remedy(t.Context(), id, a, noon)
		var e *approvals.Error
		if err != nil {
			require.ErrorAs(t, err, &e)
			return r, string(e.Code) + ": " + e.Say.Plain()
		}
		return r, approvals.Join(r.Lines, "\n").Plain()
	}
	r, said := asks("U0BOB", of)
	require.Contains(t, said, "blocked by limits")
	require.Equal(t, []Way{RaiseIt, TakeIt}, r.Ways)
	d, err := w.Mend(t.Context(), "U0BOB", of, RaiseIt)
	require.NoError(t, err)
	require.Equal(t, []any{"seranking", sick.Email, "it's blocked by its limits, by the report of 23 Nov"}, []any{d.App, d.Email, d.Reason})

	_, own := asks("U0DAVE", of)
	require.Contains(t, own, "blocked by limits", "it's Dave's own")
	_, said = asks("U0ALICE", of)
	require.Contains(t, said, "not_allowed: Only admins, approvers and the owners of SE Ranking")
	_, gone := asks("U0ALICE", Ailing{App: "seranking", ID: "999", Email: "nobody@acme.example", Wrong: IsBlocked})
	require.Equal(t, said, gone, "who may not see it learns nothing")
	_, said = asks("U0BOB", Ailing{App: "seranking", ID: "999", Email: "nobody@acme.example", Wrong: IsBlocked})
	require.Contains(t, said, "conflict: nobody@acme.example isn't in SE Ranking any more")
	_, said = asks("U0BOB", Ailing{App: "sold", Email: sick.Email, Wrong: IsBlocked})
	require.Contains(t, said, "not_found: I don't look after “sold” any more")
	found, err := w.Ailings(t.Context(), "U0BOB", Ailing{App: "seranking", Wrong: IsBlocked}, sick.Email[:3])
	require.NoError(t, err)
	require.Contains(t, found, sick)

	w.vendor.seats[i].Blocked = false
	_, said = asks("U0BOB", of)
	require.Contains(t, said, "isn't blocked any more in SE Ranking")
	_, err = w.Mend(t.Context(), "U0BOB", of, RaiseIt)
	require.Error(t, err)
	w.vendor.seatsErr = errVague
	r, said = asks("U0BOB", of)
	require.Contains(t, said, "I couldn't look again just now, so this may be mended already.")
	require.Equal(t, []Way{RaiseIt, TakeIt}, r.Ways)
}
