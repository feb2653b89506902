package census

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

const pageSize = 100

var (
	acme       = approvals.App{ID: "acme", Name: "Acme"}
	errVendor  = errors.New("the vendor is not there")
	errStopped = errors.New("the program ended here")
)

// world is an app's vendor, a store, and a program that can end anywhere.
type world struct {
	*testing.T
	now      time.Time
	pace     time.Duration // what one page takes
	apps     []approvals.App
	seats    []approvals.Seat
	off      int            // how much too high the vendor counts
	before   map[int]func() // what happens before the n-th page is read, from 0
	pages    int
	repeats  bool // every page is the first
	shelf    map[string][]byte
	shelved  int
	stopAt   int // the program ends around this change of the store; 0: never
	kept     bool
	lastTold string
	*Censuses
}

func newWorld(t *testing.T, accounts int) *world {
	w := &world{T: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), apps: []approvals.App{acme}, before: map[int]func(){}, shelf: map[string][]byte{}}
	for i := range accounts {
		w.seats = append(w.seats, account(i))
	}
	w.start()
	return w
}

func account(i int) approvals.Seat {
	return approvals.Seat{ID: strconv.Itoa(36000 + i), Email: fmt.Sprintf("somebody.%d@acme.example", i), FirstName: "Some", LastName: "Body", Sort: "client", Blocked: i%7 == 3}
}

// start is the program beginning (again): it knows what is on the shelf.
func (w *world) start() {
	w.Censuses = &Censuses{Vendors: w, Shelf: w, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler), AtOnce: 1}
}

func (w *world) Apps() []approvals.App { return w.apps }

// Page is the vendor's: an offset into the list as it is now.
func (w *world) Page(_ context.Context, _, from string) (approvals.SeatPage, error) {
	if before := w.before[w.pages]; before != nil {
		delete(w.before, w.pages)
		before()
	}
	w.pages++
	w.now = w.now.Add(w.pace)
	if w.seats == nil {
		return approvals.SeatPage{}, errVendor
	}
	offset, _ := strconv.Atoi(from)
	if w.repeats {
		offset = 0
	}
	end := min(offset+pageSize, len(w.seats))
	p := approvals.SeatPage{Seats: slices.Clone(w.seats[min(offset, end):end]), Bought: 25, Total: len(w.seats) + w.off}
	if short := len(p.Seats) < pageSize; len(p.Seats) > 0 && !(short && p.Total <= end) {
		p.Next = strconv.Itoa(end)
	}
	return p, nil
}

func (w *world) Pieces(_ context.Context, pre string) (names []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(w.shelf)) {
		if strings.HasPrefix(name, pre) {
			names = append(names, name)
		}
	}
	return names, nil
}

func (w *world) Piece(_ context.Context, name string) ([]byte, error) {
	return slices.Clone(w.shelf[name]), nil
}

func (w *world) Shelve(_ context.Context, keep map[string][]byte, drop []string) error {
	w.shelved++
	stops := w.shelved == w.stopAt
	if !stops || w.kept {
		for _, name := range drop {
			delete(w.shelf, name)
		}
		maps.Copy(w.shelf, keep)
	}
	if stops {
		return errStopped
	}
	return nil
}

// take is a census since a moment.
func (w *world) take(since time.Time) (reports.Census, error) {
	return w.Census(w.Context(), acme, since, func(read, about int) { w.lastTold = fmt.Sprintf("%d of %d", read, about) })
}

// taken is one that must be had now.
func (w *world) taken() reports.Census {
	w.Helper()
	c, err := w.take(w.now)
	require.NoError(w, err)
	return c
}

// given are the ids that a census gives, in its order.
func given(t *testing.T, c reports.Census) (ids []string) {
	t.Helper()
	for s, err := range c.All {
		require.NoError(t, err)
		ids = append(ids, s.ID)
	}
	require.Len(t, ids, c.Count)
	return ids
}
