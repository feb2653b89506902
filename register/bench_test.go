package register

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// BenchmarkSwept compares an app's thousand accounts with what is kept of them: what a sweep reckons for one is a thousandth of it.
func BenchmarkSwept(b *testing.B) {
	const n = 1000
	l := approvals.SeatList{App: readable(), At: noon}
	for i := range n {
		l.Seats = append(l.Seats, approvals.Seat{ID: fmt.Sprint(i), Email: fmt.Sprintf("somebody.%d@globex.example", i), Sort: "user", Holds: 1})
	}
	seen, err := Read(l.Accounts())
	require.NoError(b, err)
	people := NewDirectory([]approvals.Person{{ID: "U0ANN", Email: "somebody.7@globex.example", Active: true}})
	was, _ := Kept{}.swept(readable(), seen, nil, people, "2026-11-23", noon)
	b.ReportAllocs()
	for b.Loop() {
		k, _ := was.swept(readable(), seen, nil, people, "2026-11-24", noon.AddDate(0, 0, 1))
		require.Equal(b, n, k.Count)
	}
}
