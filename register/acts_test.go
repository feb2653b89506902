package register

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/register/list"
)

// TestWhatSomebodyHasIsReadByTheirAddresses: it's the same as what all requests say, of which none is read that is about somebody else.
func TestWhatSomebodyHasIsReadByTheirAddresses(t *testing.T) {
	a, g := atHome(t)
	a.past.did("invite", "jane@second.example", "user", "U0JANE")
	a.past.did("remove", "lee@acme.example", "", "") // by somebody who typed the address
	a.past.did("invite", "LEE@acme.example", "user", "")
	failed := underWay(90, "remove", "jane@second.example", marks(catalog.AccessRemoved, noon), marks(catalog.SeatReleased, time.Time{}))
	failed.State, failed.Outcome = approvals.Failed, &approvals.Outcome{At: noon}
	coming := underWay(91, "invite", "sam@acme.example", marks("", noon))
	a.past.done = append(a.past.done, failed, coming)
	a.kept = Kept{At: noon, Imported: noon, Members: []list.Member{{Email: "sam@acme.example", Role: "User"}, {Email: "jane@second.example", Role: "Admin"}, {Email: "kim@acme.example"}}}

	all, err := g.Where(t.Context(), everyone)
	require.NoError(t, err)
	people := []approvals.Person{{ID: "U0JANE", Email: "jane@acme.example"}, {ID: "U0JANE"}, {ID: "U0LEE", Email: "lee@acme.example"}, {ID: "U0SAM", Email: "Sam@acme.example"},
		{ID: "U0KIM", Email: "kim@acme.example"}, {ID: "U0NOBODY", Email: "nobody@acme.example"}}
	found := 0
	for _, p := range people {
		var want []Entry
		for _, e := range all.Entries {
			if e.Person == p.ID || p.Email != "" && approvals.SameEmail(e.Email, p.Email) {
				want = append(want, e)
			}
		}
		a.all = 0
		is, err := g.OfPerson(t.Context(), p)
		require.NoError(t, err)
		require.Equal(t, want, is.Entries, "%+v", p)
		require.Zero(t, a.all, "requests about everybody were read for %+v", p)
		found += len(is.Entries)
	}
	require.GreaterOrEqual(t, found, 7)
	a.all = 0
	is, err := g.OfEmail(t.Context(), "JANE@second.example")
	require.NoError(t, err)
	require.Len(t, is.Entries, 1)
	require.False(t, is.Entries[0].Removed.IsZero(), "what a removal that failed had done is so")
	require.Zero(t, a.all)
}
