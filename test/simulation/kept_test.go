package simulation

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/test/bugs"
	"github.com/usherbot/usher/test/world"
)

// keptFor is for how long closed requests are kept in those histories that go on after it.
const keptFor = 90 * 24 * time.Hour

// outlives reports whether a history goes on when closed requests are to be removed: every sixteenth.
func (s *simulation) outlives() bool { return s.seed%16 == 12 }

// quarter lets nobody have Usher up for longer than that, and then, for half an hour in which the old is removed.
func (s *simulation) quarter() {
	s.disband((*world.Replica).End)
	s.End()
	s.Cfg.Keep = keptFor
	later := time.Now().Add(keptFor + 25*time.Hour).Truncate(24 * time.Hour)
	s.Pass(time.Until(later.Add(2*time.Hour - 5*time.Minute)))
	s.note("a quarter of a year has passed, and what is closed is kept for that long")
	s.wake()
	s.spend(35 * time.Minute)
}

// isKept: what was closed for as long as closed requests are kept is gone, but for what somebody has; nothing else is. No number is given
// again, and whoever asks for one that is gone hears when and why.
func (s *simulation) isKept(before []approvals.Request) {
	gone := map[int64]bool{}
	for _, r := range before {
		_, err := s.App.Store.Request(context.Background(), r.Number)
		left, removed := errors.AsType[approvals.Removed](err)
		if gone[r.Number] = removed; removed {
			s.count("kept: removed")
			s.leftOf(r, left)
		}
		s.mayGo(r, removed, before)
	}
	for n, times := range s.goneInTheLog() {
		if times != 1 || !gone[n] {
			s.Errorf("#%d: the log says %d times that it was removed, and that's %v", n, times, gone[n])
		}
		delete(gone, n)
	}
	for n, removed := range gone {
		if removed {
			s.Errorf("#%d was removed, and the log doesn't say so", n)
		}
	}
	s.goesOnCounting(before)
}

// leftOf: what is left of a request says what it was and when it went.
func (s *simulation) leftOf(r approvals.Request, left approvals.Removed) {
	if left.Number != r.Number || left.State != r.State || left.Nonce != r.Nonce || left.Kept != keptFor || time.Since(left.At) > 40*time.Minute {
		s.Errorf("#%d is %s, and what is left of it says %+v", r.Number, r.State, left)
	}
	if _, err := s.App.Desk.Request(context.Background(), r.Number); err == nil || !strings.Contains(err.Error(), "as your company keeps requests for 90 days") {
		s.Errorf("#%d was removed, and whoever asks for it hears %v", r.Number, err)
	}
}

// mayGo holds what became of one request against the world.
func (s *simulation) mayGo(r approvals.Request, removed bool, all []approvals.Request) {
	_, has := s.N.Vendor.Account(r.Change.Email)
	switch {
	case removed && !r.State.Terminal():
		s.Errorf("#%d was removed, and is %s", r.Number, r.State)
	case removed && has && r.State == approvals.Done && r.Action == catalog.Create && !s.madeAgain(r, all):
		s.Errorf("#%d was removed, and %s still has what it gave", r.Number, r.Change.Email)
	case !removed && nothingCame(r, all):
		s.Errorf("#%d is %s and was closed a quarter ago, nobody has anything by it, and it's still there", r.Number, r.State)
	}
}

// madeAgain reports whether a later request gave the same.
func (s *simulation) madeAgain(r approvals.Request, all []approvals.Request) bool {
	return slices.ContainsFunc(all, func(o approvals.Request) bool {
		return o.Number > r.Number && o.Change.Email == r.Change.Email && o.Action == r.Action && o.State == approvals.Done
	})
}

// nothingCame reports whether a request was closed without anything done, by itself.
func nothingCame(r approvals.Request, all []approvals.Request) bool {
	if r.State != approvals.Denied && r.State != approvals.Expired && r.State != approvals.Canceled || r.Together != nil || r.Occasion != nil || r.Extends != nil {
		return false
	}
	return !slices.ContainsFunc(all, func(o approvals.Request) bool { return o.Extends != nil && o.Extends.Of == r.Number })
}

// goneInTheLog is how often the log says of each number that it was removed.
func (s *simulation) goneInTheLog() map[int64]int {
	gone := map[int64]int{}
	require.NoError(s.T, s.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e struct {
			What   string
			Detail struct{ Requests []int64 }
		}
		if !strings.Contains(string(line), `"closed requests removed"`) {
			return nil
		}
		err := json.Unmarshal(line, &e)
		for _, n := range e.Detail.Requests {
			gone[n]++
		}
		return err
	}))
	return gone
}

// goesOnCounting has somebody ask once more: the number is the next.
func (s *simulation) goesOnCounting(before []approvals.Request) {
	s.done(s.types("U0ALICE", "create later@acme.example Later because the year goes on"))
	s.spend(10 * time.Second)
	last := int64(0) // in some histories nobody asked for anything
	for _, r := range before {
		last = max(last, r.Number)
	}
	if all := s.requests(); len(all) == 0 || all[0].Number != last+1 {
		s.Errorf("after #%d comes %+v", last, all[:min(1, len(all))])
	}
	require.NoError(s.T, s.App.Store.Check(context.Background()))
}

// TestSimulationOfKeepCanFail is about what is removed when it was closed long ago.
func TestSimulationOfKeepCanFail(t *testing.T) {
	canFail(t, []bugs.Bug{
		{Name: "what comes next is removed, too", Says: "still has what it gave|doesn't say so", Put: careless(func(tx approvals.Tx, r approvals.Removed, under []string) error {
			next := r
			next.Number++
			if _, err := tx.Request(next.Number); err == nil {
				_ = tx.Remove(next, approvals.Traces(next.Number)) // where it isn't there the mistake isn't made
			}
			return tx.Remove(r, under)
		})},
		{Name: "what is closed stays", Says: "and it's still there", Put: careless(func(approvals.Tx, approvals.Removed, []string) error { return nil })},
		{Name: "nobody hears when it went", Says: "and what is left of it says", Put: careless(func(tx approvals.Tx, r approvals.Removed, under []string) error {
			r.At = time.Time{}
			return tx.Remove(r, under)
		})},
		{Name: "a number is given again", Says: `^after #\d+ comes`, Put: func(w *app.Surroundings) {
			w.Between.Book = bookOf(w, func(tx approvals.Tx) approvals.Tx { return counting{tx} })
		}},
	}, 1, func(string) iter.Seq[uint64] { return every(12, 16)("") })
}

// careless removes as a mistake has it.
func careless(remove func(approvals.Tx, approvals.Removed, []string) error) func(*app.Surroundings) {
	return func(w *app.Surroundings) {
		w.Between.Book = bookOf(w, func(tx approvals.Tx) approvals.Tx { return remover{tx, remove} })
	}
}

// bookOf is the book of a life, with something between it and its transactions.
func bookOf(w *app.Surroundings, between func(approvals.Tx) approvals.Tx) func(approvals.Book) approvals.Book {
	before := w.Between.Book
	return func(b approvals.Book) approvals.Book { return altered{before(b), between} }
}

type altered struct {
	approvals.Book
	between func(approvals.Tx) approvals.Tx
}

func (b altered) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	return b.Book.Update(ctx, func(tx approvals.Tx) error { return fn(b.between(tx)) })
}

type remover struct {
	approvals.Tx
	remove func(approvals.Tx, approvals.Removed, []string) error
}

func (t remover) Remove(r approvals.Removed, under []string) error { return t.remove(t.Tx, r, under) }

// counting gives the lowest number that no request has.
type counting struct{ approvals.Tx }

func (t counting) Next() (int64, error) {
	for n := int64(1); ; n++ {
		if _, err := t.Request(n); errors.Is(err, approvals.ErrNoRequest) {
			return n, nil
		}
	}
}
