package commandline

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	store "github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/postgres"
	"github.com/usherbot/usher/test/values"
	"github.com/usherbot/usher/test/world"
)

// TestCommandsOnADatabase that no Usher runs on: each does what it does with a file, or says in a sentence why it doesn't.
func TestCommandsOnADatabase(t *testing.T) {
	server := postgres.Own(t)
	w := newOutset(t, slacksim.Options{})
	w.env[config.DatabaseURLName] = server.URL("postgres")
	file := world.WriteConfig(t, w.config)
	does := func(code int, args ...string) world.Answer {
		t.Helper()
		a := world.Usher(t, w.env, append(args, "--data", w.data)...)
		require.Equal(t, code, a.Code, "%v: %s%s", args, a.Out, a.Errors)
		return a
	}
	require.Regexp(t, `ok database PostgreSQL 1.*, postgres://127.0.0.1:\d+/postgres: nothing is there yet; the first start makes it `, unwrapped(does(terminal.ExitDone, "check", "--config", file).Out))
	require.Contains(t, does(terminal.ExitFailed, "audit", "verify").Errors, "there's nothing in the database yet")

	asked(t, server.URL("postgres"))
	require.Contains(t, does(terminal.ExitFailed, "audit", "verify").Errors, "entry 1 has no signature", "the environment has a key")
	require.Contains(t, does(terminal.ExitDone, "audit", "adopt").Out, "adopted: entry 2")
	require.Contains(t, does(terminal.ExitDone, "audit", "verify").Out, "ok: 2 entries")
	require.Equal(t, 2, strings.Count(does(terminal.ExitDone, "audit", "export").Out, "\n"))
	require.Contains(t, does(terminal.ExitDone, "policy", "replay", "--old", file, "--new", file).Out, "1 request was decided anew under both")
	does(terminal.ExitDone, "report", "weekly", "--out", filepath.Join(t.TempDir(), "report.csv"), "--config", file)
	require.Regexp(t, `ok database PostgreSQL 1.*, whole, schema \d+ `, unwrapped(does(terminal.ExitDone, "check", "--config", file).Out))

	require.Contains(t, does(terminal.ExitFailed, "requests").Errors, "no Usher answers at")
	require.Contains(t, does(terminal.ExitFailed, "compact").Errors, "there's nothing to compact: what Usher keeps is in a PostgreSQL database")
	copied := filepath.Join(t.TempDir(), "usher.backup")
	require.Contains(t, does(terminal.ExitDone, "backup", copied).Out, "is a complete backup: 1 request (1 pending)")
	require.Contains(t, does(terminal.ExitFailed, "restore", copied).Errors, "isn't empty: it has 1 request and owes ")
	require.NoFileExists(t, filepath.Join(w.data, "usher.db"), "nothing is kept beside the database")
}

// unwrapped is a table's text without its columns and line ends.
func unwrapped(s string) string { return strings.Join(strings.Fields(s), " ") }

// asked makes one request in a database.
func asked(t *testing.T, url string) {
	t.Helper()
	db, err := store.Open(t.Context(), apiclient.Secret(url), store.Options{})
	require.NoError(t, err)
	askedIn(t, db)
	require.NoError(t, db.Close())
}

func askedIn(t *testing.T, db approvals.Book) {
	t.Helper()
	desk := &approvals.Desk{Apps: configured(), Book: db, Directory: standIn{}, Log: slog.New(slog.DiscardHandler), Wake: func() {},
		Nonce:    func() (string, error) { return "nonce", nil },
		Policies: []approvals.Policy{{Name: "seats", Approvers: []string{"U0BOB", "S0LEADS"}, Need: 1, ExpiresAfter: time.Hour, Text: "seats"}}}
	_, _, err := desk.Open(t.Context(), approvals.Ask{Origin: approvals.Origin{Key: "1"}, Requester: "U0ALICE", Action: catalog.Create,
		App: approvals.App{ID: "seranking", Name: "SE Ranking"}, Change: approvals.Change{Email: "jane@acme.example", Values: values.Of{Type: "client"}.Values()}, Reason: "launch"}, time.Now())
	require.NoError(t, err)
}

// TestADatabaseThatCannotBeUsed: run, check and the commands that read it end in a sentence, and none of them has the password in it.
func TestADatabaseThatCannotBeUsed(t *testing.T) {
	server := postgres.Own(t)
	good := server.URL("postgres")
	postgres.Exec(t, good, "create role guarded login password 'the right one'")
	foreign := postgres.Create(t, good, "")
	postgres.Exec(t, foreign, "create table invoices (n int)")
	newer := postgres.Create(t, good, "")
	asked(t, newer)
	postgres.Exec(t, newer, "update usher.gate set schema = 999")
	frozen := postgres.Create(t, good, "")
	postgres.Exec(t, frozen, "do $$ begin execute 'alter database ' || current_database() || ' set default_transaction_read_only = on'; end $$")
	with := func(user string) string { return strings.Replace(good, "usher@", user+"@", 1) }
	w := newOutset(t, slacksim.Options{})
	file := world.WriteConfig(t, w.config)
	for name, row := range map[string]struct {
		url, says string
		code      int
	}{
		"no address":     {"mysql://usher:sw0rdfish@127.0.0.1/usher", "USHER_DATABASE_URL isn't an address of a PostgreSQL database; expected postgres://USER:PASSWORD@HOST", terminal.ExitWrong},
		"misspelt":       {"postgres://usher:sw0rdfish%zz@127.0.0.1/usher", "USHER_DATABASE_URL isn't an address of a PostgreSQL database", terminal.ExitWrong},
		"wrong password": {with("guarded:sw0rdfish"), "refuses the user or the password of USHER_DATABASE_URL", terminal.ExitFailed},
		"no right":       {with("guarded:the%20right%20one"), "this user may not make", terminal.ExitFailed},
		"foreign":        {foreign, "belongs to something else", terminal.ExitFailed},
		"newer":          {newer, "written by a newer Usher (schema 999", terminal.ExitFailed},
		"read-only":      {frozen, "it is read-only, or a standby", terminal.ExitFailed},
		"no database":    {strings.Replace(strings.Replace(good, "/postgres", "/nothere", 1), "usher@", "usher:sw0rdfish@", 1), "there is no such database", terminal.ExitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			w.env[config.DatabaseURLName] = row.url
			for _, command := range [][]string{{"run", "--config", file}, {"check", "--config", file}, {"audit", "verify"}} {
				if name == "no right" && command[0] == "audit" || name == "read-only" && command[0] == "audit" {
					continue // it can be read, as far as anything is there
				}
				a := world.Usher(t, w.env, append(command, "--data", w.data)...)
				require.Equal(t, row.code, a.Code, "%v: %s%s", command, a.Out, a.Errors)
				require.Contains(t, unwrapped(a.Out+a.Errors), row.says, command)
				for _, word := range []string{"sw0rdfish", "the right one", "the%20right"} {
					require.NotContains(t, a.Out+a.Errors, word, command)
				}
			}
		})
	}
	_, err := os.Stat(filepath.Join(w.data, "usher.db"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
