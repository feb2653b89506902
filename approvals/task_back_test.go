package approvals

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// TestATaskMovesToWhoeverIsBack: who has it only because nobody else was there loses it to the first who is.
func TestATaskMovesToWhoeverIsBack(t *testing.T) {
	away := func(ids ...PersonID) (table []Absence) {
		for _, id := range ids {
			table = append(table, Absence{Person: id, Since: noon, Until: noon.Add(time.Hour)})
		}
		return table
	}
	for name, row := range map[string]struct {
		whose PersonID
		first []Absence
	}{
		"it is for them": {"U0BOB", away("U0DAVE", "U0ADMIN")},
		"they are away":  {"", away("U0BOB", "U0DAVE", "U0ADMIN")},
	} {
		t.Run(name, func(t *testing.T) {
			w := approvedWork(t, catalog.Create, "U0BOB", "U0DAVE")
			w.book.r.Change.Person, w.book.away = row.whose, row.first
			require.Equal(t, PersonID("U0BOB"), w.gives())
			w.book.away = slices.DeleteFunc(w.book.away, func(a Absence) bool { return a.Person == "U0DAVE" })
			require.True(t, w.book.r.makeshift(w.book.away, w.now), "so it is looked at again when anybody is back")
			require.Equal(t, PersonID("U0DAVE"), w.gives())
		})
	}
}

// TestSlackThatCannotSayMakesNoAdminStandIn: an owner of whom Slack can't say for a moment whether they are there is not said to be
// unable; only when it can't for a while an admin gets it.
func TestSlackThatCannotSayMakesNoAdminStandIn(t *testing.T) {
	w := approvedWork(t, catalog.Create, "U0BOB", "U0DAVE")
	for _, id := range []PersonID{"U0BOB", "U0DAVE"} {
		delete(w.Directory.(company), id)
	}
	for tries := range patience {
		_, err := w.seeTo(t.Context(), 12, tries, w.now)
		require.Error(t, err)
		require.Equal(t, Approved, w.book.r.State)
	}
	r, err := w.seeTo(t.Context(), 12, patience, w.now)
	require.NoError(t, err)
	require.Equal(t, PersonID("U0ADMIN"), r.Task.Owner)
	require.True(t, r.Task.Stand)
}
