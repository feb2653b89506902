package commandline

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// readersRow is what a report is configured with beside its name and schedule, what is so in Slack, and rows of the table; lacks is a
// scope that the app hasn't.
type readersRow struct {
	report, lacks string
	so            func(w *outset)
	code          int
	rows          []string
}

// reports has its report configured with something more.
func (w *outset) reports(more string) {
	w.config = strings.Replace(w.config, `{name: weekly, schedule: "0 9 * * MON"}`, `{name: weekly, schedule: "0 9 * * MON", `+more+`}`, 1)
}

// shows holds that `usher check` ends with an exit code, and its table has these rows.
func (w *outset) shows(t *testing.T, code int, rows []string) {
	t.Helper()
	got, table := w.check(t)
	for _, want := range rows {
		require.Contains(t, table, want)
	}
	require.Equal(t, code, got, table)
}

func (row readersRow) check(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{Scopes: slices.DeleteFunc(web.Scopes(), func(s string) bool { return s == row.lacks })})
	w.reports(row.report)
	if row.so != nil {
		row.so(w)
	}
	w.shows(t, row.code, row.rows)
}

// TestCheckLooksAtWhoReadsAReport: full members read it; who is none gets nothing and is named, and a report that nobody reads fails.
func TestCheckLooksAtWhoReadsAReport(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]readersRow{
		"people and a group": {report: "people: [U0DAVE, S0LEADS]", rows: []string{"ok report weekly 3 readers"}},
		"one of them is a guest": {report: "people: [U0DAVE, U0GUEST]",
			rows: []string{"warning report weekly Gina Guest is a guest, so they get none: only full members do", "ok report weekly 1 reader\n"}},
		"one has left, and one is nobody": {report: "people: [U0GONE, U0NOBODY]", code: terminal.ExitFailed, rows: []string{
			"warning report weekly Hal Hart is deactivated, so they get none", "warning report weekly U0NOBODY isn't known to Slack, so they get none",
			"failed report weekly nobody it goes to is a full member, so nobody reads it"}},
		"a group of nobody": {report: "people: [S0LEADS]", code: terminal.ExitFailed,
			so: func(w *outset) {
				w.slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Users: []string{"U0GONE", "U0GUEST"}})
			},
			rows: []string{"failed report weekly nobody it goes to is a full member, so nobody reads it"}},
		"a group that isn't there": {report: "people: [U0BOB, S0NOBODY]", code: terminal.ExitFailed,
			rows: []string{"failed report weekly Slack doesn't know the user group S0NOBODY"}},
		"Slack doesn't say who somebody is": {report: "people: [U0FRED]", code: terminal.ExitFailed,
			so: func(w *outset) {
				w.slack.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Times: -1})
			},
			rows: []string{"failed report weekly call users.info: HTTP 500"}},
		"nor may be asked": {report: "people: [U0FRED]", lacks: "users:read", code: terminal.ExitFailed,
			rows: []string{"warning report weekly not looked at, because the scope users:read is missing"}},
	} {
		t.Run(name, row.check)
	}
}

// TestCheckLooksAtWhomAWordStandsFor: managers read nothing where nobody's is known, and nobody need be named for what needs people.
func TestCheckLooksAtWhomAWordStandsFor(t *testing.T) {
	t.Parallel()
	people := func(text string) func(w *outset) {
		return func(w *outset) { w.config = strings.Replace(w.config, "apps:\n", "people: "+text+"\napps:\n", 1) }
	}
	const theirs = "ok report weekly goes to each manager whose people have something"
	for name, row := range map[string]readersRow{
		"managers by name": {report: "people: [managers]", so: people("{managers: {U0DAVE: U0BOB}}"), rows: []string{theirs}},
		"managers by a field": {report: "people: [managers]", rows: []string{theirs}, so: func(w *outset) {
			w.slack.AddProfileField(slacksim.ProfileField{ID: "Xf1", Label: "Manager", Type: "user", Protected: true})
			people("{manager_field: Manager}")(w)
		}},
		"managers nobody knows": {report: "people: [managers]", code: terminal.ExitFailed, rows: []string{"failed report weekly nobody's manager is known, so nobody gets it"}},
		"who is needed":         {report: "people: [needed]", rows: []string{"ok report weekly goes to each person whom a request or a task waits for"}},
	} {
		t.Run(name, row.check)
	}
}

// TestCheckLooksAtZonesAndFilesOfReports: by each reader's own clock there is no moment but what that shows; and a file needs a scope.
func TestCheckLooksAtZonesAndFilesOfReports(t *testing.T) {
	t.Parallel()
	const monday = "ok report weekly next: Mon "
	for name, row := range map[string]readersRow{
		"a zone":            {report: "timezone: Asia/Tokyo", rows: []string{monday, "09:00, in Asia/Tokyo\n"}},
		"each reader's own": {report: "timezone: reader, people: [U0BOB]", rows: []string{monday, "09:00, by each reader's own clock\n"}},
		"a file":            {report: "as: xlsx", rows: []string{"09:00, in UTC; as a file (.xlsx)\n"}},
		"a file that Slack won't take": {report: "as: csv", lacks: web.ScopeUploads, code: terminal.ExitFailed,
			rows: []string{"; as a file (.csv)", "failed report weekly it's a file (as: csv), and without the scope " + web.ScopeUploads + " nobody gets it"}},
		"a message that needs no scope": {report: "only_if_changed: true", lacks: web.ScopeUploads, rows: []string{monday}},
	} {
		t.Run(name, row.check)
	}
}

// TestCheckRefusesAReportThatCantBeSo before it looks at anything.
func TestCheckRefusesAReportThatCantBeSo(t *testing.T) {
	t.Parallel()
	for report, says := range map[string]string{
		"people: [needed, U0BOB]":       "people has needed beside others, and what it sends is something else",
		"people: [managers], as: xlsx":  "as means nothing for people: [managers], which shows each reader what is theirs; leave it out",
		"people: [U0BOB, U0BOB]":        "U0BOB is listed twice",
		"people: [bob]":                 "people",
		"people: []":                    "people is empty",
		"people: [U0BOB], channel: C0X": "both a channel and people",
		"timezone: reader":              "timezone is reader, and a channel has readers in many zones",
		"timezone: Acme/HQ":             "timezone",
		"as: docx":                      "as is",
	} {
		t.Run(report, func(t *testing.T) {
			t.Parallel()
			w := newOutset(t, slacksim.Options{})
			w.reports(report)
			a := world.Usher(t, w.env, "check", "--config", world.WriteConfig(t, w.config), "--data", w.data)
			require.Contains(t, a.Errors, says)
			require.Equal(t, terminal.ExitWrong, a.Code, a.Errors)
		})
	}
}
