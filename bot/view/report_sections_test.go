package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/history"
)

// twelveWeeks is a trend that rises; of the weeks named nothing is known.
func twelveWeeks(gaps ...int) history.Trend {
	tr := history.Trend{From: clock(9, 0).AddDate(0, 0, -7*12)}
	for i := range 12 {
		p := history.Point{At: clock(9, 0).AddDate(0, 0, 7*(i-11)), Known: true, Used: 11 + i, Bought: 25, Blocked: i / 4, Idle: 2}
		for _, g := range gaps {
			if g == i {
				p = history.Point{At: p.At}
			}
		}
		tr.Points = append(tr.Points, p)
	}
	return tr
}

func withNumber(n int64, a catalog.Verb, s approvals.State) approvals.Request {
	r := sample(a, s)
	r.Number = n
	return r
}

// task is a request that somebody carries out by hand.
func aTask(n int64, owner approvals.PersonID) approvals.Request {
	r := withNumber(n, catalog.Create, approvals.Running)
	r.Task = &approvals.Task{Owner: owner, Since: clock(8, 0), Due: clock(9, 0).AddDate(0, 0, 2), Steps: make([]approvals.TaskStep, 4)}
	return r
}

// fullReport has something in every section.
func fullReport() reports.Report {
	r := sampleReport()
	week := 7 * 24 * time.Hour
	a := &r.Apps[0]
	a.App.Price = approvals.Price{Amount: 2000, Currency: "USD"}
	a.Trend = twelveWeeks()
	a.Blocked[0].Since, a.Blocked[0].Why = r.At.Add(-3*week), say("limits: 10 websites, 500 keywords")
	a.Blocked[1].Since, a.Blocked[1].Before = r.At.Add(-12*week), true
	a.Unused = []approvals.Unused{{Email: "past@acme.example", Since: r.At.Add(-week), Number: 7}}
	a.Stayed = approvals.Stayed{Looked: r.At.Add(-6 * time.Hour), Orphans: []approvals.Orphan{{Email: "dale@globex.example", As: "client", Since: r.At.Add(-20 * week)}}, Others: []approvals.KindCount{{Of: "left the company", Many: 7, Who: []string{"sam@acme.example", "ida@acme.example"}}, {Of: "role differs", Many: 1}, {Of: "invited and never joined", Many: 1, Who: []string{"mia@acme.example"}, Idle: true}},
		Idle: []approvals.IdleAccount{{Email: "mia@acme.example", Never: true, Since: r.At.Add(-4 * week)}, {Email: "tom@acme.example", Since: r.At.Add(-11 * week)}}}
	b := lowUnits().Balance
	a.Balance = &b
	auto, denied, expired, ended := withNumber(21, catalog.Share, approvals.Done), withNumber(22, catalog.Create, approvals.Denied), withNumber(23, catalog.Create, approvals.Expired), withNumber(24, catalog.Create, approvals.Ended)
	ended.End = &approvals.End{By: approvals.Usher}
	r.Events = []reports.Event{{What: reports.Granted, Request: withNumber(20, catalog.Create, approvals.Done), By: []approvals.Actor{"U0BOB", "U0CAROL"}}, {What: reports.Granted, Request: auto, Rule: "small"},
		{What: reports.Denied, Request: denied, By: []approvals.Actor{"U0BOB"}}, {What: reports.Expired, Request: expired}, {What: reports.TakenBack, Request: ended}, {What: reports.TakenBack, Request: withNumber(25, catalog.Delete, approvals.Done), By: []approvals.Actor{"U0DAVE"}}}
	r.EventCount = len(r.Events)
	r.Tasks = []approvals.Request{aTask(44, "U0DAVE"), aTask(45, "")}
	lent := withNumber(31, catalog.Create, approvals.Done)
	lent.EndsAt = r.At.Add(3 * 24 * time.Hour)
	late := withNumber(8, catalog.Share, approvals.Ending)
	late.End = &approvals.End{By: approvals.Usher, At: r.At.Add(-48 * time.Hour)}
	r.Ending, r.Late = []approvals.Request{lent}, []approvals.Request{late}
	r.Cost = []reports.Cost{{All: a.App.Price.Times(25), Seats: 25, Idle: a.App.Price.Times(3), IdleSeats: 3, Saved: a.App.Price.Times(1), SavedSeats: 1, FreedSeats: 2}}
	return r
}

// emptyReport has nothing to tell.
func emptyReport() reports.Report {
	r := fullReport()
	a := r.Apps[0]
	r.Apps[0] = reports.AppReport{App: a.App, At: a.At, Stayed: approvals.Stayed{Looked: a.At.Add(-6 * time.Hour)}, Used: 22, Bought: 25, BySort: a.BySort, Since: a.Since, Changes: reports.Changes{UsedBefore: 22}}
	r.Events, r.EventCount, r.Waiting, r.Tasks, r.Ending, r.Late, r.Stuck = nil, 0, nil, nil, nil, nil, nil
	r.Cost = []reports.Cost{{All: a.App.Price.Times(25), Seats: 25}}
	return r
}

// enormousReport has so much of everything that none of it fits.
func enormousReport() reports.Report {
	r := fullReport()
	a := &r.Apps[0]
	many := make([]string, 1000)
	for i := range many {
		many[i] = fmt.Sprintf("somebody_%03d@acme.example", i)
	}
	all := reports.Names{First: many, Count: 40_000}
	a.Used, a.Bought, a.Blocked, a.BlockedCount, a.Idle, a.IdleCount = 100_000, 90_000, someBlocked(1000), 31_000, someSeats(1000, "idle"), 52_000
	for i := range a.Blocked {
		a.Blocked[i].Since = r.At.AddDate(0, 0, -i)
	}
	a.Changes = reports.Changes{UsedBefore: 90_000, Added: all, Removed: all, NewlyBlocked: all, Unblocked: all}
	for i := range 500 {
		a.Unused = append(a.Unused, approvals.Unused{Email: many[i], Since: r.At, Number: int64(i)})
		a.Stayed.Orphans = append(a.Stayed.Orphans, approvals.Orphan{Email: many[i], Since: r.At})
		r.Events, r.Tasks, r.Ending, r.Late, r.Stuck = append(r.Events, r.Events[i%6]), append(r.Tasks, r.Tasks[0]), append(r.Ending, r.Ending[0]), append(r.Late, r.Late[0]), append(r.Stuck, r.Stuck[0])
	}
	r.EventCount, r.WaitingMore = 7000, 900
	for len(r.Waiting) < 100 {
		r.Waiting = append(r.Waiting, r.Waiting[0])
	}
	r.Cost[0].All, r.Cost[0].Seats = a.App.Price.Times(90_000), 90_000
	for _, c := range []string{"EUR", "GBP", "JPY"} {
		r.Cost = append(r.Cost, reports.Cost{All: approvals.Price{Amount: 1, Currency: c}, Seats: 1})
	}
	return r
}

// partlyReport doesn't know all of it: one app couldn't be read, one says little of itself, and of one weeks are missing.
func partlyReport() reports.Report {
	r := fullReport()
	a := &r.Apps[0]
	a.Trend, a.Drift, a.Bought = twelveWeeks(3, 4), say("2 accounts came while the pages were read."), 0
	a.Blocked = append(a.Blocked, reports.BlockedAccount{Seat: approvals.Seat{ID: "412", Blocked: true}})
	a.BlockedCount++
	a.Balance = &approvals.Balance{Blind: r.At.Add(-5 * time.Hour), Why: say("it answers 503")}
	dark := reports.AppReport{App: approvals.App{ID: "dark", Name: "Planner", Entry: a.App.Entry}, Unreadable: say("it gave no usable answer, even after several tries."), AsOf: r.At.AddDate(0, 0, -3), At: r.At, Used: 12, Bought: 20, Blocked: someBlocked(1), BlockedCount: 1}
	silent := *a.App.Entry
	silent.Reads = catalog.Reads{}
	unknown := reports.AppReport{App: approvals.App{ID: "never", Name: "Ledger", Entry: a.App.Entry}, Unreadable: say("it gave no usable answer, even after several tries."), At: r.At}
	r.Apps = append(r.Apps, dark, reports.AppReport{App: approvals.App{ID: "silent", Name: "Board", Entry: &silent}, At: r.At}, unknown)
	r.Since = time.Time{}
	r.Events, r.EventCount = nil, 0
	r.Cost[0].Used, r.Cost[0].SavedSeats, r.Costless = true, 0, []approvals.App{dark.App, unknown.App}
	return r
}

// TestEachSectionInEachState draws each section by itself, and all together, in each of its states.
func TestEachSectionInEachState(t *testing.T) {
	for state, report := range map[string]func() reports.Report{"normal": fullReport, "empty": emptyReport, "enormous": enormousReport, "partly unknown": partlyReport} {
		for _, s := range append(reports.Sections(), "") {
			t.Run(state+" "+string(s), func(t *testing.T) {
				r, name := report(), "section-all-"+state
				if s != "" {
					r.Sections, name = []reports.Section{s}, "section-"+string(s)+"-"+state
				}
				m := Report(r, nil)
				golden(t, name, held(t, m))
				require.Contains(t, string(JSON(m.Blocks)), "Audit log up to `412:", "the small print keeps its place")
			})
		}
	}
}

// TestADigestWithNothingInItIsOneLine, beside its small print.
func TestADigestWithNothingInItIsOneLine(t *testing.T) {
	m := Report(emptyReport(), nil)
	require.Len(t, m.Blocks, 2)
	require.Contains(t, m.Text, "22 of 25 used · 500 USD a month. Nobody is blocked by limits, no seat is idle, no account needs a look, nobody came or went, nothing waits and nothing ends within two weeks.")
	for name, alter := range map[string]func(*reports.Report){
		"an app is dark":     func(r *reports.Report) { r.Apps[0].Unreadable = say("it is dark.") },
		"an app says little": func(r *reports.Report) { r.Apps[0].App.Entry = &catalog.Entry{Reads: catalog.Reads{Used: true}} },
		"it's the first":     func(r *reports.Report) { r.Since = time.Time{} },
		"nobody has looked":  func(r *reports.Report) { r.Apps[0].Stayed = approvals.Stayed{} },
		"something drifted":  func(r *reports.Report) { r.Apps[0].Drift = say("an account came twice.") },
		"there are units":    func(r *reports.Report) { r.Apps[0].Balance = &approvals.Balance{} },
		"there is no app":    func(r *reports.Report) { r.Apps = nil },
	} {
		t.Run(name, func(t *testing.T) {
			r := emptyReport()
			alter(&r)
			m := Report(r, nil)
			require.Greater(t, len(m.Blocks), 2)
			known := name == "nobody has looked" || name == "it's the first" || name == "something drifted" || name == "there are units"
			require.Equal(t, known, strings.Contains(m.Text, "obody is blocked by limits"), "what isn't known isn't fine")
		})
	}
}

// TestAChosenSectionWithNothingInItSaysSo: in one line, and why it has nothing; where nobody chose it, only what somebody set up is missed.
func TestAChosenSectionWithNothingInItSaysSo(t *testing.T) {
	free := emptyReport()
	free.Apps[0].App.Price, free.Cost, free.Costless = approvals.Price{}, nil, []approvals.App{{ID: "seranking", Name: "SE Ranking"}}
	priced := free
	priced.Costless = []approvals.App{{ID: "seranking", Name: "SE Ranking", Price: approvals.Price{Amount: 1, Currency: "USD"}}}
	first := emptyReport()
	first.Since = time.Time{}
	pricedFirst := priced
	pricedFirst.Since = time.Time{}
	for name, row := range map[string]struct {
		report   reports.Report
		sections []reports.Section
		want     string
		quiet    bool
	}{
		"no price, chosen":        {free, []reports.Section{reports.SectionCost}, "Cost not known: nobody has said what a seat costs. With price: {amount: 20, currency: USD, per: month} under an app in usher.yml", false},
		"no price":                {free, nil, "22 of 25 used. Nobody is blocked", true},
		"a price and no seats":    {priced, nil, "Cost not known: SE Ranking", false},
		"no units, chosen":        {free, []reports.Section{reports.SectionUnits, reports.SectionWaiting}, "22 of 25 used. Nothing waits and no units are watched.", true},
		"nothing to compare with": {first, []reports.Section{reports.SectionChanges}, "Not known yet: what has changed, because there's no earlier report to compare with", false},
		"a price, first":          {pricedFirst, []reports.Section{reports.SectionCost}, "Cost not known: SE Ranking\nReport", false},
		"changes that none wants": {first, []reports.Section{reports.SectionWaiting}, "22 of 25 used. Nothing waits.", true},
	} {
		t.Run(name, func(t *testing.T) {
			row.report.Sections = row.sections
			m := Report(row.report, nil)
			require.Contains(t, m.Text, row.want)
			require.Equal(t, row.quiet, len(m.Blocks) == 2, m.Text)
			require.Equal(t, name == "no units, chosen", strings.Contains(m.Text, "units"), m.Text)
		})
	}
	none := free
	none.Apps = []reports.AppReport{{App: free.Apps[0].App, At: free.At}}
	silent := *none.Apps[0].App.Entry
	silent.Reads, none.Apps[0].App.Entry, none.Sections = catalog.Reads{}, &silent, []reports.Section{reports.SectionSeats, reports.SectionWaiting}
	require.False(t, quietReport(none), "figures are missing")
}

// TestNobodysIsSaidOnlyOnceLookedFor: before accounts were compared with who there is, and long after, "none" isn't told as it were of today.
func TestNobodysIsSaidOnlyOnceLookedFor(t *testing.T) {
	for name, row := range map[string]struct {
		looked time.Duration
		want   string
	}{"today": {6 * time.Hour, "no account needs a look"}, "last week": {7 * 24 * time.Hour, "no account needed a look as of "}, "never": {0, "Not known yet: whose the accounts of SE Ranking are"}} {
		t.Run(name, func(t *testing.T) {
			r := emptyReport()
			if r.Apps[0].Stayed.Looked = r.At.Add(-row.looked); row.looked == 0 {
				r.Apps[0].Stayed.Looked = time.Time{}
			}
			said := Report(r, nil).Text
			require.Contains(t, said, row.want)
			require.Equal(t, name == "today", strings.Contains(said, "no account needs a look"))
		})
	}
}

// TestWhatWasComparedIsSaid: that nothing differs is told of what was compared, and of nothing else.
func TestWhatWasComparedIsSaid(t *testing.T) {
	r := emptyReport()
	r.Waiting = []approvals.Request{withNumber(9, catalog.Create, approvals.Pending)}
	require.Contains(t, Report(r, nil).Text, "Nobody came, went, got blocked or unblocked since ")
	r.Apps[0].Changes.BoughtBy = 5
	said := Report(r, nil).Text
	require.Contains(t, said, "bought: 20 before, 25 now")
	require.NotContains(t, strings.ToLower(said), "nobody came")
}
