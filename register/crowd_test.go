package register

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestASweepOfACrowd: thirty thousand accounts, most of them nobody's, are compared twice in a time that has nothing to do with how many
// findings there are for each: what was found stays the same.
func TestASweepOfACrowd(t *testing.T) {
	const n = 30_000
	l := approvals.SeatList{App: readable(), At: noon}
	for i := range n {
		l.Seats = append(l.Seats, approvals.Seat{ID: fmt.Sprint(i), Email: fmt.Sprintf("somebody.%d@globex.example", i), Sort: "user", Holds: 1})
	}
	seen := read(t, l)
	require.Equal(t, n, seen.count())
	people := NewDirectory([]approvals.Person{{ID: "U0ANN", Email: "somebody.7@globex.example", Active: true}})
	began := time.Now()
	k, news := Kept{}.swept(readable(), seen, nil, people, "2026-11-23", noon)
	require.Len(t, news.New, n-1)
	require.Len(t, k.Members, n-1)
	k, news = k.swept(readable(), seen, nil, people, "2026-11-24", noon.AddDate(0, 0, 1))
	require.Empty(t, news.New)
	require.Empty(t, news.Closed)
	require.Equal(t, n, k.Count)
	require.Less(t, time.Since(began), 2*time.Minute, "comparing each with each takes hours")
}
