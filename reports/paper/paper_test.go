package paper

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/thedatashed/xlsxreader"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/test/pace"
)

var update = flag.Bool("update", false, "write the golden files of papers anew")

func at(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }

func seRanking() approvals.App {
	return approvals.App{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry(), Price: approvals.Price{Amount: 2000, Currency: "USD"}}
}

func seat(n int) approvals.Seat {
	return approvals.Seat{ID: fmt.Sprint(n), Email: fmt.Sprintf("person_%06d@acme.example", n), FirstName: "=HYPERLINK(\"http://x\")", LastName: "漢字, \"quoted\"", Sort: "client", Holds: n % 3, Blocked: n%8 == 0}
}

// listOf is so many accounts.
func listOf(n int) List {
	return List{App: seRanking(), At: at(23, 9), All: func(yield func(approvals.Seat, error) bool) {
		for i := range n {
			if !yield(seat(i), nil) {
				return
			}
		}
	}}
}

func asked(n int64, s approvals.State) approvals.Request {
	return approvals.Request{Number: n, Requester: "U0ALICE", App: seRanking(), Action: catalog.Create, Change: approvals.Change{Email: "jane@acme.example"}, State: s,
		Asked: at(20, 9), Decided: at(21, 9), Rule: approvals.Rule{Policy: "seats", Approvers: []string{"U0BOB", "S0LEADS"}, Need: 1}}
}

// weekly is a report with something in every section.
func weekly() reports.Report {
	a := reports.AppReport{App: seRanking(), At: at(23, 9), Used: 22, Bought: 25, BySort: []reports.SortCount{{Sort: "client", Count: 18}, {Sort: "user", Count: 4}},
		Blocked: []reports.BlockedAccount{{Seat: seat(8), Since: at(3, 0), Why: approvals.Sayf("its limit of 500 keywords a day is used up")}, {Seat: seat(16), Since: at(1, 0), Before: true}}, BlockedCount: 2,
		Idle: []approvals.Seat{seat(3)}, IdleCount: 1, Since: at(16, 9), Changes: reports.Changes{UsedBefore: 21, Added: reports.Names{First: []string{"new@acme.example"}, Count: 1}},
		Balance: &approvals.Balance{Read: at(23, 6), Left: 12_345, Full: 50_000, Pace: true, Out: at(30, 0)},
		Unused:  []approvals.Unused{{Email: "past@acme.example", Since: at(1, 0), Number: 7}},
		Stayed: approvals.Stayed{Looked: at(23, 3), Orphans: []approvals.Orphan{{Email: "dale@globex.example", As: "client", Since: at(2, 0)}}, Others: []approvals.KindCount{{Of: "left the company", Many: 2}, {Of: "invited and never joined", Many: 1, Idle: true}},
			Idle: []approvals.IdleAccount{{Email: "mia@acme.example", Never: true, Since: at(1, 0)}, {Email: "tom@acme.example", Since: at(2, 0)}}}}
	for i := range 12 {
		a.Trend.Points = append(a.Trend.Points, history.Point{At: at(23, 0).AddDate(0, 0, 7*(i-11)), Known: i != 4 && i != 5, Used: 12 + i, Bought: 25, Blocked: i / 4, Idle: 1})
	}
	ending := asked(31, approvals.Done)
	ending.EndsAt = at(28, 18)
	late := asked(12, approvals.Ending)
	late.End = &approvals.End{By: approvals.Usher, At: at(19, 9)}
	return reports.Report{Name: "weekly-seats", Slot: "2026-11-23T09:00", At: at(23, 9), Since: at(16, 9), Apps: []reports.AppReport{a},
		Events: []reports.Event{{At: at(21, 9), What: reports.Granted, Request: asked(11, approvals.Done), By: []approvals.Actor{"U0BOB"}}, {At: at(20, 9), What: reports.Granted, Request: asked(10, approvals.Done), Rule: "small"}}, EventCount: 2,
		Waiting: []approvals.Request{asked(33, approvals.Pending)}, WaitingMore: 4, Stuck: []approvals.Request{asked(9, approvals.InDoubt)}, Ending: []approvals.Request{ending}, Late: []approvals.Request{late},
		Cost: []reports.Cost{{All: seRanking().Price.Times(25), Idle: seRanking().Price.Times(2), Saved: seRanking().Price, FreedSeats: 2, Apps: []approvals.App{seRanking()}}},
		Head: approvals.Head{Seq: 412, Hash: strings.Repeat("9f3c", 16)}}
}

func named(s approvals.Span) string {
	return map[string]string{"U0BOB": "Bob", "S0LEADS": "leads"}[s.S]
}

// papers are reports in each state, and what goes along.
func papers() map[string]Paper {
	unknown := weekly()
	unknown.Apps[0].Unreadable, unknown.Apps[0].AsOf = approvals.Sayf("it answered 503."), at(20, 9)
	fallen := weekly()
	fallen.Apps[0].Unreadable, fallen.Apps[0].AsOf, fallen.Apps[0].IdleUnknown = approvals.Sayf("it answered 503."), at(16, 9), true
	fallen.Apps[0].Idle, fallen.Apps[0].IdleCount, fallen.Apps[0].Unused, fallen.Cost[0].Idle.Amount, fallen.Cost[0].IdleUnknown = nil, 0, nil, 0, true
	fallen.Apps[0].Since, fallen.Apps[0].Changes, fallen.Events, fallen.EventCount = time.Time{}, reports.Changes{}, nil, 0
	never := weekly()
	never.Apps[0] = reports.AppReport{App: seRanking(), At: at(23, 9), Unreadable: approvals.Sayf("it answered 503.")}
	never.Apps = append(never.Apps, reports.AppReport{App: approvals.App{ID: "acme", Name: "Acme"}, At: at(23, 9)})
	never.Costless = []approvals.App{never.Apps[0].App, never.Apps[1].App}
	none := never
	none.Cost, none.Sections = nil, []reports.Section{reports.SectionCost}
	then := weekly() // as a report of the past has it
	then.Slot, then.Then, then.Stuck, then.Late, then.Head, then.Cost[0].IdleUnknown = "", true, nil, nil, approvals.Head{}, true
	then.Apps[0].Balance, then.Apps[0].Unused, then.Apps[0].Stayed = nil, nil, approvals.Stayed{}
	gap := weekly() // as a report of a moment of which the last reading is days old has it, and no report came before
	gap.Slot, gap.Then, gap.Since, gap.Events, gap.EventCount, gap.Waiting, gap.WaitingMore, gap.Stuck, gap.Ending, gap.Late, gap.Head = "", true, time.Time{}, nil, 0, nil, 0, nil, nil, nil, approvals.Head{}
	gap.Apps[0].At, gap.Apps[0].Since, gap.Apps[0].Changes = at(14, 9), time.Time{}, reports.Changes{}
	gap.Apps[0].Balance, gap.Apps[0].Unused, gap.Apps[0].Stayed = nil, nil, approvals.Stayed{}
	listed := weekly() // an app that doesn't say who has a seat, by its list, and one of which there's none
	silent := approvals.App{ID: "board", Name: "Board", Entry: &catalog.Entry{Seat: catalog.Noun{One: "user", Many: "users"}}}
	listed.Sections = []reports.Section{reports.SectionSeats, reports.SectionCost}
	listed.Apps = append(listed.Apps, reports.AppReport{App: silent, At: at(23, 9), AsOf: at(11, 8), Used: 2, Bought: 5}, reports.AppReport{App: approvals.App{ID: "ledger", Name: "Ledger", Entry: silent.Entry}, At: at(23, 9), Bought: 9})
	listed.Cost[0].All.Amount = 14_556_00
	part := weekly()
	part.Sections = []reports.Section{reports.SectionCost, reports.SectionWaiting}
	quiet := reports.AppReport{App: seRanking(), Stayed: approvals.Stayed{Looked: at(23, 3)}, At: at(23, 9), Used: 22, Bought: 25, Since: at(16, 9), Changes: reports.Changes{UsedBefore: 22}}
	return map[string]Paper{
		"normal":  Of(weekly(), []List{listOf(22)}, named),
		"empty":   Of(reports.Report{Name: "weekly-seats", Slot: "2026-11-23T09:00", At: at(23, 9), Since: at(16, 9), Apps: []reports.AppReport{quiet}}, nil, named),
		"no-app":  Of(reports.Report{Name: "weekly-seats", At: at(23, 9)}, nil, named),
		"unknown": Of(unknown, nil, named),
		"fallen":  Of(fallen, nil, named),
		"never":   Of(never, nil, named),
		"none":    Of(none, nil, named),
		"listed":  Of(listed, []List{{App: silent, At: at(11, 8), All: listOf(2).All}}, named),
		"then":    Of(then, nil, named),
		"gap":     Of(gap, nil, named),
		"part":    Of(part, []List{listOf(22)}, named),
	}
}

// TestPapers: what each format says of each state. Pictures are drawn alike on no two machines, and are looked at below.
func TestPapers(t *testing.T) {
	for name, p := range papers() {
		for _, format := range []string{".txt", ".json", ".csv", ".html"} {
			if format == ".html" && len(p.Charts) > 0 && name != "normal" && pace.UnderRace {
				continue
			}
			path := filepath.Join("testdata", name+format)
			raw := regexp.MustCompile(`data:image/png;base64,[^"]+`).ReplaceAll(written(t, "x"+format, p), []byte("data:image/png;base64,…"))
			if *update {
				require.NoError(t, os.WriteFile(path, raw, 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err, "run the tests of this package with -update")
			require.Equal(t, string(want), string(raw))
		}
	}
}

func written(t *testing.T, name string, p Paper) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, Write(&out, name, p))
	return out.Bytes()
}

// TestAWorkbookIsReadByAnotherLibrary: the same rows as in the CSV file, a sheet for each section, and no formula in either. What are figures there can be
// added up, and a section without rows has a sheet with its head.
func TestAWorkbookIsReadByAnotherLibrary(t *testing.T) {
	for name, p := range papers() {
		book, err := xlsxreader.NewReader(written(t, "x.xlsx", p))
		require.NoError(t, err, name)
		text, marked := bytes.CutPrefix(written(t, "x.csv", p), []byte("\ufeff"))
		require.True(t, marked)
		r := csv.NewReader(bytes.NewReader(text))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		require.NoError(t, err)
		sheets := p.tables(false)
		require.Len(t, book.Sheets, len(sheets), name)
		require.Subset(t, book.Sheets, titles(p), name)
		for i, s := range book.Sheets {
			require.Equal(t, sheets[i].Name, s)
			var read []xlsxreader.Row
			for row := range book.ReadRows(s) {
				read = append(read, row)
			}
			if len(read) == 1 && s != "All accounts" {
				require.NotEmpty(t, read[0].Cells, "%s of %s", s, name)
				continue
			}
			for _, row := range read {
				require.NoError(t, row.Error)
				for _, c := range row.Cells {
					figure := row.Index > 1 && slices.Contains(sheets[i].Numbers, c.ColumnIndex()) && regexp.MustCompile(`^\d+(\.\d\d)?$`).MatchString(c.Value)
					require.Equal(t, figure, c.Type == xlsxreader.TypeNumerical, "%s of %s, %s%d", s, name, c.Column, row.Index)
					if row.Index > 1 {
						require.Equal(t, c.Value, strings.TrimPrefix(rows[0][c.ColumnIndex()+1], "'"))
					}
				}
				rows = rows[1:]
			}
		}
		require.Empty(t, rows)
	}
}

// titles are those of a paper's sections.
func titles(p Paper) (out []string) {
	for _, part := range p.Parts {
		out = append(out, strings.TrimRight(part.Title, " "))
	}
	return out
}

// TestWhatSeatsCostCanBeAddedUp by who opens the workbook.
func TestWhatSeatsCostCanBeAddedUp(t *testing.T) {
	book, err := xlsxreader.NewReader(written(t, "x.xlsx", papers()["part"]))
	require.NoError(t, err)
	for row := range book.ReadRows("Cost") {
		if row.Index == 2 {
			require.Equal(t, []xlsxreader.CellType{xlsxreader.TypeString, xlsxreader.TypeNumerical, xlsxreader.TypeNumerical, xlsxreader.TypeNumerical}, []xlsxreader.CellType{row.Cells[0].Type, row.Cells[1].Type, row.Cells[2].Type, row.Cells[3].Type})
			require.Equal(t, "500.00", row.Cells[1].Value)
		}
	}
}

// TestJSONIsReadAsItSays: every row by the keys of its columns, every account.
func TestJSONIsReadAsItSays(t *testing.T) {
	var out struct {
		Report   string                               `json:"report"`
		Sections []struct{ Rows []map[string]string } `json:"sections"`
		Accounts []map[string]string                  `json:"accounts"`
		Charts   []Chart                              `json:"charts"`
	}
	require.NoError(t, json.Unmarshal(written(t, "x.json", papers()["normal"]), &out))
	require.Equal(t, "weekly-seats", out.Report)
	require.Len(t, out.Accounts, 22)
	require.Equal(t, "person_000008@acme.example", out.Accounts[8]["address"])
	require.Equal(t, "yes", out.Accounts[8]["blocked"])
	require.Len(t, out.Sections[1].Rows, 2)
	require.Nil(t, out.Charts[0].Series[0].Values[4], "a week that isn't known is no zero")
	require.NoError(t, json.Unmarshal(written(t, "x.json", papers()["empty"]), &out))
	require.Empty(t, out.Accounts)
}

// TestALongListIsNeverHeld: 100,000 accounts in each format, with as much in use as for a thousand.
func TestALongListIsNeverHeld(t *testing.T) {
	pace.Apart(t, "one row after another")
	most := [2]uint64{}
	for i, n := range []int{2000, 100_000} {
		l := listOf(n)
		all := l.All
		l.All = func(yield func(approvals.Seat, error) bool) {
			seen := 0
			for s, err := range all {
				if seen++; seen%(n/2) == 0 {
					var m runtime.MemStats
					runtime.GC()
					runtime.ReadMemStats(&m)
					most[i] = max(most[i], m.HeapAlloc)
				}
				if !yield(s, err) {
					return
				}
			}
		}
		for _, format := range formats {
			require.NoError(t, Write(io.Discard, "x"+format, Of(weekly(), []List{l}, named)), format)
		}
	}
	require.Less(t, int64(most[1])-int64(most[0]), int64(2<<20), "bytes in use over those of two thousand")
}

// TestAListThatBreaksOffIsNoFile in any format.
func TestAListThatBreaksOffIsNoFile(t *testing.T) {
	lost := errors.New("page 2 is lost")
	l := List{App: seRanking(), All: func(yield func(approvals.Seat, error) bool) { _ = yield(seat(1), nil) && yield(approvals.Seat{}, lost) }}
	for _, format := range formats {
		require.ErrorIs(t, Write(io.Discard, "x"+format, Of(weekly(), []List{l}, named)), lost, format)
	}
	require.ErrorIs(t, Write(io.Discard, "x.pdf", Paper{}), ErrFormat)
	require.ErrorIs(t, Fits("report"), ErrFormat)
	require.NoError(t, Fits("a.b.XLSX"))
}

// TestNamesAreSafeEverywhere, and the same whenever they are made.
func TestNamesAreSafeEverywhere(t *testing.T) {
	require.Equal(t, "weekly-seats-2026-11-23T0900.csv", reports.FileName("weekly-seats", "2026-11-23T09:00", ".csv"))
	require.Equal(t, "finance.xlsx", reports.FileName("finance", "", ".xlsx"))
	require.Equal(t, "a-b-c.txt", reports.FileName("a/b c", "", ".txt"))
}
