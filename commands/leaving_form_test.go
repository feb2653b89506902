package commands

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/leavers"
)

// leavings is a book of one leaving.
type leavings struct {
	leavers.Book
	is leavers.Leaving
}

func (b leavings) Leaving(context.Context, int64) (leavers.Leaving, error) { return b.is, nil }

// everybodyThere is a directory in which everybody is an active member.
type everybodyThere struct{ approvals.Directory }

func (everybodyThere) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	return approvals.Person{ID: id, Active: true}, nil
}

// TestAFormAboutAThingShowsItToWhoMaySay: what somebody held is shown to nobody else than who may say that it stays, and a place at
// which there is nothing is refused.
func TestAFormAboutAThingShowsItToWhoMaySay(t *testing.T) {
	desk := &approvals.Desk{Admins: []approvals.PersonID{"U0ADMIN"}, Directory: everybodyThere{}, Apps: []approvals.App{{ID: "seats", Name: "Seats", Owners: []string{"U0ERIN"}}}}
	l := leavers.Leaving{Number: 1, Nonce: "n", Person: "U0DAVE", Items: []leavers.Item{{App: "seats", Email: "dave@acme.example", What: "Manager"}}}
	h := &House{Desk: desk, Leavers: &leavers.Desk{Requests: desk, Book: leavings{is: l}}}
	for by, code := range map[approvals.PersonID]approvals.Code{"U0ALICE": approvals.NotAllowed, "U0DAVE": approvals.NotAllowed, "U0ERIN": "", "U0ADMIN": ""} {
		say, err := h.LeaveForm(t.Context(), by, Press{Does: PressStays, Number: 1, Nonce: "n"})
		require.Equal(t, code, approvals.CodeOf(err), by)
		require.Equal(t, code == "", len(say) > 0, by)
	}
	for _, place := range []int{-1, 1} {
		_, err := h.LeaveForm(t.Context(), "U0ADMIN", Press{Does: PressStays, Number: 1, Nonce: "n", Place: place})
		require.Equal(t, approvals.NotFound, approvals.CodeOf(err), place)
	}
	h.Leavers.Book = leavings{is: leavers.Leaving{Number: 1, Nonce: "n"}}
	_, err := h.LeaveForm(t.Context(), "U0ADMIN", Press{Does: PressStays, Number: 1, Nonce: "n"})
	require.Equal(t, approvals.NotFound, approvals.CodeOf(err), "nothing at all")
}
