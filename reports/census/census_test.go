package census

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/test/stops"
)

// TestACensusIsExact: each account once, as the vendor has it, and exactly those blocked that are.
func TestACensusIsExact(t *testing.T) {
	for _, n := range []int{0, 1, 99, 100, 101, 250, 100_000} {
		w := newWorld(t, n)
		if n == 0 {
			w.seats = []approvals.Seat{}
		}
		lots := rand.New(rand.NewPCG(12, uint64(n)))
		var blocked []string
		for i := range w.seats {
			if w.seats[i].Blocked = lots.IntN(5) == 0; w.seats[i].Blocked {
				blocked = append(blocked, w.seats[i].Email)
			}
		}
		c := w.taken()
		require.Equal(t, n, c.Count)
		require.Nil(t, c.Drift)
		require.Equal(t, 25, c.Bought)
		var got []string
		i := 0
		for s, err := range c.All {
			require.NoError(t, err)
			require.Equal(t, w.seats[i], s)
			if i++; s.Blocked {
				got = append(got, s.Email)
			}
		}
		require.Equal(t, n, i)
		require.Equal(t, blocked, got)
		require.Len(t, given(t, c), n, "it can be gone through again")
		for range c.All {
			break // whoever has enough may stop
		}
		require.Equal(t, fmt.Sprintf("%d of %d", n, n), w.lastTold)
		kept := 0
		for _, piece := range w.shelf {
			kept += len(piece)
		}
		require.Less(t, kept, 30*n+1000, "bytes on the shelf")
	}
}

// TestAListThatMovesIsCountedOnce: what comes twice counts once, what the vendor counts otherwise is said, and nothing that
// it shows is lost.
func TestAListThatMovesIsCountedOnce(t *testing.T) {
	front := func(w *world) {
		w.seats = slices.Insert(w.seats, 0, approvals.Seat{ID: "7", Email: "new@acme.example"})
	}
	for name, c := range map[string]struct {
		off    int
		before map[int]func(w *world)
		count  int
		drift  string
	}{
		"nothing moves":             {count: 250},
		"one comes in front":        {before: map[int]func(w *world){1: front}, count: 250, drift: "The list changed while I read it: one account came twice, and counts once. Acme says it has 251 accounts and showed me 250, so the figures may be off by 1."},
		"one comes in front, twice": {before: map[int]func(w *world){1: front, 2: front}, count: 250, drift: "The list changed while I read it: 2 accounts came twice, and each counts once. Acme says it has 252 accounts and showed me 250, so the figures may be off by 2."},
		"the vendor counts too many": {off: 3, count: 250,
			drift: "Acme says it has 253 accounts and showed me 250, so the figures may be off by 3."},
		"the vendor counts too few": {off: -3, count: 250,
			drift: "Acme says it has 247 accounts and showed me 250, so the figures may be off by 3."},
		"the vendor does not count": {off: -250, count: 250},
	} {
		w := newWorld(t, 250)
		w.off = c.off
		for n, do := range c.before {
			w.before[n] = func() { do(w) }
		}
		got := w.taken()
		require.Equal(t, c.count, got.Count, name)
		require.Equal(t, c.drift, got.Drift.Plain(), name)
		ids := given(t, got)
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(ids))), c.count, name)
	}
}

// TestAccountsWithoutAnAddressOrANumber: none is left out, and none taken for another.
func TestAccountsWithoutAnAddressOrANumber(t *testing.T) {
	w := newWorld(t, 0)
	w.seats = []approvals.Seat{{ID: "1"}, {ID: "2"}, {ID: "01"}, {ID: "a"}, {Email: "Ann@acme.example"}, {Email: "ann@acme.example"}, {Email: "ben@acme.example"}, {ID: "18446744073709551616"}}
	c := w.taken()
	require.Equal(t, []string{"1", "2", "01", "a", "", "", "18446744073709551616"}, given(t, c))
	require.Equal(t, "The list changed while I read it: one account came twice, and counts once. Acme says it has 8 accounts and showed me 7, so the figures may be off by 1.", c.Drift.Plain())
}

// TestAWalkGoesOnWhereItWas: the program ends before or after each commit, and each page is read once, or twice where it was not kept.
func TestAWalkGoesOnWhereItWas(t *testing.T) {
	for _, atOnce := range []int{1, 3, 8} {
		t.Run(fmt.Sprint(atOnce), func(t *testing.T) { goesOn(t, atOnce) })
	}
}

func goesOn(t *testing.T, atOnce int) {
	whole := newWorld(t, 730)
	whole.AtOnce = atOnce
	want := given(t, whole.taken())
	require.Equal(t, 1+(whole.pages+atOnce-1)/atOnce, whole.shelved, "one to begin with")
	for stop := 1; stop <= whole.shelved; stop++ {
		for _, kept := range []bool{false, true} {
			w := newWorld(t, 730)
			since := w.now
			w.AtOnce, w.stopAt, w.kept = atOnce, stop, kept
			_, err := w.take(since)
			require.ErrorIs(t, err, errStopped)
			require.ErrorIs(t, err, reports.ErrUnkept, "no vendor is to blame")
			w.now = w.now.Add(3 * time.Hour)
			w.start()
			c, err := w.take(since)
			require.NoError(t, err)
			require.Equal(t, want, given(t, c))
			again := min(atOnce, whole.pages-(stop-2)*atOnce)
			if kept || stop == 1 {
				again = 0
			}
			require.Equal(t, whole.pages+again, w.pages, "ended at change %d, kept: %v", stop, kept)
		}
	}
}

// TestAWalkGoesOnAfterAPageThatCouldNotBeRead, until it is too old for that.
func TestAWalkGoesOnAfterAPageThatCouldNotBeRead(t *testing.T) {
	for later, pages := range map[time.Duration]int{time.Hour: 1 + 3 + 6, 7 * time.Hour: 1 + 3 + 8} {
		for _, atOnce := range []int{1, 8} { // what was read before it is kept
			w := newWorld(t, 730)
			w.AtOnce = atOnce
			since, seats := w.now, w.seats
			w.before[2] = func() { w.seats = nil }
			for range 2 {
				_, err := w.take(since)
				require.ErrorIs(t, err, errVendor)
				require.NotErrorIs(t, err, reports.ErrUnkept)
			}
			w.seats = seats
			w.now = w.now.Add(later)
			c, err := w.take(since)
			require.NoError(t, err)
			require.Len(t, given(t, c), 730)
			require.Equal(t, pages, w.pages, later)
		}
	}
}

// TestOneWalkServesSeveral: those who come together, those whose moment it was after, and, where it took long, those who come
// within some minutes; nobody is served what is older.
func TestOneWalkServesSeveral(t *testing.T) {
	w := newWorld(t, 250)
	since := w.now
	var together sync.WaitGroup
	for range 7 {
		together.Go(func() {
			c, err := w.Census(t.Context(), acme, since, func(int, int) {})
			require.NoError(t, err)
			require.Len(t, given(t, c), 250)
		})
	}
	together.Wait()
	require.Equal(t, 3, w.pages)
	w.start()
	w.now = w.now.Add(time.Hour)
	_, err := w.take(since)
	require.NoError(t, err)
	require.Equal(t, 3, w.pages, "a reader of the same slot, in another life")
	w.now = w.now.Add(time.Second)
	w.taken()
	require.Equal(t, 6, w.pages, "who needs it as it is now")
	w.pace = 4 * time.Second
	w.now = w.now.Add(time.Second)
	w.taken()
	require.Equal(t, 9, w.pages)
	w.now = w.now.Add(9 * time.Minute)
	require.Equal(t, w.now.Add(-9*time.Minute-12*time.Second), w.taken().At, "it took long, and says how old it is")
	require.Equal(t, 9, w.pages)
	w.now = w.now.Add(2 * time.Minute)
	w.taken()
	require.Equal(t, 12, w.pages)
	w.now = w.now.Add(-time.Hour)
	w.taken()
	require.Equal(t, 15, w.pages, "a walk of the future is no walk: the clock was put back")
}

// TestWhatNobodyNeedsIsClearedAway: two censuses of an app are kept, and nothing of one that is configured no more.
func TestWhatNobodyNeedsIsClearedAway(t *testing.T) {
	w := newWorld(t, 250)
	w.shelf["gone"], w.shelf["gone/00000001/00000000"] = []byte("{}"), []byte("x")
	first := w.taken()
	require.NotContains(t, strings.Join(w.names(), " "), "gone")
	seats := w.seats
	for range 3 {
		w.now = w.now.Add(time.Hour)
		w.before[w.pages+2] = func() { w.seats = nil }
		_, err := w.take(w.now)
		require.ErrorIs(t, err, errVendor)
		w.seats = seats
		w.now = w.now.Add(7 * time.Hour)
		given(t, first)
		first = w.taken()
	}
	require.Len(t, w.names(), 1+3*3, "the head, and three pieces of each: two, and the one that they were when this one began")
}

func (w *world) names() []string {
	names, err := w.Pieces(w.Context(), "")
	require.NoError(w, err)
	return names
}

// TestACensusThatIsPinnedOutlivesTheOthers, in this life of the program and the next, until it is let go of; and nobody else's is
// let go of with it.
func TestACensusThatIsPinnedOutlivesTheOthers(t *testing.T) {
	w := newWorld(t, 250)
	first := w.taken()
	require.NoError(t, w.Pin(t.Context(), "acme", "weekly", first.Walk))
	require.NoError(t, w.Pin(t.Context(), "acme", "weekly", first.Walk))
	require.NoError(t, w.Pin(t.Context(), "acme", "monthly", first.Walk))
	require.Error(t, w.Pin(t.Context(), "acme", "weekly", 99), "nobody has walked that")
	live := func(pinned bool) {
		t.Helper()
		for range 3 {
			w.now = w.now.Add(time.Hour)
			w.start()
			w.taken()
		}
		c, known, err := w.Pinned(t.Context(), acme, first.Walk)
		require.NoError(t, err)
		require.Equal(t, pinned, known)
		if pinned {
			require.Equal(t, first.At, c.At)
			require.Len(t, given(t, c), 250)
		}
	}
	live(true)
	last := w.taken()
	require.NoError(t, w.Pin(t.Context(), "acme", "weekly", last.Walk))
	live(true)
	require.NoError(t, w.Unpin(t.Context(), "acme", "weekly", last.Walk))
	live(true)
	require.NoError(t, w.Unpin(t.Context(), "acme", "monthly", 0))
	live(false)
	_, known, err := w.Pinned(t.Context(), acme, last.Walk)
	require.NoError(t, err)
	require.True(t, known, "the other one that weekly needs")
	w.shelf["acme/pins"] = []byte("no pins of ours")
	live(false)
}

// TestAShelfThatLostSomething is found out, and read anew.
func TestAShelfThatLostSomething(t *testing.T) {
	for name, spoil := range map[string]func(w *world, piece string){
		"a piece is gone":    func(w *world, piece string) { delete(w.shelf, piece) },
		"a piece is damaged": func(w *world, piece string) { w.shelf[piece] = []byte("no piece of ours") },
		"the head is":        func(w *world, _ string) { w.shelf["acme"] = []byte("no head of ours") },
	} {
		w := newWorld(t, 250)
		since, seats := w.now, w.seats
		w.before[2] = func() { w.seats = nil }
		_, err := w.take(since)
		require.ErrorIs(t, err, errVendor)
		w.seats = seats
		spoil(w, w.names()[1])
		c, err := w.take(since)
		require.NoError(t, err, name)
		require.Len(t, given(t, c), 250, name)
		delete(w.shelf, w.names()[1])
		for _, err = range c.All {
		}
		require.ErrorIs(t, err, errDamaged, name)
	}
}

// TestAVendorThatRepeatsItsPages is no list, unless that page is all there is.
func TestAVendorThatRepeatsItsPages(t *testing.T) {
	w := newWorld(t, 250)
	w.repeats = true
	_, err := w.take(w.now)
	require.ErrorContains(t, err, "the same accounts again and again; 100 seen")
	w.repeats = false
	require.Equal(t, 250, w.taken().Count, "it is begun anew")
	w = newWorld(t, 100)
	w.repeats = true
	c := w.taken()
	require.Equal(t, 100, c.Count)
}

// TestMemoryStaysFlat: ten times as many accounts need hardly more room, while they are read, and while they are gone through.
func TestMemoryStaysFlat(t *testing.T) {
	most := map[int]uint64{}
	for _, n := range []int{10_000, 100_000} {
		w := newWorld(t, 0)
		w.Censuses = &Censuses{Vendors: &endless{n: n}, Shelf: stops.Store(t), Now: func() time.Time { return w.now }, Log: w.Log}
		base, read := heap(), 0
		sample := func() { most[n] = max(most[n], max(heap(), base)-base) }
		c, err := w.Census(t.Context(), acme, w.now, func(now, _ int) {
			if now/(n/10) > read/(n/10) {
				sample()
			}
			read = now
		})
		require.NoError(t, err)
		require.Equal(t, n, c.Count)
		for _, err := range c.All {
			require.NoError(t, err)
			if read--; read%(n/10) == 0 {
				sample()
			}
		}
		require.Zero(t, read)
	}
	t.Logf("%d KB with 10,000 accounts, %d KB with 100,000", most[10_000]>>10, most[100_000]>>10)
	require.Less(t, most[100_000], most[10_000]+6<<20)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// endless is a vendor of many accounts that holds none of them.
type endless struct{ n int }

func (*endless) Apps() []approvals.App { return []approvals.App{acme} }

func (e *endless) Page(_ context.Context, _, from string) (p approvals.SeatPage, err error) {
	offset, _ := strconv.Atoi(from)
	for i := offset; i < min(offset+pageSize, e.n); i++ {
		p.Seats = append(p.Seats, account(i))
	}
	if p.Total = e.n; offset+pageSize < e.n {
		p.Next = strconv.Itoa(offset + pageSize)
	}
	return p, nil
}

// TestWhatNobodyNeedsAnyMoreIsLetGo: a report that was taken out of the configuration has nothing kept for it once the next walk begins.
func TestWhatNobodyNeedsAnyMoreIsLetGo(t *testing.T) {
	w := newWorld(t, 250)
	first := w.taken()
	require.NoError(t, w.Pin(t.Context(), "acme", "weekly", first.Walk))
	require.NoError(t, w.Pin(t.Context(), "acme", "gone", first.Walk))
	kept := func(needs func(string) bool) bool {
		for range 3 {
			w.now = w.now.Add(time.Hour)
			w.start()
			w.Needs = needs
			w.taken()
		}
		_, known, err := w.Pinned(t.Context(), acme, first.Walk)
		require.NoError(t, err)
		return known
	}
	require.True(t, kept(func(name string) bool { return name == "weekly" }))
	require.Equal(t, 2+4*3, len(w.shelf), "the head, the pins, three walks and the one that is pinned")
	require.False(t, kept(func(string) bool { return false }))
	require.Equal(t, 2+3*3, len(w.shelf))
}
