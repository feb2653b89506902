package commandline

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/thedatashed/xlsxreader"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// seated is an app with a few accounts, of which days of the past are remembered from the 20th of November on.
type seated struct{ lost bool }

var errAway = errors.New("the vendor is away")

func (seated) Apps() []approvals.App { return configured() }

func (s seated) Seats(context.Context, string, bool) (approvals.SeatList, error) {
	if s.lost {
		return approvals.SeatList{}, errAway
	}
	return approvals.SeatList{App: configured()[0], Bought: 25, At: time.Now(), Seats: someSeats()}, nil
}

func someSeats() []approvals.Seat {
	return []approvals.Seat{{ID: "1", Email: "jane@acme.example", FirstName: "=1+1", Sort: "client", Blocked: true}, {ID: "2", Email: "lee@globex.example", Sort: "user"}}
}

func (seated) Trend(context.Context, string, int, time.Time) (history.Trend, error) {
	return history.Trend{From: time.Date(2025, 11, 20, 9, 0, 0, 0, time.UTC)}, nil
}

func (seated) BlockedSince(context.Context, string, time.Time) (map[string]history.Since, error) {
	return nil, nil
}

func (seated) Take(context.Context, approvals.App, history.Day, bool) error { return nil }

func (seated) At(_ context.Context, _ string, when time.Time) (history.Day, bool, error) {
	at := time.Date(2025, 11, 20, 9, 0, 0, 0, time.UTC)
	return history.Day{At: at, Bought: 25, Count: 1, All: func(yield func(approvals.Seat, error) bool) { yield(someSeats()[0], nil) }}, !when.Before(at), nil
}

// readings of a file: every row of every table, whatever the format.
func rowsOf(t *testing.T, path string) (out []string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	switch filepath.Ext(path) {
	case ".xlsx":
		book, err := xlsxreader.NewReader(raw)
		require.NoError(t, err)
		for _, name := range book.Sheets {
			for row := range book.ReadRows(name) {
				require.NoError(t, row.Error)
				var cells []string
				for _, c := range row.Cells {
					cells = append(cells, c.Value)
				}
				out = append(out, strings.Join(cells, " "))
			}
		}
		return out
	case ".csv":
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
		r.FieldsPerRecord = -1
		all, err := r.ReadAll()
		require.NoError(t, err)
		for _, cells := range all {
			out = append(out, strings.Join(cells, " "))
		}
		return out
	case ".json":
		require.True(t, json.Valid(raw))
	}
	return strings.Split(string(raw), "\n")
}

var errNoRow = errors.New("no such row")

// has reports whether one row says all of it.
func has(rows []string, words ...string) error {
next:
	for _, row := range rows {
		for _, w := range words {
			if !strings.Contains(row, w) {
				continue next
			}
		}
		return nil
	}
	return errNoRow
}

// TestAReportAtTheCommandLine: as it would be now and as it was, in each format, through the Usher that runs; what isn't remembered
// and what isn't known is refused with what is, and leaves no file.
func TestAReportAtTheCommandLine(t *testing.T) {
	s := openStanding(t, 1)
	schedule, err := reports.ParseSchedule("0 9 * * THU", "UTC")
	require.NoError(t, err)
	s.reports.Planner.Reports = []reports.Config{{Name: "weekly-seats", Schedule: schedule}}
	s.reports.Gatherer = &reports.Gatherer{Seats: seated{}, Requests: s.desk, Memory: s.db, Past: seated{}}
	s.ask(t, "jane@acme.example")
	for _, ending := range []string{".html", ".txt", ".csv", ".xlsx", ".json"} {
		path := filepath.Join(t.TempDir(), "report"+ending)
		a := s.usher(t, "report", "Weekly-Seats", "--out", path)
		require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
		require.Equal(t, "Wrote "+path+".\n", a.Out)
		rows := rowsOf(t, path)
		for _, words := range []string{"1 account is blocked by limits", "jane@acme.example", "lee@globex.example", "Bob or anyone in @leads"} {
			require.NoError(t, has(rows, words), "%s %v\n%s", ending, words, strings.Join(rows, "\n"))
		}
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "it has people's addresses in it")
		again := s.usher(t, "report", "weekly-seats", "--out", path)
		require.Equal(t, terminal.ExitFailed, again.Code)
		require.Contains(t, again.Errors, "file exists")
	}
	for _, when := range []string{"2025-11-20", "2025-11-27T09:00", "2025-12-01T10:00+01:00", "2025-11-20T09:00:00Z"} {
		path := filepath.Join(t.TempDir(), "then.txt")
		a := s.usher(t, "report", "weekly-seats", "--at", when, "--out", path)
		require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
		rows := rowsOf(t, path)
		require.NoError(t, has(rows, "jane@acme.example"))
		require.Error(t, has(rows, "lee@globex.example"), "she came later")
	}
	for _, row := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"weekly-seats", "--at", "2025-11-19"}, terminal.ExitFailed, "Nothing is remembered of 2025-11-19 23:59 UTC. The first I know is from 2025-11-20 09:00 UTC."},
		{[]string{"weekly-seats", "--at", "2025-11-26T09:00"}, terminal.ExitFailed, "2025-11-26T09:00 isn't a slot of the report weekly-seats."},
		{[]string{"weekly-seats", "--at", "2999-01-01"}, terminal.ExitFailed, "is still to come"},
		{[]string{"weekly-seats", "--at", "yesterday"}, terminal.ExitWrong, "expected a day (2026-11-20)"},
		{[]string{"monthly"}, terminal.ExitFailed, "There's no report called monthly. I have: weekly-seats."},
	} {
		path := filepath.Join(t.TempDir(), "none.txt")
		a := s.usher(t, append([]string{"report", "--out", path}, row.args...)...)
		require.Equal(t, row.code, a.Code, a.Errors)
		require.Contains(t, a.Errors, row.says)
		require.NoFileExists(t, path)
	}
	a := s.usher(t, "report", "weekly-seats", "--out", "report.pdf")
	require.Equal(t, terminal.ExitWrong, a.Code)
	require.Contains(t, a.Errors, "expected a file that ends in .html, .txt, .csv, .xlsx or .json")

	s.reports.Gatherer.Seats, s.reports.Gatherer.Past = seated{lost: true}, nil
	path := filepath.Join(t.TempDir(), "lost.txt")
	require.Equal(t, terminal.ExitDone, s.usher(t, "report", "weekly-seats", "--out", path).Code)
	require.NoError(t, has(rowsOf(t, path), "SE Ranking couldn't be read."))
	a = s.usher(t, "report", "weekly-seats", "--at", "2025-11-20", "--out", filepath.Join(t.TempDir(), "x.txt"))
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Errors, "no app has been read and kept so far")
}

// TestAReportOfADatabaseAtRest: with no Usher on the folder its file and the vendor are read, and Slack isn't asked.
func TestAReportOfADatabaseAtRest(t *testing.T) {
	w := newOutset(t, slacksim.Options{})
	db, err := bolt.Open(w.data, bolt.Options{})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	config := world.WriteConfig(t, w.config)
	for _, ending := range []string{".html", ".csv"} {
		path := filepath.Join(t.TempDir(), "report"+ending)
		a := world.Usher(t, w.env, "report", "weekly", "--out", path, "--config", config, "--data", w.data)
		require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
		rows := rowsOf(t, path)
		require.NoError(t, has(rows, "of 25 used"))
		for _, u := range w.vendor.Accounts() {
			if ending == ".csv" {
				blocked := has(rows, "blocked seranking", u.Email) == nil
				require.Equal(t, u.Blocked, blocked, "%s\n%s", u.Email, strings.Join(rows, "\n"))
			}
			require.NoError(t, has(rows, u.Email))
		}
	}
	a := world.Usher(t, w.env, "report", "weekly", "--at", "2025-11-20", "--out", filepath.Join(t.TempDir(), "x.txt"), "--config", config, "--data", w.data)
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Errors, "no app has been read and kept so far")
	a = world.Usher(t, nil, "report", "weekly", "--out", filepath.Join(t.TempDir(), "x.txt"), "--config", config, "--data", w.data)
	require.Equal(t, terminal.ExitWrong, a.Code, "without keys there's nothing to read with: %s", a.Errors)
	a = world.Usher(t, w.env, "report", "weekly", "--out", filepath.Join(t.TempDir(), "x.txt"), "--config", config, "--data", private(t))
	require.Equal(t, terminal.ExitWrong, a.Code)
	require.Contains(t, a.Errors, "there's no such file")
}
