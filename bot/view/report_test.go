package view

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/reports"
)

func someSeats(n int, kind string) []approvals.Seat {
	var out []approvals.Seat
	for i := range n {
		out = append(out, approvals.Seat{ID: fmt.Sprint(i + 1), Email: fmt.Sprintf("%s_%03d@acme.example", kind, i), Sort: "client"})
	}
	return out
}

func someBlocked(n int) []reports.BlockedAccount {
	var out []reports.BlockedAccount
	for _, s := range someSeats(n, "blocked") {
		out = append(out, reports.BlockedAccount{Seat: s})
	}
	return out
}

func names(all ...string) reports.Names { return reports.Names{First: all, Count: len(all)} }

func sampleReport() reports.Report {
	stuck := sample(catalog.Share, approvals.InDoubt)
	stuck.Number = 9
	return reports.Report{
		Name: "weekly-seats", Slot: "2026-11-23T09:00", At: clock(9, 0),
		Apps: []reports.AppReport{{
			App: seRanking(), At: clock(8, 59), Used: 22, Bought: 25,
			BySort:  []reports.SortCount{{Sort: "client", Count: 18}, {Sort: "user", Count: 4}},
			Blocked: someBlocked(3), BlockedCount: 3, Idle: someSeats(2, "idle"), IdleCount: 2, Since: clock(9, 0).AddDate(0, 0, -7),
			Stayed:  approvals.Stayed{Looked: clock(3, 0)},
			Changes: reports.Changes{UsedBefore: 21, Added: names("new@acme.example"), NewlyBlocked: names("blocked_002@acme.example")},
		}},
		Since:   clock(9, 0).AddDate(0, 0, -7),
		Waiting: []approvals.Request{sample(catalog.Create, approvals.Pending)},
		Stuck:   []approvals.Request{stuck},
		Head:    approvals.Head{Seq: 412, Hash: strings.Repeat("9f3c", 16)},
	}
}

// staying has something that stays too long, in an app that couldn't be read too.
func staying(r *reports.Report) {
	for i, as := range []string{"client", "", "user", "user", "client", "user"} {
		r.Apps[0].Stayed.Orphans = append(r.Apps[0].Stayed.Orphans, approvals.Orphan{Email: fmt.Sprintf("nobody_%d@globex.example", i), As: as, Since: clock(10, 0).AddDate(0, 0, -i)})
	}
	r.Apps[0].Stayed.Others = []approvals.KindCount{{Of: "left the company", Many: 1}, {Of: "role differs", Many: 2}}
	other := r.Apps[0]
	other.App.ID, other.Unreadable = "other", say("it answered 503.")
	other.Stayed = approvals.Stayed{Orphans: other.Stayed.Orphans[:1]}
	r.Apps = append(r.Apps, other)
}

// leftOver has seats that are paid for and not used.
func leftOver(r *reports.Report) {
	r.Apps[0].Unused = []approvals.Unused{{Email: "jane@acme.example", Since: clock(10, 0).AddDate(0, 0, -3), Number: 12}, {Email: "past@acme.example", Since: clock(10, 0).AddDate(0, 0, -1), Listed: true}}
	other := r.Apps[0]
	other.App.Price, other.Unused = approvals.Price{}, other.Unused[:1]
	r.Apps[0].App.Price = approvals.Price{Amount: 4550, Currency: "USD"}
	r.Apps = append(r.Apps, other)
}

// byLists has apps that don't say who has a seat: one with a list of its own, and one without.
func byLists(r *reports.Report) {
	silent := *r.Apps[0].App.Entry
	silent.Reads = catalog.Reads{}
	byList := reports.AppReport{App: approvals.App{ID: "board", Name: "Board", Entry: &silent}, At: r.At, AsOf: r.At.AddDate(0, 0, -12), Used: 2, Bought: 5, BySort: []reports.SortCount{{Sort: "User", Count: 2}}}
	none := reports.AppReport{App: approvals.App{ID: "ledger", Name: "Ledger", Entry: &silent}, At: r.At, Bought: 9}
	r.Apps = append(r.Apps, byList, none)
	r.Cost = []reports.Cost{{All: approvals.Price{Amount: 14_556_00, Currency: "USD"}, Seats: 39}}
}

func TestReports(t *testing.T) {
	for name, alter := range map[string]func(*reports.Report){
		"week": func(*reports.Report) {},
		"quiet": func(r *reports.Report) {
			a := &r.Apps[0]
			a.Blocked, a.BlockedCount, a.Idle, a.IdleCount, a.Changes = nil, 0, nil, 0, reports.Changes{UsedBefore: 22}
			r.Waiting, r.Stuck, r.Head = nil, nil, approvals.Head{}
		},
		"first": func(r *reports.Report) { r.Apps[0].Since = time.Time{} },
		"unreadable": func(r *reports.Report) {
			r.Apps[0] = reports.AppReport{App: r.Apps[0].App, At: r.At, Unreadable: say("it answered 503.")}
		},
		"by hand": func(r *reports.Report) { r.Slot, r.AskedBy = "", "U0ADMIN" },
		"two apps": func(r *reports.Report) {
			other := r.Apps[0]
			other.App, other.Used, other.Bought = approvals.App{ID: "other", Name: "Other App", Entry: other.App.Entry}, 5, 0
			r.Apps = append(r.Apps, other)
		},
		"many waiting": func(r *reports.Report) {
			for range 60 {
				r.Waiting = append(r.Waiting, r.Waiting[0])
			}
			r.WaitingMore = 40
		},
		"late": func(r *reports.Report) {
			for i, by := range []time.Duration{9*24*time.Hour + time.Hour, 26 * time.Hour, 5*time.Hour + time.Minute, 16 * time.Minute} {
				q := sample(catalog.Share, approvals.Ending)
				q.Number, q.End = int64(i+1), &approvals.End{By: approvals.Usher, At: r.At.Add(-by)}
				if i < 2 {
					q.End.Failed = &approvals.Outcome{Text: say("It owns a website that others need.")}
				}
				r.Late = append(r.Late, q)
			}
			r.Late[0].State, r.Late[2].Number = approvals.InDoubt, 13
		},
		"one late": func(r *reports.Report) {
			q := sample(catalog.Share, approvals.Ending)
			q.End = &approvals.End{By: "U0ALICE", At: r.At.Add(-48 * time.Hour)}
			r.Late, r.Waiting, r.Stuck = []approvals.Request{q}, nil, nil
		},
		"unused": leftOver,
		"stayed": staying,
		"units": func(r *reports.Report) {
			b := lowUnits().Balance
			b.Read = r.At.Add(-3 * time.Hour)
			r.Apps[0].Balance = &b
		},
		"listed": byLists,
		"no app": func(r *reports.Report) { r.Apps = nil },
	} {
		t.Run(name, func(t *testing.T) {
			r := sampleReport()
			alter(&r)
			golden(t, "report-"+name, held(t, Report(r, nil)))
		})
	}
}

func TestReportFirstLine(t *testing.T) {
	first, _, _ := strings.Cut(Report(sampleReport(), nil).Text, "\n")
	require.Regexp(t, `^SE Ranking seats · week 48 — 22 of 25 used \(\+1\) · 3 accounts blocked by limits · 2 without a website · 1 request stuck · `+
		`1 request has been waiting for <@U0BOB> or anyone in <!subteam\^S0LEADS> since <!date.*>$`, first)
}

var aBlocked = regexp.MustCompile(`blocked_\d+@`)

// blockedIn are the blocked accounts that a message names in its blocks: in those with Slack's own tables, and in the plain ones.
func blockedIn(t *testing.T, m Message) (drawn, plain int) {
	t.Helper()
	count := func(blocks []slack.Block) int {
		return len(slices.Compact(slices.Sorted(slices.Values(aBlocked.FindAllString(string(JSON(blocks)), -1)))))
	}
	if m.Plain == nil {
		return count(m.Blocks), count(m.Blocks)
	}
	return count(m.Blocks), count(m.Plain)
}

func TestReportNamesEveryBlockedAccount(t *testing.T) {
	for _, n := range []int{0, 1, 17, 100, 180} {
		r := sampleReport()
		r.Apps[0].Blocked, r.Apps[0].BlockedCount = someBlocked(n), n
		r.Apps[0].Changes = reports.Changes{UsedBefore: 22}
		m := Report(r, nil)
		held(t, m)
		drawn, plain := blockedIn(t, m)
		require.Equal(t, []int{n, n}, []int{drawn, plain})
		require.NotContains(t, string(JSON(m.Blocks))+string(JSON(m.Plain)), "/access accounts blocked")
		said := strings.Count(m.Text, "• blocked_")
		require.GreaterOrEqual(t, said, min(n, 60), "%d", n)
		require.Equal(t, said < n, strings.Contains(m.Text, fmt.Sprintf("\nand %d more: /access accounts blocked\n", n-said)))
	}
}

func TestReportSaysHowManyMoreAreBlocked(t *testing.T) {
	for apps := 1; apps <= 12; apps += 3 {
		r := sampleReport()
		r.Apps[0].Blocked, r.Apps[0].BlockedCount = someBlocked(1000), 5000
		for len(r.Apps) < apps {
			r.Apps = append(r.Apps, r.Apps[0])
		}
		m := Report(r, nil)
		raw := held(t, m)
		require.Contains(t, m.Text, grouped(5000*apps)+" accounts blocked by limits")
		require.Contains(t, string(raw), "`/access accounts blocked`")
		require.Contains(t, string(raw), "Audit log up to `412:"+strings.Repeat("9f3c", 8)+"`", "the small print keeps its place")
		if apps == 1 {
			_, plain := blockedIn(t, m)
			require.Contains(t, string(raw), "and "+grouped(5000-plain)+" more: ")
			require.Greater(t, plain, 180)
		}
	}
}

// manyApps are so many, of which the last ones each have an account blocked by limits.
func manyApps(all, wrong int) reports.Report {
	r := sampleReport()
	one := r.Apps[0]
	one.Blocked, one.BlockedCount, one.Idle, one.IdleCount, one.Changes = nil, 0, nil, 0, reports.Changes{UsedBefore: 22}
	r.Apps = nil
	for i := range all {
		a := one
		a.App.ID, a.App.Name = fmt.Sprintf("app%d", i), fmt.Sprintf("App %d", i)
		if i >= all-wrong {
			a.Blocked, a.BlockedCount = []reports.BlockedAccount{{Seat: approvals.Seat{ID: "1", Email: fmt.Sprintf("blocked_%03d@acme.example", i)}}}, 1
		}
		r.Apps = append(r.Apps, a)
	}
	return r
}

// TestReportNamesEveryBlockedAccountOfManyApps: however many apps there are, what is wrong has its place before what is well.
func TestReportNamesEveryBlockedAccountOfManyApps(t *testing.T) {
	for _, c := range []struct{ all, wrong int }{{8, 8}, {9, 1}, {10, 10}, {20, 3}, {30, 20}} {
		m := Report(manyApps(c.all, c.wrong), nil)
		held(t, m)
		drawn, plain := blockedIn(t, m)
		require.Equal(t, []int{c.wrong, c.wrong}, []int{drawn, plain}, "%v", c)
		if said := len(aBlocked.FindAllString(m.Text, -1)); c.wrong > 10 {
			require.Contains(t, m.Text, fmt.Sprintf("and %d more apps with something wrong", c.wrong-said))
		} else {
			require.Equal(t, c.wrong, said, "%v", c)
		}
		require.Equal(t, c.all > mostApps, strings.Contains(m.Text, "that didn't fit"))
	}
	r := manyApps(200, 200)
	m := Report(r, nil)
	held(t, m)
	drawn, _ := blockedIn(t, m)
	require.Contains(t, string(JSON(m.Blocks)), fmt.Sprintf("and %d more apps with something wrong: `/access accounts blocked`", 200-drawn))
	r = manyApps(9, 0)
	r.Apps[8].Unreadable = say("it answered 503.")
	require.Contains(t, Report(r, nil).Text, "App 8 couldn't be read: it answered 503.")
}
