package history

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/test/pace"
)

// TestTwoYearsOfAThousandAccounts fit in a few megabytes, with people who come, go, change and are blocked every day. Each month stands by
// itself, so three of them are played for all.
func TestTwoYearsOfAThousandAccounts(t *testing.T) {
	pace.Apart(t, "one writer, for months")
	const played, all = 91, 730
	w, dice := newWorld(t), rand.New(rand.NewPCG(1, 2))
	add := func(n int) {
		name := fmt.Sprintf("%s.%s%d@agency-%d.example", names[dice.IntN(len(names))], names[dice.IntN(len(names))], n, dice.IntN(40))
		w.seats = append(w.seats, approvals.Seat{ID: fmt.Sprint(36_000 + 7*n), Email: name, Sort: []string{"client", "user"}[dice.IntN(2)], Holds: dice.IntN(9), Blocked: dice.IntN(20) == 0})
	}
	for n := range 1000 {
		add(n)
	}
	for day := range played {
		w.look()
		for i := range 6 {
			one := dice.IntN(len(w.seats))
			w.seats[one].Holds, w.seats[dice.IntN(len(w.seats))].Blocked = dice.IntN(9), i == 0
		}
		w.seats = append(w.seats[:0], w.seats[2:]...)
		add(1000 + 2*day)
		add(1001 + 2*day)
		w.now = w.now.Add(24 * time.Hour)
	}
	size := 0
	require.Len(t, w.daysKept(), played)
	require.NoError(t, w.store.HistoryDays(w.ctx, w.app.ID, "", func(_ string, figures []byte) { size += len(figures) }))
	for _, day := range w.daysKept() {
		raw, err := w.store.HistoryAccounts(w.ctx, w.app.ID, day)
		require.NoError(t, err)
		size += len(raw)
	}
	size = size * all / played
	t.Logf("two years of a thousand accounts are %d bytes", size)
	require.Less(t, size, 1<<20)
}

var names = []string{"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "mallory", "niaj", "olivia", "peggy", "rupert", "sybil", "trent", "victor", "walter", "wendy"}

// TestAHundredThousandAccounts are remembered without being held: what is needed to compare them is a few bytes of each.
func TestAHundredThousandAccounts(t *testing.T) {
	w := newWorld(t)
	day := func(many, blocked int) Day {
		return Day{At: w.now, Count: many, All: func(yield func(approvals.Seat, error) bool) {
			for n := range many {
				if !yield(seat(n, n%blocked == 0), nil) {
					return
				}
			}
		}}
	}
	const many = 100_000
	require.NoError(t, w.Take(w.ctx, w.app, day(many, 1000), false))
	w.now = w.now.Add(24 * time.Hour)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	require.NoError(t, w.Take(w.ctx, w.app, day(many, 500), false))
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(1<<20), "nothing of it is held when it is over")
	raw, err := w.store.HistoryAccounts(w.ctx, w.app.ID, dayOf(w.now))
	require.NoError(t, err)
	require.Less(t, len(raw), 10_000, "what changed is kept alone")
	since, err := w.BlockedSince(w.ctx, w.app.ID, w.now)
	require.NoError(t, err)
	require.Len(t, since, 200)
	require.True(t, since["1000"].Before)
	require.Equal(t, Since{At: w.now, After: w.now.Add(-24 * time.Hour)}, since["500"])
	d, known, err := w.At(w.ctx, w.app.ID, w.now)
	require.NoError(t, err)
	require.True(t, known)
	n := 0
	for s, err := range d.All {
		require.NoError(t, err)
		require.Equal(t, n, must(t, s.ID))
		n++
	}
	require.Equal(t, many, n)
}

func must(t *testing.T, id string) (n int) {
	t.Helper()
	_, err := fmt.Sscan(id, &n)
	require.NoError(t, err)
	return n
}
