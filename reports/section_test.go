package reports

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/reports/history"
)

// past remembers one day of each app.
type past struct {
	days  map[string]history.Day
	since map[string]history.Since
}

func (p past) Trend(context.Context, string, int, time.Time) (history.Trend, error) {
	return history.Trend{From: monday}, nil
}

func (p past) BlockedSince(context.Context, string, time.Time) (map[string]history.Since, error) {
	return p.since, nil
}

func (p past) Take(context.Context, approvals.App, history.Day, bool) error { return nil }

func (p past) At(_ context.Context, app string, when time.Time) (history.Day, bool, error) {
	d, ok := p.days[app]
	return d, ok && !d.At.After(when), nil
}

func day(at time.Time, bought int, seats ...approvals.Seat) history.Day {
	c := CensusOf(approvals.SeatList{Seats: seats, Bought: bought, At: at})
	return history.Day{At: at, Bought: bought, Count: c.Count, All: c.All}
}

func asked(n int64, action catalog.Verb, s approvals.State, at time.Time) approvals.Request {
	r := approvals.Request{Number: n, App: seranking, Action: action, State: s, Asked: at.Add(-time.Hour), Decided: at, DecidedBy: "U0BOB", Outcome: &approvals.Outcome{At: at}, Rule: approvals.Rule{Policy: "small"}}
	return r
}

// lists are what was imported of apps, and nothing is left over in them.
type lists map[string]approvals.SeatList

func (l lists) Imported(_ context.Context, app approvals.App) (approvals.SeatList, error) {
	return l[app.ID], nil
}

func (lists) Unused(context.Context, approvals.App) ([]approvals.Unused, error) { return nil, nil }

func (lists) Stayed(context.Context, approvals.App) (approvals.Stayed, error) {
	return approvals.Stayed{}, nil
}

// TestWhoNeverJoinedIsIdle: in what the idle part costs, and told there and not once more among what else is found.
func TestWhoNeverJoinedIsIdle(t *testing.T) {
	app := seranking
	app.Price = approvals.Price{Amount: 20_00, Currency: "USD"}
	f := Facts{Apps: []AppFacts{{App: app, Census: CensusOf(approvals.SeatList{At: monday, Bought: 25, Seats: []approvals.Seat{seat(1, "one@acme.example", false)}}), Stayed: approvals.Stayed{
		Looked: monday, Others: []approvals.KindCount{{Of: "invited and never joined", Many: 1, Idle: true}, {Of: "role differs", Many: 1}}, Idle: []approvals.IdleAccount{{Email: "two@acme.example", Never: true, Since: monday}}}}}}
	r := built(t, Occasion{}, f, Snapshot{}, monday)
	require.Equal(t, 1, r.Cost[0].IdleSeats)
	require.Equal(t, []approvals.KindCount{{Of: "role differs", Many: 1}}, r.Others(r.Apps[0]))
	was := r.told()
	r.Apps[0].Stayed.Idle = nil
	require.NotEqual(t, was[SectionIdle], r.told()[SectionIdle], "who joined meanwhile is news")
	r = built(t, Occasion{Sections: []Section{SectionOrphans}}, f, Snapshot{}, monday)
	require.Len(t, r.Others(r.Apps[0]), 2, "where nothing else tells it")
}

// TestAnAppThatDoesntSayIsToldByItsList: by the newest that is known, as of when it is, and of the past by the one of then. What its
// seats cost follows from how many are bought, whether or not anybody has imported one.
func TestAnAppThatDoesntSayIsToldByItsList(t *testing.T) {
	silent := approvals.App{ID: "board", Name: "Board", Entry: &catalog.Entry{Seat: catalog.Noun{One: "user", Many: "users"}}, Price: approvals.Price{Amount: 100_00, Currency: "USD"}}
	one, two := seat(1, "one@acme.example", false), seat(2, "two@acme.example", false)
	w := newWorld(t, monday)
	w.vendor.apps = []approvals.App{silent}
	g := w.runner.Gatherer
	g.Bought = map[string]int{"board": 5}
	told := func(wish Wish) AppReport {
		wish.Now = monday
		f := w.gathered(wish)
		r := built(t, Occasion{Then: !wish.At.IsZero()}, f, Snapshot{}, wish.moment())
		if wish.At.IsZero() {
			require.Equal(t, []Cost{{All: silent.Price.Times(5), Idle: silent.Price.Times(0), Saved: silent.Price.Times(0), Seats: 5, Apps: []approvals.App{silent}, IdleUnknown: true}}, r.Cost)
			require.Empty(t, r.Costless)
		}
		return r.Apps[0]
	}
	g.Leftovers = lists{}
	a := told(Wish{})
	require.False(t, a.Figures())
	require.Equal(t, 5, a.Bought)
	week := monday.AddDate(0, 0, -7)
	g.Past = past{days: map[string]history.Day{"board": day(week, 4, one)}}
	a = told(Wish{})
	require.True(t, a.Figures())
	require.Equal(t, []any{week, 1, 5}, []any{a.AsOf, a.Used, a.Bought}, "what's bought is of now")
	g.Leftovers = lists{"board": {At: week.Add(time.Hour), Seats: []approvals.Seat{one, two}}}
	a = told(Wish{})
	require.Equal(t, []any{week.Add(time.Hour), 2, 5}, []any{a.AsOf, a.Used, a.Bought}, "of a day the first is remembered, and the newest is told")
	all, err := g.Accounts(ctx, Wish{Now: monday})
	require.NoError(t, err)
	require.Equal(t, 2, all[0].Count)
	a = told(Wish{At: week.Add(2 * time.Hour)})
	require.Equal(t, []any{week, 1, 4}, []any{a.AsOf, a.Used, a.Bought}, "of the past what is remembered")
	a = told(Wish{At: week.Add(-time.Hour)})
	require.False(t, a.Figures())
	require.Zero(t, a.Bought)
}

func TestWhatIsPaidForAndNotUsedIsNotFree(t *testing.T) {
	price := approvals.Price{Amount: 100_00, Currency: "USD"}
	board := approvals.App{ID: "board", Name: "Board", Entry: &catalog.Entry{Seat: catalog.Noun{One: "user", Many: "users"}}, Price: price}
	unused := []approvals.Unused{{Email: "Off@acme.example", Listed: true}, {Email: "removed@acme.example", Number: 7}}
	list := CensusOf(approvals.SeatList{App: board, At: monday, Seats: []approvals.Seat{seat(1, "one@acme.example", false), seat(2, "removed@acme.example", false)}})
	with := func(a AppFacts) Report {
		return built(t, Occasion{}, Facts{Apps: []AppFacts{a}}, Snapshot{}, monday)
	}
	a := with(AppFacts{App: board, Known: list, Bought: 90, Unused: unused}).Apps[0]
	require.Equal(t, []int{2, 1, 87}, []int{a.Used, a.Spare, a.Free()}, "whose removal is newer than the list stands on it, and has one seat and not two")
	require.Equal(t, price.Times(3), with(AppFacts{App: board, Known: list, Unused: unused}).Cost[0].All, "it's paid for")
	ranked := seranking
	ranked.Price = price
	a = with(AppFacts{App: ranked, Census: list, Bought: 90, Unused: unused}).Apps[0]
	require.Equal(t, []int{2, 0, 88}, []int{a.Used, a.Spare, a.Free()}, "an app that says who has a seat counts them itself")
}

func (w *world) gathered(wish Wish) Facts {
	w.Helper()
	f, _, err := w.runner.Gatherer.Gather(ctx, wish)
	require.NoError(w, err)
	return f
}

// TestWhatCameOfRequests: each is told once, of the time it came about in, with who allowed it.
func TestWhatCameOfRequests(t *testing.T) {
	w := newWorld(t, monday)
	week := monday.Add(-7 * 24 * time.Hour)
	auto, ended, taken, extended := asked(1, catalog.Create, approvals.Done, week.Add(time.Hour)), asked(2, catalog.Create, approvals.Ended, week.Add(-time.Hour)), asked(3, catalog.Delete, approvals.Done, monday), asked(9, catalog.Create, approvals.Done, week.Add(5*time.Hour))
	auto.DecidedBy = approvals.Usher
	ended.End = &approvals.End{By: approvals.Usher, Outcome: &approvals.Outcome{At: week.Add(2 * time.Hour)}}
	taken.Tally = &approvals.Tally{Counted: []approvals.Actor{"U0BOB", "U0CAROL"}}
	extended.Extends = &approvals.Extension{Of: 1, Action: catalog.Create}
	later := asked(10, catalog.Create, approvals.Done, monday.Add(time.Second))
	w.asked = []approvals.Request{later, extended, asked(8, catalog.Update, approvals.Done, week.Add(4*time.Hour)), asked(7, catalog.Create, approvals.Canceled, week.Add(time.Hour)), asked(6, catalog.Create, approvals.Failed, week.Add(time.Hour)),
		asked(5, catalog.Share, approvals.Denied, week.Add(3*time.Hour)), asked(4, catalog.Create, approvals.Expired, week.Add(time.Minute)), taken, ended, auto}
	f := w.gathered(Wish{Now: monday, Since: week})
	r := built(t, Occasion{}, f, Snapshot{At: week}, monday)
	type told struct {
		number int64
		what   EventKind
		by     []approvals.Actor
		rule   string
	}
	var got []told
	for _, e := range r.Events {
		got = append(got, told{e.Request.Number, e.What, e.By, e.Rule})
	}
	require.Equal(t, []told{{3, TakenBack, []approvals.Actor{"U0BOB", "U0CAROL"}, ""}, {9, Granted, []approvals.Actor{"U0BOB"}, ""}, {8, Changed, []approvals.Actor{"U0BOB"}, ""}, {5, Denied, []approvals.Actor{"U0BOB"}, ""},
		{2, TakenBack, nil, ""}, {1, Granted, nil, "small"}, {4, Expired, nil, ""}}, got, "the latest first; what was given before the last report, or comes after this one, isn't told")
	require.Equal(t, 7, r.EventCount)
	require.True(t, r.News())
	first := built(t, Occasion{}, f, Snapshot{}, monday)
	require.Empty(t, first.Events, "the first report would tell everything there ever was")
}

// TestManyRequestsAreGoneThrough: also those on the last of many pages.
func TestManyRequestsAreGoneThrough(t *testing.T) {
	w := newWorld(t, monday)
	for n := int64(2*perPage + 1); n > 0; n-- {
		r := asked(n, catalog.Create, approvals.Done, monday.Add(-time.Hour))
		r.EndsAt = monday.Add(time.Duration(n) * 24 * time.Hour)
		w.asked = append(w.asked, r)
	}
	f := w.gathered(Wish{Now: monday})
	require.Equal(t, 2*perPage+1, f.EventCount)
	require.Len(t, f.Events, mostNamed)
	r := built(t, Occasion{}, f, Snapshot{At: monday.Add(-2 * time.Hour)}, monday)
	require.Equal(t, 2*perPage+1, r.EventCount)
	require.Len(t, r.Ending, 14)
	require.EqualValues(t, 1, r.Ending[0].Number, "what ends first is told first")
	f = w.gathered(Wish{Now: monday, Apps: []string{"other"}})
	require.Zero(t, f.EventCount)
	require.Empty(t, f.EndsSoon)
}

// TestAReportOfSomeAppsTellsOfNoOther: whatever state a request of another app is in, it is neither shown nor news, now and of then.
func TestAReportOfSomeAppsTellsOfNoOther(t *testing.T) {
	w := newWorld(t, monday)
	other := approvals.App{ID: "other", Name: "Other"}
	for n, s := range []approvals.State{approvals.Pending, approvals.InDoubt, approvals.Failed, approvals.Ending, approvals.Running, approvals.Done, approvals.Denied} {
		r := asked(int64(7-n), catalog.Create, s, monday.Add(-time.Hour))
		r.App, r.EndsAt = other, monday.Add(24*time.Hour)
		switch s {
		case approvals.Pending:
			r.Decided, r.Outcome = time.Time{}, nil
		case approvals.Ending, approvals.InDoubt:
			r.End = &approvals.End{At: monday.Add(-30 * time.Minute)}
		case approvals.Running:
			r.Task = &approvals.Task{Since: monday.Add(-time.Hour)}
		}
		w.asked = append(w.asked, r)
	}
	for _, at := range []time.Time{{}, monday} {
		f := w.gathered(Wish{Now: monday, At: at, Apps: []string{"seranking"}})
		require.Empty(t, slices.Concat(f.Pending, f.InDoubt, f.Failed, f.Ending, f.Running, f.EndsSoon))
		require.Zero(t, f.EventCount)
		require.False(t, built(t, Occasion{}, Facts{Pending: f.Pending, Running: f.Running, Ending: f.Ending, Events: f.Events}, Snapshot{At: monday.Add(-7 * 24 * time.Hour), Told: Report{}.told()}, monday).News())
		f = w.gathered(Wish{Now: monday, At: at, Apps: []string{"other"}})
		require.NotEmpty(t, f.Pending)
		require.Equal(t, 3, f.EventCount, "granted, granted and denied")
	}
}

// TestAnAppThatCannotBeReadShowsWhatIsKnown: by what was read last, wherever that stands, with when that was.
func TestAnAppThatCannotBeReadShowsWhatIsKnown(t *testing.T) {
	w := newWorld(t, monday)
	before, yesterday := after(t, Snapshot{}, "2026-11-16T09:00", facts(seat(1, "one@a.example", true), seat(2, "two@a.example", false))), monday.Add(-24*time.Hour)
	before.Apps["seranking"] = AppSnapshot{At: monday.Add(-7 * 24 * time.Hour), Bought: 20, Accounts: before.Apps["seranking"].Accounts}
	for name, row := range map[string]struct {
		past    past
		last    Snapshot
		asOf    time.Time
		used    int
		blocked []string
	}{
		"by the last report":         {last: before, asOf: monday.Add(-7 * 24 * time.Hour), used: 2, blocked: []string{"one@a.example"}},
		"by what was read yesterday": {past: past{days: map[string]history.Day{"seranking": day(yesterday, 25, seat(3, "three@a.example", true))}}, last: before, asOf: yesterday, used: 1, blocked: []string{"three@a.example"}},
		"by nothing":                 {},
	} {
		t.Run(name, func(t *testing.T) {
			w.vendor.dark = map[string]int{"seranking": 1}
			w.runner.Gatherer.Past = row.past
			f, unread, err := w.runner.Gatherer.Gather(ctx, Wish{Now: monday})
			require.NoError(t, err)
			require.Error(t, unread)
			a := built(t, Occasion{}, f, row.last, monday).Apps[0]
			require.NotNil(t, a.Unreadable)
			require.Equal(t, row.asOf, a.AsOf)
			require.Equal(t, row.used, a.Used)
			require.Equal(t, row.blocked, blocked(a))
			require.Equal(t, len(row.blocked), a.BlockedCount)
			require.Empty(t, a.Idle, "what an account sees isn't kept")
			require.Equal(t, name == "by the last report", a.IdleUnknown, "of which nobody knows who was idle")
			require.True(t, a.Since.IsZero(), "nobody can say what changed")
		})
	}
}

// TestTheFiguresOfThePast: a report as it would have been is built from what is remembered, and asks no vendor.
func TestTheFiguresOfThePast(t *testing.T) {
	w := newWorld(t, monday)
	w.runner.Gatherer.Past = past{days: map[string]history.Day{"seranking": day(monday.Add(-48*time.Hour), 25, seat(3, "three@a.example", true))}}
	w.asked = []approvals.Request{asked(3, catalog.Create, approvals.Done, monday), asked(2, catalog.Create, approvals.Done, monday.Add(-30*time.Hour)), asked(1, catalog.Create, approvals.Pending, time.Time{})}
	w.asked[2].Asked = monday.Add(-72 * time.Hour)
	at := monday.Add(-24 * time.Hour)
	reads := w.vendor.reads
	r := built(t, Occasion{}, w.gathered(Wish{Now: monday, At: at}), Snapshot{At: monday.Add(-96 * time.Hour)}, at)
	require.Equal(t, []string{"three@a.example"}, blocked(r.Apps[0]))
	require.Equal(t, monday.Add(-48*time.Hour), r.Apps[0].At)
	require.EqualValues(t, 1, r.Waiting[0].Number)
	require.Len(t, r.Waiting, 1)
	require.Len(t, r.Events, 1, "what came about later isn't known yet")
	early := built(t, Occasion{}, w.gathered(Wish{Now: monday, At: monday.Add(-72 * time.Hour)}), Snapshot{}, at)
	require.Equal(t, "nothing is remembered of it from so early.", early.Apps[0].Unreadable.Plain())
	require.Equal(t, reads, w.vendor.reads)
}

// TestSinceWhenAndWhy: each blocked account has what is remembered and read of it, and nothing that isn't.
func TestSinceWhenAndWhy(t *testing.T) {
	w := newWorld(t, monday)
	w.vendor.seats["seranking"] = []approvals.Seat{seat(1, "one@a.example", true), seat(2, "two@a.example", true), seat(3, "three@a.example", false)}
	w.runner.Gatherer.Past = past{since: map[string]history.Since{"1": {At: monday.Add(-72 * time.Hour)}, "2": {At: monday.Add(-time.Hour), Before: true}}}
	w.runner.Gatherer.Limits = limits{"1": approvals.Sayf("limits: 10 websites, 500 keywords")}
	a := built(t, Occasion{}, w.gathered(Wish{Now: monday}), Snapshot{}, monday).Apps[0]
	require.Equal(t, []BlockedAccount{{Seat: seat(1, "one@a.example", true), Since: monday.Add(-72 * time.Hour), Why: approvals.Sayf("limits: 10 websites, 500 keywords")},
		{Seat: seat(2, "two@a.example", true), Since: monday.Add(-time.Hour), Before: true}}, a.Blocked)
	require.False(t, a.Trend.From.IsZero())
}

type limits map[string]approvals.Text

func (l limits) Limits(_ context.Context, _ string, s approvals.Seat) (approvals.Text, error) {
	if l[s.ID] == nil {
		return nil, approvals.Refuse(approvals.CannotTell, "It can't be read.")
	}
	return l[s.ID], nil
}

// TestWhatSeatsCost: by currency and never across, of seats that are bought or else used, with what is idle and what was given back.
func TestWhatSeatsCost(t *testing.T) {
	usd, eur := approvals.Price{Amount: 2000, Currency: "USD"}, approvals.Price{Amount: 1950, Currency: "EUR"}
	app := func(id string, price approvals.Price, bought int, seats ...approvals.Seat) AppFacts {
		a := seranking
		a.ID, a.Price = id, price
		return AppFacts{App: a, Census: CensusOf(approvals.SeatList{App: a, Seats: seats, Bought: bought, At: monday})}
	}
	idle := approvals.Seat{ID: "9", Email: "idle@a.example", Sort: "client"}
	f := Facts{Apps: []AppFacts{app("a", usd, 25, seat(1, "one@a.example", false), idle), app("b", usd, 0, seat(1, "one@a.example", false), idle), app("c", eur, 4, seat(1, "one@a.example", false)), app("d", approvals.Price{}, 5),
		{App: approvals.App{ID: "e", Price: usd, Entry: seranking.Entry}, Unreadable: approvals.Sayf("it is dark.")}}}
	f.Apps[1].Unused = []approvals.Unused{{Email: "left@a.example"}}
	gone, lent, share := asked(1, catalog.Delete, approvals.Done, monday), asked(2, catalog.Create, approvals.Ended, monday.Add(-400*24*time.Hour)), asked(3, catalog.Unshare, approvals.Done, monday)
	for _, r := range []*approvals.Request{&gone, &lent, &share} {
		r.App.ID = "a"
	}
	lent.End = &approvals.End{Outcome: &approvals.Outcome{At: monday}}
	for _, r := range []approvals.Request{gone, lent, share} {
		f.Events = append(f.Events, eventsOf(r)...)
	}
	f.EventCount = len(f.Events)
	r := built(t, Occasion{}, f, Snapshot{At: monday.Add(-7 * 24 * time.Hour)}, monday)
	require.Len(t, r.Cost, 2)
	require.Equal(t, []string{"540 USD a month", "60 USD a month", "0 USD a month"}, []string{r.Cost[0].All.String(), r.Cost[0].Idle.String(), r.Cost[0].Saved.String()})
	require.Equal(t, []int{27, 3, 0, 2}, []int{r.Cost[0].Seats, r.Cost[0].IdleSeats, r.Cost[0].SavedSeats, r.Cost[0].FreedSeats})
	require.True(t, r.Cost[0].Used)
	require.Equal(t, "78 EUR a month", r.Cost[1].All.String())
	require.False(t, r.Cost[1].Used)
	require.Equal(t, []string{"d", "e"}, []string{r.Costless[0].ID, r.Costless[1].ID})
}

// TestWhatIsSaved: a seat that was given back is free, and only what nobody pays for any more is saved.
func TestWhatIsSaved(t *testing.T) {
	for name, row := range map[string]struct {
		before, bought int
		dropped        bool
		saved, freed   int
	}{
		"those in use are what is counted": {saved: 2},
		"as many are bought as before":     {before: 25, bought: 25, freed: 2},
		"more are bought":                  {before: 25, bought: 30, freed: 2},
		"one fewer is bought":              {before: 25, bought: 24, saved: 1, freed: 1},
		"many fewer are bought":            {before: 25, bought: 5, saved: 2},
		"before, nobody knew how many":     {bought: 25, freed: 2},
		"one was dropped":                  {before: 25, bought: 25, dropped: true, saved: 1, freed: 1},
		"one was, and it shows":            {before: 25, bought: 24, dropped: true, saved: 1, freed: 1},
	} {
		t.Run(name, func(t *testing.T) {
			app := seranking
			app.Price = approvals.Price{Amount: 2000, Currency: "USD"}
			f := Facts{Apps: []AppFacts{{App: app, Census: CensusOf(approvals.SeatList{App: app, Bought: row.bought, At: monday})}}}
			for n := range int64(2) {
				r := asked(n+1, catalog.Delete, approvals.Done, monday)
				if row.dropped && n == 0 {
					r.Task = &approvals.Task{Steps: []approvals.TaskStep{{Step: catalog.Step{Marks: catalog.SeatReleased}, Tick: &approvals.Tick{}}}}
				}
				f.Events = append(f.Events, eventsOf(r)...)
			}
			f.EventCount = len(f.Events)
			last := monday.Add(-7 * 24 * time.Hour)
			r := built(t, Occasion{}, f, Snapshot{At: last, Apps: map[string]AppSnapshot{app.ID: {At: last, Bought: row.before, Accounts: map[string]Account{}}}}, monday)
			require.Equal(t, []int{row.saved, row.freed}, []int{r.Cost[0].SavedSeats, r.Cost[0].FreedSeats})
			require.Equal(t, app.Price.Times(row.saved).Amount, r.Cost[0].Saved.Amount)
			require.Equal(t, row.before > 0 && row.bought != row.before, !r.Apps[0].Changes.None(), "and how many are bought is compared")
		})
	}
}
