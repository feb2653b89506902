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
