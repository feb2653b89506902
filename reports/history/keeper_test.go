package history

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/stops"
)

// world is an app with its accounts, and what is remembered of it.
type world struct {
	*testing.T
	*Keeper
	ctx   context.Context
	store *bolt.Store
	app   approvals.App
	now   time.Time
	seats []approvals.Seat
}

func newWorld(t *testing.T) *world {
	t.Helper()
	entry := &catalog.Entry{Kind: "acme", Sort: "type", Reads: catalog.Reads{Used: true, Blocked: true, Holds: true}}
	entry.Actions = []catalog.Action{{Key: "create", Fields: []catalog.Field{{Key: "type", Choices: []catalog.Choice{{ID: "client"}, {ID: "user", All: true}}}}}}
	w := &world{T: t, ctx: t.Context(), store: stops.Store(t), now: time.Date(2026, 3, 1, 3, 30, 0, 0, time.UTC),
		app: approvals.App{ID: "acme", Name: "Acme", Entry: entry, Price: approvals.Price{Amount: 2000, Currency: "USD"}}}
	w.start(w.store)
	return w
}

// start is the program beginning (again): everything it knows it reads from the store.
func (w *world) start(m Memory) {
	w.Keeper = &Keeper{Memory: m, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler)}
}

func (w *world) list() approvals.SeatList {
	return approvals.SeatList{App: w.app, Seats: slices.Clone(w.seats), Bought: 25, At: w.now}
}

// look reads the app and remembers it.
func (w *world) look() {
	w.Helper()
	require.NoError(w, w.Remember(w.ctx, w.list().Accounts(), false))
}

// at are the accounts that are remembered of a moment, by id.
func (w *world) at(when time.Time) (Day, []approvals.Seat) {
	w.Helper()
	d, known, err := w.At(w.ctx, w.app.ID, when)
	require.NoError(w, err)
	if !known {
		return d, nil
	}
	var out []approvals.Seat
	for s, err := range d.All {
		require.NoError(w, err)
		out = append(out, s)
	}
	return d, sorted(out)
}

func sorted(seats []approvals.Seat) []approvals.Seat {
	out := slices.Clone(seats)
	slices.SortFunc(out, func(a, b approvals.Seat) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func seat(n int, blocked bool) approvals.Seat {
	return approvals.Seat{ID: fmt.Sprint(n), Email: fmt.Sprintf("person.%d@acme.example", n), Sort: "client", Holds: n % 4, Blocked: blocked}
}

// live is a day in the life of an app: some come, some go, some change, some are blocked and some aren't any more.
func (w *world) live(dice *rand.Rand, next *int) {
	w.now = w.now.Add(24 * time.Hour)
	w.seats = slices.DeleteFunc(w.seats, func(approvals.Seat) bool { return dice.IntN(60) == 0 })
	for range dice.IntN(3) {
		*next++
		w.seats = append(w.seats, seat(*next, dice.IntN(4) == 0))
	}
	for i := range w.seats {
		switch dice.IntN(40) {
		case 0:
			w.seats[i].Blocked = !w.seats[i].Blocked
		case 1:
			w.seats[i].Holds = dice.IntN(5)
		case 2:
			w.seats[i].Email = fmt.Sprintf("renamed.%d@acme.example", dice.IntN(1000))
		}
	}
	dice.Shuffle(len(w.seats), func(i, j int) { w.seats[i], w.seats[j] = w.seats[j], w.seats[i] })
}

// TestThePastIsAsItWas: through months with days on which the app couldn't be read, and a program that begins anew now and then, each
// day that was read is remembered to the account, and since when each is blocked.
func TestThePastIsAsItWas(t *testing.T) {
	for seed := range uint64(3) {
		w, dice, next := newWorld(t), rand.New(rand.NewPCG(seed, 12)), 20
		for n := range 20 {
			w.seats = append(w.seats, seat(n+1, n%5 == 0))
		}
		type day struct {
			at    time.Time
			seats []approvals.Seat
		}
		var days []day
		since := map[string]Since{}
		for range 100 {
			if dice.IntN(5) > 0 { // else it couldn't be read
				w.look()
				was := time.Time{}
				if len(days) > 0 {
					was = days[len(days)-1].at
				}
				since = follow(since, w.list(), was)
				days = append(days, day{w.now, sorted(w.seats)})
			}
			got, err := w.BlockedSince(w.ctx, w.app.ID, w.now)
			require.NoError(t, err)
			require.Equal(t, since, got)
			if w.live(dice, &next); dice.IntN(10) == 0 {
				w.start(w.store)
			}
		}
		_, seats := w.at(days[0].at.Add(-time.Second))
		require.Empty(t, seats, "nothing was remembered yet")
		for _, d := range days {
			was, seats := w.at(d.at.Add(20 * time.Hour))
			require.Equal(t, d.at, was.At)
			require.Equal(t, len(d.seats), was.Count)
			require.Equal(t, d.seats, seats)
		}
	}
}

// follow is since when accounts are blocked, after one more reading.
func follow(was map[string]Since, l approvals.SeatList, before time.Time) map[string]Since {
	is := map[string]Since{}
	for _, s := range l.Seats {
		if !s.Blocked {
			continue
		}
		var known bool
		if is[s.ID], known = was[s.ID]; !known {
			is[s.ID] = Since{At: l.At, After: before, Before: before.IsZero() || l.At.Sub(before) > 36*time.Hour}
		}
	}
	return is
}

// TestADayIsKeptOnce: the first reading of a day is the day's, whoever reads later, and whatever the store could say.
func TestADayIsKeptOnce(t *testing.T) {
	w := newWorld(t)
	w.seats = []approvals.Seat{seat(1, false), seat(2, true)}
	first := w.now
	for kept, m := range map[bool]Memory{true: &unsure{Memory: w.store, keeps: true}, false: &unsure{Memory: w.store}} {
		w.start(m)
		w.look()
		require.True(t, m.(*unsure).said, "%t", kept)
		w.now = w.now.Add(24 * time.Hour)
	}
	w.start(w.store)
	w.now = first.Add(4 * time.Hour)
	w.seats = w.seats[:1]
	w.look()
	d, seats := w.at(w.now)
	require.Equal(t, first, d.At)
	require.Len(t, seats, 2)
	require.Len(t, w.daysKept(), 2)
}

// daysKept are the days that are kept of the app.
func (w *world) daysKept() (out []string) {
	w.Helper()
	require.NoError(w, w.store.HistoryDays(w.ctx, w.app.ID, "", func(day string, _ []byte) { out = append(out, day) }))
	return out
}

// unsure is a store that can't tell once whether a day was kept.
type unsure struct {
	Memory
	keeps, said bool
}

func (u *unsure) KeepDay(ctx context.Context, app, last, day string, figures, accounts []byte) (bool, error) {
	if u.said {
		return u.Memory.KeepDay(ctx, app, last, day, figures, accounts)
	}
	u.said = true
	if u.keeps {
		_, err := u.Memory.KeepDay(ctx, app, last, day, figures, accounts)
		return false, errors.Join(approvals.ErrUnknownOutcome, err)
	}
	return false, approvals.ErrUnknownOutcome
}

// TestSeveralAtOnceKeepOneDay: two programs over one store, and many readings in each.
func TestSeveralAtOnceKeepOneDay(t *testing.T) {
	w := newWorld(t)
	w.seats = []approvals.Seat{seat(1, false), seat(2, true)}
	other := &Keeper{Memory: w.store, Now: w.Now, Log: w.Log}
	var all sync.WaitGroup
	for _, k := range []*Keeper{w.Keeper, other, w.Keeper, other} {
		all.Go(func() {
			if err := k.Remember(w.ctx, w.list().Accounts(), false); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	_, seats := w.at(w.now)
	require.Equal(t, sorted(w.seats), seats)
}

// TestTroubleIsNotRemembered: an app that suddenly lists nobody is a gap, until somebody vouches for it.
func TestTroubleIsNotRemembered(t *testing.T) {
	w := newWorld(t)
	for n := range 8 {
		w.seats = append(w.seats, seat(n, false))
	}
	w.look()
	all := w.seats
	for _, few := range []int{0, 3} {
		w.now, w.seats = w.now.Add(24*time.Hour), all[:few]
		w.look()
		d, seats := w.at(w.now)
		require.Len(t, seats, 8)
		require.NotEqual(t, w.now, d.At)
	}
	require.NoError(t, w.Remember(w.ctx, w.list().Accounts(), true))
	_, seats := w.at(w.now)
	require.Len(t, seats, 3)
}

// TestAClockThatWasAhead: days that were kept under it don't keep those of now from being remembered.
func TestAClockThatWasAhead(t *testing.T) {
	w := newWorld(t)
	w.seats = []approvals.Seat{seat(1, false)}
	w.look()
	is := w.now
	w.now = is.AddDate(4, 0, 0)
	w.Keeper.For = 10 * DefaultKept
	w.look()
	w.now = is.AddDate(0, 0, 1)
	w.look()
	require.Equal(t, []string{dayOf(is), dayOf(w.now)}, w.daysKept())
}

// TestDamageIsAGap: what can't be read any more is missing, said in the log, and what follows it is remembered anew.
func TestDamageIsAGap(t *testing.T) {
	w := newWorld(t)
	w.seats = []approvals.Seat{seat(1, true), seat(2, false)}
	for range 3 {
		w.look()
		w.now = w.now.Add(24 * time.Hour)
	}
	_, err := w.store.KeepDay(w.ctx, w.app.ID, dayOf(w.now.AddDate(0, 0, -1)), dayOf(w.now), []byte(`{"at": "2026-03-04T03:30:00Z", "used": 2, "from": "2026-03-01", "prev": "2026-03-03"}`), []byte("no lines"))
	require.NoError(t, err)
	_, err = w.BlockedSince(w.ctx, w.app.ID, w.now)
	require.ErrorIs(t, err, errDamaged)
	w.now = w.now.Add(24 * time.Hour)
	w.look()
	since, err := w.BlockedSince(w.ctx, w.app.ID, w.now)
	require.NoError(t, err)
	require.Equal(t, map[string]Since{"1": {At: w.now, Before: true}}, since)
	_, seats := w.at(w.now)
	require.Len(t, seats, 2)
}

// TestOldDaysAreForgotten: by whole months, also of an app that nobody looks after any more.
func TestOldDaysAreForgotten(t *testing.T) {
	w := newWorld(t)
	w.Keeper.For = 60 * 24 * time.Hour
	w.seats = []approvals.Seat{seat(1, false)}
	w.app.ID = "former"
	w.look()
	w.app.ID = "acme"
	for range 120 {
		w.look()
		oldest := w.now.Add(-w.For)
		first, err := time.Parse(time.DateOnly, w.daysKept()[0])
		require.NoError(t, err)
		require.Less(t, oldest.Sub(first), 32*24*time.Hour)
		if oldest.After(time.Date(2026, 3, 1, 3, 30, 0, 0, time.UTC)) {
			d, seats := w.at(oldest)
			require.Less(t, oldest.Sub(d.At), 24*time.Hour, "what is young enough is there")
			require.Len(t, seats, 1)
		}
		w.now = w.now.Add(24 * time.Hour)
	}
	apps, err := w.store.HistoryApps(w.ctx)
	require.NoError(t, err)
	require.Equal(t, []string{"acme"}, apps)
}

// TestWhatWasReadByAClockThatWasAheadIsNoDay: a list that bears a moment that is still to come is left to the next reading.
func TestWhatWasReadByAClockThatWasAheadIsNoDay(t *testing.T) {
	w := newWorld(t)
	early := w.list()
	early.At = w.now.Add(3 * time.Hour)
	require.NoError(t, w.Take(t.Context(), early.App, DayOf(early.Accounts()), true))
	_, known, err := w.At(t.Context(), early.App.ID, early.At)
	require.NoError(t, err)
	require.False(t, known)
	w.look()
	_, known, err = w.At(t.Context(), early.App.ID, w.now)
	require.NoError(t, err)
	require.True(t, known)
}
