package approvals

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhoMayEndIt: who has it and who asked for it, their manager, and an admin; nobody else, and nobody on a guess.
func TestWhoMayEndIt(t *testing.T) {
	people := company{"U0ALICE": {Active: true}, "U0DAVE": {Active: true, Email: "dave@acme.example"}, "U0BOB": {Active: true, Email: "bob@acme.example"},
		"U0ERIN": {Active: true, Email: "erin@acme.example"}, "U0ADMIN": {Active: true, Email: "admin@acme.example"}, "U0GONE": {}}
	for by, want := range map[Actor]Code{"U0ALICE": "", "U0DAVE": "", "U0BOB": "", "U0ADMIN": "", "U0ERIN": NotAllowed, "U0GONE": NotAllowed, "U0UNKNOWN": CannotTell, "os:root": CannotTell} {
		t.Run(string(by), func(t *testing.T) {
			lent, at := given(t)
			d, b := deskOf(lent, people)
			d.Admins, d.Managers, d.Apps = []PersonID{"U0ADMIN"}, map[PersonID]PersonID{"U0DAVE": "U0BOB"}, []App{lending()}
			_, err := d.EndNow(t.Context(), 12, by, "slack", at)
			require.Equal(t, want, CodeOf(err), "%v", err)
			if want != "" {
				require.Equal(t, Done, b.r.State)
				return
			}
			require.Equal(t, Ending, b.r.State)
			require.Equal(t, by, b.r.End.By)
			_, err = d.EndNow(t.Context(), 12, by, "slack", at)
			require.NoError(t, err, "the same click again is no news")
			_, err = d.EndNow(t.Context(), 12, "U0ADMIN", "slack", at)
			require.True(t, by == "U0ADMIN" || CodeOf(err) == Conflict, "%v", err)
		})
	}
}

// TestWhatHasNoEndCannotBeEnded.
func TestWhatHasNoEndCannotBeEnded(t *testing.T) {
	for state, says := range map[State]string{Pending: "/access cancel 12", Done: "for good", Denied: "denied", Failed: "didn't do it"} {
		r := pendingRequest()
		r.State = state
		d, _ := deskOf(r, company{})
		_, err := d.EndNow(t.Context(), 12, Actor(r.Requester), "slack", noon)
		require.Equal(t, Conflict, CodeOf(err), "%s: %v", state, err)
		require.Contains(t, err.(*Error).Say.Plain(), says, state)
	}
}
